/** @file A right step is found right, each wrong one is found, and the op that made it is named. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { judgeStep } from '../../src/audit/judge-step.ts';
import { holds } from '../../src/audit/replay.ts';
import { silent } from '../../src/study/progress.ts';
import { bitsOf, floatOf } from '../../src/tensor/exact/index.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import type { Engine, FloatArray, Kernels } from '../../src/tensor/index.ts';
import { CodeGen, codeGenConfig, type OptimizerName, Trainer } from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { altered, justBeyond } from './altered.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const shape = { n_positions: 40, n_embd: 24, n_layer: 2, n_head: 4, rotary_dim: 2, initializer_range: 0.3 };
const config = codeGenConfig({ vocab_size: 11, ...shape });
const settings = { schedule: () => 0.01, clip: 1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
const draw = uniform(3);
const sequences = [37, 1, 12, 20].map((length) => Array.from({ length }, () => Math.floor(11 * draw())));

/** The third step of a training; `engine` computes it, the first two are by the right one. */
async function judged(
  wrong: (engine: Engine) => Engine,
  options: { optimizer?: OptimizerName; arithmetic?: 'simd' } = {},
) {
  const right = await createEngine({ arithmetic: options.arithmetic });
  const trainerOn = (engine: Engine) =>
    new Trainer(engine, CodeGen.initialize(engine, config, uniform(7)), {
      ...settings,
      optimizer: options.optimizer ?? 'adamw',
    });
  const engine = wrong(right);
  const trainer = trainerOn(engine);
  if (engine === right) for (let step = 0; step < 2; step++) trainer.step({ sequences });
  return judgeStep(trainer, { sequences }, engine, silent);
}

const wrongOnes = ({ verdicts }: Awaited<ReturnType<typeof judged>>) =>
  verdicts.filter(({ otherBits, ratio }) => otherBits || ratio > 1);

for (const arithmetic of [undefined, 'simd'] as const) {
  for (const optimizer of ['adamw', 'muon'] as const) {
    test(`${arithmetic ?? 'relaxed-simd'}, ${optimizer}: every number of a step has the bits of the exact kernels and lies within its bound`, async () => {
      const step = await judged((engine) => engine, { optimizer, ...(arithmetic && { arithmetic }) });
      expect(wrongOnes(step)).toEqual([]);
      expect(holds(step)).toBe(true);
      // Not absurdly loose: of each kind of op, and of each update, some number comes within a hundredth of its bound.
      const nearest = new Map<string, number>();
      for (const { op, ratio } of step.verdicts) nearest.set(op, Math.max(ratio, nearest.get(op) ?? 0));
      for (const [op, ratio] of nearest) if (op !== 'sumOfSquares') expect([op, ratio > 0.01]).toEqual([op, true]);
    });
  }
}

test("a derivative of gelu that is off by 1e-6 of itself is beyond its bound, and gelu's gradients alone are named", async () => {
  const step = await judged((engine) =>
    altered(engine, 'geluBackward', ([dx]) => {
      const out = dx as FloatArray;
      for (let i = 0; i < out.length; i++) out[i]! *= 1 + 1e-6;
    }),
  );
  expect(wrongOnes(step).map(({ op, direction }) => `${op}, ${direction}`)).toEqual([
    'geluNew, gradient of h.1.mlp.fc_in',
    'geluNew, gradient of h.0.mlp.fc_in',
  ]);
  expect(wrongOnes(step).every(({ ratio }) => ratio > 1)).toBe(true);
});

test('sums in another order have other bits, which are found, and lie within their bounds', async () => {
  const step = await judged((engine) =>
    altered(engine, 'columnSums', ([out, x, rows, width]) => {
      const [sums, from, count, columns] = [out, x, rows, width] as [FloatArray, FloatArray, number, number];
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let r = count - 1; r >= 0; r--) sum = Math.fround(sum + from[r * columns + j]!);
        sums[j] = sum;
      }
    }),
  );
  const wrong = wrongOnes(step);
  expect(new Set(wrong.map(({ op, direction }) => `${op} ${direction.replace(/\d/, '*')}`))).toEqual(
    new Set([
      'linear gradient of lm_head.bias',
      'linear gradient of transformer.h.*.mlp.fc_in.bias',
      'linear gradient of transformer.h.*.mlp.fc_out.bias',
    ]),
  );
  expect(Math.max(...wrong.map(({ ratio }) => ratio))).toBeLessThan(1);
});

test('one flipped bit of one updated weight is named, with element and both values', async () => {
  let calls = 0;
  const step = await judged((engine) =>
    altered(engine, 'adamw', ([parameter]) => {
      const weights = parameter as FloatArray;
      if (++calls === 4) weights[5] = floatOf(bitsOf(weights[5]!) ^ 1); // the fourth parameter
    }),
  );
  const [found, ...more] = wrongOnes(step);
  expect(more).toEqual([]);
  expect([found!.op, found!.name, found!.others, found!.otherBits!.at]).toEqual([
    'adamw',
    'transformer.h.0.attn.qkv_proj.weight',
    1,
    5,
  ]);
  expect(Math.abs(bitsOf(found!.otherBits!.fast) - bitsOf(found!.otherBits!.exact))).toBe(1);
});

const WRITES: readonly [keyof Kernels, readonly number[]][] = [
  ['matmul', [0]],
  ['columnSums', [0]],
  ['add3', [0]],
  ['gelu', [0]],
  ['geluBackward', [0]],
  ['layerNorm', [0, 1, 2]],
  ['layerNormBackward', [0]],
  ['layerNormBackwardParameters', [0, 1]],
  ['embeddingBackward', [0]],
  ['rotary', [0]],
  ['causalAttention', [0, 1]],
  ['causalAttentionBackward', [0]],
  ['crossEntropy', [0]],
  ['crossEntropyBackward', [0]],
  ['adamw', [0, 2, 3]],
];
test.each(WRITES)('%s: a number just beyond its bound is found, in each array that it writes', async (name, outs) => {
  for (const out of outs) {
    const step = await judged((engine) => altered(engine, name, justBeyond(name, out)));
    const beyond = step.verdicts.filter(({ ratio }) => ratio > 1);
    expect(beyond.length).toBeGreaterThan(0);
    expect(Math.max(...beyond.map(({ ratio }) => ratio))).toBeLessThan(3);
    expect(holds(step)).toBe(false);
  }
});

test('a kernel that gives something else when it is asked again is found', async () => {
  let calls = 0;
  const step = await judged((engine) =>
    altered(engine, 'embeddingBackward', ([dtable]) => void ((dtable as FloatArray)[12]! += ++calls)),
  );
  expect(step.faults.join()).toContain('gradient of transformer.wte.weight, number 12: ');
});
