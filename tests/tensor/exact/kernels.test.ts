/** @file The exact kernels against the fast ones: every bit of every case, in both kinds of arithmetic. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/node/threads.ts';
import { ARITHMETIC, exactKernels } from '../../../src/tensor/exact/index.ts';
import type { Engine, FloatArray } from '../../../src/tensor/index.ts';
import { expectSameBits } from '../../helpers/close.ts';
import { CASES, type Case, type Maker } from '../wasm-cases.ts';

type Change = (value: number, index: number) => number;

function heap(change: Change): Maker {
  return {
    floats: (values) => changed(values, change),
    integers: (values) => Int32Array.from(values),
  };
}
function inside(engine: Engine, change: Change): Maker {
  return {
    floats: (values) => engine.tensor([values.length], changed(values, change)).data,
    integers: (values) => engine.integers(values),
  };
}
function changed(values: ArrayLike<number>, change: Change): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = change(values[i]!, i);
  return result;
}

/** What the inputs of a case become. */
const CHANGES: readonly (readonly [name: string, change: Change])[] = [
  ['as they are', (value) => value],
  ['so small that products underflow', (value) => value * 2 ** -72],
  ['so large that products overflow', (value) => value * 2 ** 66],
  ['zeros of either sign among them', (value, index) => (index % 3 ? value : value > 0 ? 0 : -0)],
  ['now and then infinite or NaN', (value, index) => STRANGE.get(index % 97) ?? value],
];
const STRANGE = new Map([
  [50, Number.POSITIVE_INFINITY],
  [60, Number.NEGATIVE_INFINITY],
  [70, Number.NaN],
]);

/** Throws unless all bits are the same; of NaN none but that it is one. */
function expectSame(actual: FloatArray, expected: FloatArray, name: string): void {
  const plain = (values: FloatArray) => changed(values, (value) => (Number.isNaN(value) ? Number.NaN : value));
  expectSameBits(plain(actual), plain(expected), name);
}

describe.each(['relaxed-simd', 'simd'] as const)('%s', (arithmetic) => {
  const exact = exactKernels(ARITHMETIC[arithmetic]);
  const engines: Engine[] = [];
  beforeAll(async () => {
    engines.push(await openEngine({ threads: 1, tileRows: 6, arithmetic }));
    engines.push(await openEngine({ threads: 3, tileRows: 4, arithmetic }));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  const compare = ({ name, run }: Case, change: Change): void => {
    const expected = run(exact, heap(change));
    for (const engine of engines) {
      engine.scope(() => {
        const outputs = run(engine.kernels, inside(engine, change));
        for (const [output, values] of Object.entries(outputs)) {
          expectSame(values, expected[output]!, `${name}, ${output} on ${engine.threads} threads`);
        }
      });
    }
  };

  it('is the arithmetic of the fast engine', () => {
    for (const engine of engines) expect(engine.arithmetic).toBe(arithmetic);
  });

  describe.each(CHANGES)('the bits of the fast kernels, inputs %s', (title, change) => {
    // Large sizes only once, and long samples in one arithmetic: they take most of the time.
    const cases = CASES.filter(({ name }) => {
      const long = name.startsWith('causalAttention') && arithmetic === 'simd';
      return !/\d{3}/.test(name) || (title === 'as they are' && !long);
    });
    it.each(cases.map((testCase) => [testCase.name, testCase] as const))('%s', (_, testCase) =>
      compare(testCase, change),
    );
  });
});

it('one bit that differs is found, whichever it is', () => {
  const values = Float32Array.from({ length: 10 }, (_, i) => Math.sin(i));
  for (let bit = 0; bit < 320; bit++) {
    const flipped = values.slice();
    new Int32Array(flipped.buffer)[bit >> 5]! ^= 1 << (bit & 31);
    expect(() => expectSame(flipped, values, 'values')).toThrow('bits differ');
  }
  expectSame(values, values.slice(), 'values');
});
