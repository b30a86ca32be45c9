import { describe, expect, test } from 'vitest';
import {
  bestPlace,
  EDIT_KINDS,
  type EditScore,
  type EditScores,
  measureColumns,
  summarizeEdits,
} from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';

const places = [0, 1].flatMap((layer) => [1, 2].map((size) => ({ layer, size })));
/** Scores of so many cases of which so many succeed. */
const scores = (successes: number, cases = 10): EditScore[] =>
  Array.from({ length: cases }, (_, item) => ({ success: item < successes ? 1 : 0, unchanged: 0, solvesUnturned: 1 }));

describe('bestPlace', () => {
  test.each([
    ['the most successes', [1, 5, 2, 3], 1],
    ['of equals the smaller size', [1, 5, 5, 3], 2],
    ['of equal sizes the lower layer', [5, 5, 5, 5], 0],
    ['... also of the larger', [1, 5, 2, 5], 1],
  ])('%s', (_, successes, best) => {
    expect(
      bestPlace(
        places,
        successes.map((count) => scores(count)),
      ),
    ).toBe(best);
  });
});

test('measureColumns: the mean of each column, within an interval from the same resamples', () => {
  const column = Array.from({ length: 400 }, (_, item) => (item % 4 === 0 ? 1 : 0));
  const [first, opposite, constant] = measureColumns(
    [column, column.map((x) => 1 - x), column.map(() => 1)],
    uniform(1),
  );
  expect(first).toMatchObject({ estimate: 0.25, n: 400 });
  // 1.96 deviations of a share of 1/4 in 400 cases, to a tenth.
  const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
  expect(Math.abs((first!.interval!.high - first!.interval!.low) / (2 * half) - 1)).toBeLessThan(0.1);
  expect(opposite!.interval!.low).toBeCloseTo(1 - first!.interval!.high, 12);
  expect(constant).toEqual({ estimate: 1, interval: { low: 1, high: 1 }, n: 400 });
});

test('summarizeEdits: places are chosen on validation alone, and shares and differences are those of the test cases', () => {
  const of = (successes: Record<(typeof EDIT_KINDS)[number], number[]>): EditScores => ({
    none: scores(0),
    edited: {
      probe: successes.probe.map((count) => scores(count)),
      flip: successes.flip.map((count) => scores(count)),
      random: successes.random.map((count) => scores(count)),
    },
    moved: { probe: places.map(() => [3, 4]), flip: places.map(() => [0, 0]), random: places.map(() => [1, 1]) },
  });
  const validation = of({ probe: [0, 0, 9, 0], flip: [0, 4, 0, 0], random: [0, 0, 0, 1] });
  const test = of({ probe: [10, 1, 8, 0], flip: [9, 5, 9, 9], random: [9, 9, 9, 2] });
  const { sweep, chosen, contrasts } = summarizeEdits(places, validation, test, uniform(2));
  expect(sweep.map(({ validationSuccess }) => 10 * validationSuccess)).toEqual([0, 0, 9, 0, 0, 4, 0, 0, 0, 0, 0, 1]);
  expect(new Set(sweep.map(({ kind, moved }) => `${kind} ${moved}`))).toEqual(
    new Set([`probe ${Math.sqrt(12.5)}`, 'flip 0', 'random 1']),
  );
  expect(sweep.map(({ kind, layer, size, success }) => [kind, layer, size, 10 * success.estimate])).toEqual(
    EDIT_KINDS.flatMap((kind) =>
      places.map(({ layer, size }, at) => [kind, layer, size, test.edited[kind][at]!.filter((s) => s.success).length]),
    ),
  );
  expect(
    chosen.map(({ layer, size, validationSuccess, success }) => [layer, size, validationSuccess, success.estimate]),
  ).toEqual([
    [1, 1, 0.9, 0.8],
    [0, 2, 0.4, 0.5],
    [1, 2, 0.1, 0.2],
  ]);
  expect(contrasts.map(({ against }) => against)).toEqual(['random', 'flip', 'none']);
  [0.6, 0.3, 0.8].forEach((difference, at) => {
    expect(contrasts[at]!.difference.estimate).toBeCloseTo(difference, 12);
  });
  // Exact sign-flip tests: of 6, 3 and 8 differences that are all positive, two assignments are as extreme.
  expect(contrasts.map(({ p }) => p)).toEqual([2 / 2 ** 6, 2 / 2 ** 3, 2 / 2 ** 8]);
});
