/** @file The exact kernels against the fast ones: every bit of every case, in both kinds of arithmetic. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/node/threads.ts';
import { ARITHMETIC, type Arithmetic } from '../../../src/tensor/exact/arithmetic.ts';
import { broadcastKernels } from '../../../src/tensor/exact/broadcast.ts';
import { columnKernels } from '../../../src/tensor/exact/columns.ts';
import { elementwiseKernels } from '../../../src/tensor/exact/elementwise.ts';
import { matmulKernels } from '../../../src/tensor/exact/matmul.ts';
import { normParameterKernels } from '../../../src/tensor/exact/norm-parameters.ts';
import { rowKernels } from '../../../src/tensor/exact/rows.ts';
import type { Engine, FloatArray, Kernels } from '../../../src/tensor/index.ts';
import { expectSameBits } from '../../helpers/close.ts';
import { CASES as ALL_CASES, type Case, type Maker } from '../wasm-cases.ts';

// Until exact/ has all kernels: then `exactKernels` of exact/index.ts, and CASES are all there are.
const exactKernels = (arithmetic: Arithmetic) =>
  ({
    ...matmulKernels(arithmetic),
    ...elementwiseKernels(arithmetic),
    ...columnKernels(arithmetic),
    ...normParameterKernels(arithmetic),
    ...broadcastKernels(arithmetic),
    ...rowKernels(arithmetic),
  }) as unknown as Kernels;
const CASES = ALL_CASES.filter(({ name }) => /^\w+/.exec(name)![0] in exactKernels(ARITHMETIC.simd));

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

const underflow: Change = (value) => value * 2 ** -72;
/** What the inputs of a case become. */
const CHANGES: readonly (readonly [name: string, change: Change])[] = [
  ['as they are', (value) => value],
  ['so small that products underflow', underflow],
  ['so large that products overflow', (value) => value * 2 ** 66],
  ['zeros of either sign among them', (value, index) => (index % 3 ? value : value > 0 ? 0 : -0)],
  ['now and then infinite or NaN', (value, index) => STRANGE.get(index % 97) ?? value],
];
const STRANGE = new Map([
  [50, Number.POSITIVE_INFINITY],
  [60, Number.NEGATIVE_INFINITY],
  [70, Number.NaN],
]);

/** Throws unless all bits are the same, of NaN none but that it is one. Adding 0 makes all zeros positive; -0 changes nothing. */
function expectSame(actual: FloatArray, expected: FloatArray, name: string, zero = -0): void {
  const plain = (values: FloatArray) => changed(values, (value) => (Number.isNaN(value) ? Number.NaN : value + zero));
  expectSameBits(plain(actual), plain(expected), name);
}

describe.each(['relaxed-simd', 'simd'] as const)('%s', (arithmetic) => {
  const exact = exactKernels(ARITHMETIC[arithmetic]);
  const engines: Engine[] = [];
  beforeAll(async () => {
    for (const threads of [1, 3]) engines.push(await openEngine({ threads, arithmetic }));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  const compare = ({ name, run }: Case, change: Change): void => {
    const expected = run(exact, heap(change));
    // Where a tile hangs over the edge of C the fast product turns -0 into 0 (copyEdge in wasm/tile.ts).
    const zero = change === underflow && name.startsWith('matmul') ? 0 : -0;
    for (const engine of engines) {
      engine.scope(() => {
        const outputs = run(engine.kernels, inside(engine, change));
        for (const [output, values] of Object.entries(outputs)) {
          expectSame(values, expected[output]!, `${output} on ${engine.threads} threads`, zero);
        }
      });
    }
  };

  it('is the arithmetic of the fast engine', () => {
    for (const engine of engines) expect(engine.arithmetic).toBe(arithmetic);
  });

  describe.each(CHANGES)('the bits of the fast kernels, inputs %s', (title, change) => {
    // The largest sizes only once: they take half of the time.
    const cases = CASES.filter(({ name }) => title === 'as they are' || !/\d{4}/.test(name));
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
