/** @file Bounds hold for numbers of all sizes, not only for those of a training. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { createBoundedEngine } from '../../src/audit/bounds/engine.ts';
import { EXP_ERROR, LOG_ERROR } from '../../src/audit/bounds/rounding.ts';
import { exp, log } from '../../src/tensor/exact/exponential.ts';
import { ARITHMETIC, bitsOf, floatOf } from '../../src/tensor/exact/index.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import type { Kernels } from '../../src/tensor/index.ts';
import { uniform } from '../helpers/numbers.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

type Kernel = (...args: readonly unknown[]) => unknown;
const draw = uniform(5);
/** Of size `scale`, some of them zero and some a thousand times as large. */
const numbers = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, () => {
    const kind = draw();
    return (2 * draw() - 1) * scale * (kind < 0.05 ? 0 : kind < 0.1 ? 1000 : 1);
  });
const layout = { heads: 4, headSize: 6, groups: 2 };
const starts = Int32Array.of(0, 1, 40, 57);
const positions = Int32Array.from({ length: 57 }, (_, t) => t);
const ids = Int32Array.from({ length: 57 }, () => Math.floor(9 * draw()));
const adamw = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, step: 3 };

/** Arguments of each kernel, and which of them it writes. */
const cases = (scale: number): [keyof Kernels, readonly unknown[], readonly number[]][] => {
  const x = (count: number) => numbers(count, scale);
  const ordinary = (count: number) => numbers(count, 1 / 1000); // at most 1
  const rows = 57;
  const squares = x(100).map((value) => value * value);
  const qkv = numbers(rows * 72, Math.min(scale, 5) / 300);
  return [
    ['matmul', [x(63), x(4900), ordinary(6300), { m: 7, n: 9, k: 700 }], [0]],
    ['matmul', [x(63), x(70), x(90), { m: 7, n: 9, k: 10, transposeA: true, transposeB: true, accumulate: true }], [0]],
    ['matmul', [x(63), x(70), x(90), { m: 7, n: 9, k: 10, bias: x(9) }], [0]],
    ['columnSums', [x(13), x(200 * 13), 200, 13, true], [0]],
    ['scale', [x(100), x(100), 0.95, true], [0]],
    ['scale', [x(100), x(100), 1, true], [0]],
    ['add3', [x(100), x(100), x(100), x(100)], [0]],
    ['gelu', [x(500), x(500)], [0]],
    ['geluBackward', [x(500), ordinary(500), x(500), true], [0]],
    [
      'layerNorm',
      [x(rows * 30), x(rows), x(rows), x(rows * 30), ordinary(30), ordinary(30), rows, 30, 1e-5],
      [0, 1, 2],
    ],
    [
      'layerNormBackward',
      [x(rows * 30), ordinary(rows * 30), x(rows * 30), ordinary(30), x(rows), ordinary(rows), rows, 30, true],
      [0],
    ],
    [
      'layerNormBackwardParameters',
      [x(30), x(30), ordinary(rows * 30), x(rows * 30), x(rows), ordinary(rows), rows, 30, true],
      [0, 1],
    ],
    ['embeddingBackward', [x(9 * 5), x(rows * 5), ids, rows, 5, 9, false], [0]],
    ['rotary', [x(rows * 72), x(rows * 72), positions, rows, layout, 4, false, true], [0]],
    ['rotary', [x(rows * 72), x(rows * 72), positions, rows, layout, 4, true, false], [0]],
    ['causalAttention', [x(rows * 24), x(rows * 4), qkv, starts, 3, layout], [0, 1]],
    ['crossEntropy', [x(rows), numbers(rows * 11, Math.min(scale, 20) / 100), ids, rows, 11], [0]],
    [
      'crossEntropyBackward',
      [x(rows * 11), numbers(rows * 11, Math.min(scale, 20) / 100), ids, ordinary(rows), rows, 11, true],
      [0],
    ],
    ['adamw', [x(100), x(100), x(100), squares, { ...adamw, gradientScale: 0.7 }], [0, 2, 3]],
  ];
};

for (const arithmetic of ['simd', 'relaxed-simd'] as const) {
  test(`${arithmetic}: kernels stay within their bounds for numbers from 1e-22 to 1e5`, async () => {
    const engine = await createEngine({ arithmetic });
    for (const scale of [1e-22, 1e-12, 1e-4, 1e-2, 1, 100]) {
      for (const [name, args, outs] of cases(scale)) {
        const copyOf = (value: unknown): unknown => {
          if (value instanceof Float32Array) return engine.tensor([value.length], value).data;
          if (value instanceof Int32Array) return engine.integers(value);
          return value;
        };
        const fast = args.map((arg) => {
          const bias = (arg as { bias?: Float32Array }).bias;
          return bias ? { ...(arg as object), bias: copyOf(bias) } : copyOf(arg);
        });
        const precise = args.map((arg) => (arg instanceof Float32Array ? Float64Array.from(arg) : arg));
        const { engine: bounded, boundsOf } = createBoundedEngine();
        (engine.kernels[name] as Kernel)(...fast);
        (bounded.kernels[name] as Kernel)(...precise);
        for (const out of outs) {
          const [values, reference] = [fast[out] as Float32Array, precise[out] as Float64Array];
          const { errors } = boundsOf(reference)!;
          const beyond = values.findIndex(
            (value, i) => !(Math.abs(value - reference[i]!) <= errors[i]! * (1 + 2 ** -20)),
          );
          const found = beyond < 0 ? null : [values[beyond], reference[beyond], errors[beyond]];
          expect([name, scale, out, found]).toEqual([name, scale, out, null]);
        }
      }
    }
  });

  test(`${arithmetic}: exp is off by less than 2e-7 of its value, and log from 1 up by less than 1e-7`, () => {
    const by = ARITHMETIC[arithmetic];
    let [worstExp, worstLog] = [0, 0];
    for (let i = 0; i < 500_000; i++) {
      const x = Math.fround(-86.5 * draw() * draw());
      worstExp = Math.max(worstExp, Math.abs(exp(by, x) / Math.exp(x) - 1));
    }
    for (let b = bitsOf(1) + 1; b < bitsOf(2 ** 20); b += 311) {
      const x = floatOf(b);
      worstLog = Math.max(worstLog, Math.abs(log(by, x) / Math.log(x) - 1));
    }
    expect([log(by, 1), worstExp < EXP_ERROR, worstLog < LOG_ERROR]).toEqual([0, true, true]);
  });
}
