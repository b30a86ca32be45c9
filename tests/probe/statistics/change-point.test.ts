/** @file Change points against the plain sum of squares of every split. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { changePoint } from '../../../src/probe/statistics/index.ts';

/** What the values leave around their mean: half the mean squared difference of all pairs, without the mean itself. */
function squaresOf(values: readonly number[]): number {
  const pairs = values.flatMap((a) => values.map((b) => (a - b) ** 2));
  return pairs.reduce((sum, square) => sum + square, 0) / (2 * values.length);
}

/** Squares that each split leaves; entry k - 1 is the split before value k. */
const leftBy = (values: readonly number[]): number[] =>
  values.slice(1).map((_, k) => squaresOf(values.slice(0, k + 1)) + squaresOf(values.slice(k + 1)));

/** Small integers: many ties. */
const integers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 14 });

test('no split leaves less than the one found, none before it as little, to 1e-9, on 500 curves', () => {
  fc.assert(
    fc.property(integers, (values) => {
      const left = leftBy(values);
      const least = Math.min(...left);
      const first = left.findIndex((squares) => squares <= least + 1e-9) + 1;
      const average = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
      const [before, after] = [average(values.slice(0, first)), average(values.slice(first))];
      const found = changePoint(values);
      const varies = new Set(values).size > 1;
      if (!varies || after <= before) {
        expect(found).toBeNull();
        return;
      }
      expect(found!.index).toBe(first);
      expect(found!.before).toBeCloseTo(before, 9);
      expect(found!.after).toBeCloseTo(after, 9);
      expect(found!.explained).toBeCloseTo(1 - least / squaresOf(values), 9);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('the oracle tells splits apart: one place beside a jump leaves more', () => {
  expect(leftBy([0, 0, 1, 1])).toEqual([expect.closeTo(2 / 3, 9), 0, expect.closeTo(2 / 3, 9)]);
});

test('a jump is found where it is and explained whole; turned round it is none', () => {
  expect(changePoint([0, 0, 0, 4, 4])).toEqual({ index: 3, before: 0, after: 4, explained: 1 });
  expect(changePoint([4, 4, 4, 0, 0])).toBeNull();
});

test('a straight ramp is split in its middle, explained by 3/4 for odd n and 3/4 n^2 / (n^2 - 1) for even', () => {
  const ramp = (n: number) => changePoint(Array.from({ length: n }, (_, i) => 0.1 * i))!;
  expect([ramp(8).index, ramp(9).index]).toEqual([4, 4]);
  expect(ramp(8).explained).toBeCloseTo((0.75 * 64) / 63, 12);
  expect(ramp(9).explained).toBeCloseTo(0.75, 12);
});

test('of equally good splits the earliest counts, also where rounding prefers the later by 1e-12', () => {
  expect(changePoint([0, 1, 0])!.index).toBe(1); // up first, then as far down
  expect(changePoint([1, 0, 1])).toBeNull(); // down first
  expect(changePoint([0.1, 0.2, 0.30000000000000004])!.index).toBe(1);
  expect(changePoint([0.7, 0.7 + 1e-3, 0.7 + 2e-3, 0.7 + 3e-3, 0.7 + 4e-3])!.index).toBe(2);
});

test('a spike in a low curve does not begin a level that lasts', () => {
  expect(changePoint([0, 9, 0, 0, 8, 9, 9])!.index).toBe(4);
});

test('null for fewer than three values and for equal ones, whose mean need not be exact', () => {
  for (const values of [[], [1], [0, 1], [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]]) expect(changePoint(values)).toBeNull();
});

test('scaling and shifting by powers of two changes no index', () => {
  fc.assert(
    fc.property(integers, (values) => {
      expect(changePoint(values.map((value) => value * 1024 + 4096))?.index).toBe(changePoint(values)?.index);
    }),
    { numRuns: 200, seed: 2 },
  );
});

test('a value that is not finite is named', () => {
  expect(() => changePoint([0, 1, Number.NaN])).toThrow(ProbeError);
  expect(() => changePoint([0, 1, Number.NaN])).toThrow('change point: value 2 is NaN');
});
