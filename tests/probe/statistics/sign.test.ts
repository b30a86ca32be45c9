/** @file The sign test, against all assignments of signs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signTest } from '../../../src/probe/statistics/index.ts';

/** The share of all 2^n assignments in which the signs are at least as uneven. */
function byBruteForce(values: readonly number[]): number {
  const known = values.filter((value) => value !== 0);
  const uneven = (above: number): number => Math.abs(2 * above - known.length);
  const found = uneven(known.filter((value) => value > 0).length);
  let extreme = 0;
  for (let signs = 0; signs < 2 ** known.length; signs++) {
    let above = 0;
    for (let i = 0; i < known.length; i++) above += (signs >> i) & 1;
    if (uneven(above) >= found) extreme++;
  }
  return extreme / 2 ** known.length;
}

test('p is the share of assignments of signs that are at least as uneven, to 1e-12', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 12 }), (values) => {
      expect(signTest(values).p).toBeCloseTo(byBruteForce(values), 12);
    }),
  );
});

test('five equal values: 0.0625; ten: 0.00195; eight of ten above 0: 0.109375, as R binom.test(8, 10)', () => {
  expect(signTest([3, 3, 3, 3, 3]).p).toBe(0.0625);
  expect(signTest(new Array(10).fill(-0.1))).toEqual({ above: 0, below: 10, p: 2 / 1024 });
  expect(signTest([1, 1, 1, 1, 1, 1, 1, 1, -1, -1]).p).toBeCloseTo(0.109375, 12);
});

test('zeros take no side: all zero is p = 1, and they change nothing beside others', () => {
  expect(signTest([0, 0, 0])).toEqual({ above: 0, below: 0, p: 1 });
  expect(signTest([1, 2, 0, 0, 3]).p).toBe(signTest([1, 2, 3]).p);
});

test('no values, and one that is not finite, are refused', () => {
  expect(() => signTest([])).toThrow('sign test: 0 values');
  expect(() => signTest([1, Number.NaN])).toThrow('sign test: value 1 is NaN');
});
