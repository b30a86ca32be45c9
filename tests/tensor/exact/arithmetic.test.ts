/** @file Arithmetic on one number against whole numbers, and against the WebAssembly instructions whose bits it has. */
import { describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../../../src/node/threads.ts';
import {
  ARITHMETIC,
  type Arithmetic,
  bitsOf,
  floatOf,
  fusedMultiplyAdd,
  pmax,
  pmin,
} from '../../../src/tensor/exact/arithmetic.ts';
import { exp, log } from '../../../src/tensor/exact/exponential.ts';
import { type FunctionBuilder, ModuleBuilder, routine } from '../../../src/tensor/wasm/assembler.ts';
import { exp as expOfVector, log as logOfVector } from '../../../src/tensor/wasm/exponential.ts';
import * as wasm from '../../../src/tensor/wasm/instructions.ts';
import { hardTriples, LARGEST, roundedOnce } from './triples.ts';

enableRelaxedSimd();

type Operation = (a: number, b: number, c: number) => number;
type VectorOperation = (f: FunctionBuilder, a: wasm.V128, b: wasm.V128, c: wasm.V128) => wasm.V128;

/** Throws at the first of the inputs for which the bits differ; of NaN it counts only that it is one. */
function expectSame(
  inputs: readonly ArrayLike<number>[],
  actual: Operation,
  expected: (index: number) => number,
): void {
  const [first, second, third] = [inputs[0]!, inputs[1] ?? inputs[0]!, inputs[2] ?? inputs[0]!];
  for (let i = 0; i < first.length; i++) {
    const [a, b, c] = [first[i]!, second[i]!, third[i]!];
    const [value, wanted] = [actual(a, b, c), expected(i)];
    if (!Object.is(value, wanted)) throw new Error(`bits differ for ${a}, ${b}, ${c}: ${value}, expected ${wanted}`);
  }
}

/** Runs a vector instruction, or what is made of several, on each number of three arrays of equal length. */
async function runVectors(
  operation: VectorOperation,
  relaxed: boolean,
  inputs: readonly ArrayLike<number>[],
): Promise<Float32Array> {
  const loop = routine('loop', ['i32', 'i32', 'i32', 'i32', 'i32'], undefined, (f, out, a, b, c, bytes) => {
    const at = f.i32();
    const load = (array: wasm.I32) => f.v128(wasm.v128_load(wasm.i32_add(array, at)));
    f.for(at, 0, bytes, 16, () => {
      f.do(wasm.v128_store(wasm.i32_add(out, at), operation(f, load(a), load(b), load(c))));
    });
  });
  const length = inputs[0]!.length;
  const bytes = Math.ceil(length / 4) * 16;
  const pages = Math.ceil((4 * bytes) / 65536);
  const builder = new ModuleBuilder({ relaxed, tileRows: 6 });
  builder.addExport(loop);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = await WebAssembly.compile(builder.encode(pages));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const arrays = [0, 1, 2, 3].map((i) => new Float32Array(memory.buffer, i * bytes, length));
  for (let i = 0; i < 3; i++) arrays[i + 1]!.set(inputs[i] ?? inputs[0]!);
  (exports['loop'] as (...args: number[]) => void)(0, bytes, 2 * bytes, 3 * bytes, bytes);
  return arrays[0]!;
}

const triples = hardTriples(20_000);
const inputs = [0, 1, 2].map((place) => Float32Array.from(triples, (triple) => triple[place]!));
const oracle = Float64Array.from(triples, ([a, b, c]) => roundedOnce(a, b, c));

describe('fusedMultiplyAdd', () => {
  it('is the exact sum rounded once, for some 190 000 triples that are hard to round', () => {
    for (const [i, input] of inputs.entries()) {
      input.forEach((value, t) => {
        if (!Object.is(value, triples[t]![i])) throw new Error(`${triples[t]} are not Float32 numbers`);
      });
    }
    expectSame(inputs, fusedMultiplyAdd, (i) => oracle[i]!);
  });

  it('the triples tell it from rounding twice, in single and in double precision', () => {
    const wrong = (operation: Operation) =>
      triples.filter((triple, i) => !Object.is(operation(...triple), oracle[i])).length;
    expect(wrong(ARITHMETIC.simd.madd)).toBeGreaterThan(20_000);
    expect(wrong((a, b, c) => Math.fround(a * b + c))).toBeGreaterThan(5_000);
  });

  it('by hand: of a sum just between two numbers, what double precision loses decides', () => {
    expect(fusedMultiplyAdd(97, 172961, 0)).toBe(2 ** 24); // 2^24 + 1: ties go to the even one
    expect(fusedMultiplyAdd(97, 172961, 2 ** -140)).toBe(2 ** 24 + 2);
    expect(fusedMultiplyAdd(97, 172961, -(2 ** -140))).toBe(2 ** 24);
    expect(fusedMultiplyAdd(1 + 2 ** -23, 2 ** -24 * (1 - 2 ** -23), 1 + 2 ** -23)).toBe(1 + 2 ** -23);
    expect(fusedMultiplyAdd(1, 2 ** -24, 1 + 2 ** -23)).toBe(1 + 2 ** -22);
    expect(fusedMultiplyAdd(2 ** 52, 2 ** 51, LARGEST)).toBe(Number.POSITIVE_INFINITY);
    expect(fusedMultiplyAdd(2 ** 52 * (1 + 2 ** -23), 2 ** 51 * (1 - 2 ** -23), LARGEST)).toBe(LARGEST);
    expect(fusedMultiplyAdd(-(2 ** -80), 2 ** -80, 0)).toBe(-0);
  });
});

const operations: readonly (readonly [keyof Arithmetic | 'pmin' | 'pmax', VectorOperation])[] = [
  ['add', (_, a, b) => wasm.f32x4_add(a, b)],
  ['sub', (_, a, b) => wasm.f32x4_sub(a, b)],
  ['mul', (_, a, b) => wasm.f32x4_mul(a, b)],
  ['div', (_, a, b) => wasm.f32x4_div(a, b)],
  ['sqrt', (_, a) => wasm.f32x4_sqrt(a)],
  ['madd', (f, a, b, c) => f.madd(a, b, c)],
  ['pmin', (_, a, b) => wasm.f32x4_pmin(a, b)],
  ['pmax', (_, a, b) => wasm.f32x4_pmax(a, b)],
];

/** Every 16381st pattern of bits: a quarter of a million numbers, of all sizes and both signs. */
const everywhere = Float32Array.from({ length: Math.floor(2 ** 32 / 16381) }, (_, i) => floatOf(i * 16381)).filter(
  (x) => !Number.isNaN(x),
);
/** Where exp is steep and where log is not: a quarter of a million numbers each. */
const near = (from: number, to: number) =>
  Float32Array.from({ length: 250_000 }, (_, i) => from + (to - from) * 4e-6 * i);

describe.each(['simd', 'relaxed-simd'] as const)('%s', (name) => {
  const relaxed = name === 'relaxed-simd';
  const arithmetic = ARITHMETIC[name];
  const all = { ...arithmetic, pmin, pmax };

  it.each(operations)(
    '%s has the bits of the vector instruction for the same triples',
    async (operation, vectorOperation) => {
      const expected = await runVectors(vectorOperation, relaxed, inputs);
      expectSame(inputs, all[operation] as Operation, (i) => expected[i]!);
    },
  );

  const functions: readonly (readonly [string, VectorOperation, Operation, Float32Array])[] = [
    ['exp', (f, x) => expOfVector(f, x), (x) => exp(arithmetic, x), near(-95, 0)],
    ['exp of any sign', (f, x) => expOfVector(f, x, true), (x) => exp(arithmetic, x, true), near(-95, 95)],
    ['log', (f, x) => logOfVector(f, x), (x) => log(arithmetic, x), near(0, 3)],
  ];
  it.each(functions)(
    '%s has the bits of the vector version, for a quarter of a million numbers of all sizes and as many in its range',
    async (_, vectorFunction, numberFunction, range) => {
      for (const numbers of [everywhere, range, [Number.NaN]]) {
        const expected = await runVectors(vectorFunction, relaxed, [numbers]);
        expectSame([numbers], numberFunction, (i) => expected[i]!);
      }
    },
  );
});

it('the comparison fails when one bit of one result is flipped', () => {
  const numbers = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i));
  const double: Operation = (a) => 2 * a;
  const flip = (bit: number) => (i: number) => floatOf(bitsOf(2 * numbers[i]!) ^ (i === 41 ? 1 << bit : 0));
  for (let bit = 0; bit < 32; bit++) expect(() => expectSame([numbers], double, flip(bit))).toThrow('bits differ');
  expectSame([numbers], double, (i) => 2 * numbers[i]!);
});
