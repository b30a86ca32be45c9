import { describe, expect, test } from 'vitest';
import { ACTIONS, createWorld, type Facing, FLIP, runActions, specify } from '../../../src/karel/index.ts';
import {
  bestPlace,
  drawCounterfactuals,
  EDIT_KINDS,
  type EditScore,
  type EditScores,
  flipDiffers,
  matchedPlace,
  summarizeFlipDiffers,
  summarizeMatched,
  WITHIN,
} from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { integer } from '../toys.ts';

const places = [0, 1].flatMap((layer) => [1, 2].map((size) => ({ layer, size })));
const CASES = 10;
/** So many successes, then programs that are broken, and so many unchanged at the end. */
const scores = ([successes, unchanged]: readonly [number, number]): EditScore[] =>
  Array.from({ length: CASES }, (_, item) => ({
    success: item < successes ? 1 : 0,
    unchanged: item >= CASES - unchanged ? 1 : 0,
    solvesUnturned: 0,
  }));
type Row = readonly (readonly [number, number])[];
const of = (probe: Row, random: Row, flip: Row = random): EditScores => ({
  none: scores([0, CASES]),
  edited: { probe: probe.map(scores), flip: flip.map(scores), random: random.map(scores) },
  moved: { probe: [], flip: [], random: [] },
});

/** At place 1 everything breaks, and much succeeds whatever the direction; at place 2 the direction matters. */
const destructive = of(
  [[0, 10], [6, 0], [4, 5], [1, 0]],
  [[0, 10], [6, 0], [1, 8], [4, 0]],
); // biome-ignore format: a place a column

describe('the matched place', () => {
  test('is where the direction matters, though the most successes are where any push breaks all programs', () => {
    expect(bestPlace(places, destructive.edited.probe)).toBe(1);
    expect(matchedPlace(places, destructive)).toEqual({ at: 2, gentle: true, difference: 0.3 });
  });

  test.each<[string, EditScores, number, boolean]>([
    [
      'of equals the smaller size',
      of(
        [
          [0, 0],
          [5, 0],
          [5, 0],
          [5, 0],
        ],
        Array(4).fill([0, 5]),
      ),
      2,
      true,
    ],
    ['of equal sizes the lower layer', of(Array(4).fill([5, 0]), Array(4).fill([0, 5])), 0, true],
    [
      'not where random edits leave less than half',
      of(
        [
          [5, 0],
          [9, 0],
          [1, 0],
          [9, 0],
        ],
        [
          [0, 5],
          [0, 4],
          [0, 10],
          [0, 0],
        ],
      ),
      0,
      true,
    ],
    [
      'among all where they leave less than half everywhere',
      of(
        [
          [5, 0],
          [9, 0],
          [1, 0],
          [8, 0],
        ],
        Array(4).fill([0, 4]),
      ),
      1,
      false,
    ],
    [
      'also where no difference is above 0',
      of(Array(4).fill([1, 0]), [
        [2, 8],
        [3, 9],
        [3, 6],
        [0, 0],
      ]),
      0,
      true,
    ],
  ])('%s', (_, validation, at, gentle) => {
    expect(matchedPlace(places, validation)).toMatchObject({ at, gentle });
  });
});

test('summarizeMatched: one place from validation for all kinds, test shares and differences there', () => {
  const found = summarizeMatched(
    places,
    destructive,
    of(
      [
        [9, 0],
        [9, 0],
        [5, 2],
        [9, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [1, 7],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [2, 0],
        [0, 0],
      ],
    ),
    uniform(3),
  );
  expect(found).toMatchObject({ layer: 1, size: 1, gentle: true, validationUnchanged: 0.8 });
  expect(found.validationDifference).toBeCloseTo(0.3, 12);
  expect(found.edits.map(({ kind }) => kind)).toEqual(EDIT_KINDS);
  expect(
    found.edits.map(({ success, unchanged, successAmongChanged }) => [
      success.estimate,
      unchanged.estimate,
      successAmongChanged!.estimate,
      successAmongChanged!.n,
    ]),
  ).toEqual([
    [0.5, 0.2, 5 / 8, 8],
    [0.2, 0, 0.2, 10],
    [0.1, 0.7, 1 / 3, 3],
  ]);
  expect(found.contrasts.map(({ against }) => against)).toEqual(['random', 'flip']);
  // Of 4 and 3 differences that are all positive, two assignments are as extreme.
  expect(found.contrasts.map(({ p }) => p)).toEqual([2 / 2 ** 4, 2 / 2 ** 3]);
});

describe('flipDiffers', () => {
  test('is what running both semantics shows, on random programs of all actions', () => {
    const random = uniform(8);
    const programs = Array.from({ length: 200 }, () => {
      const inputs = [0, 1].map(() =>
        createWorld(3, 3, integer(random, 3), integer(random, 3), integer(random, 4) as Facing),
      );
      const actions = Array.from({ length: 2 + integer(random, 3) }, () => ACTIONS[integer(random, 5)]!);
      return { ...specify(inputs, actions), actions };
    });
    const { cases } = drawCounterfactuals(programs, WITHIN, { maxLength: 7 }, uniform(9));
    const shown = cases.map(({ inputs, actions, point }) => {
      const before = actions.slice(0, point);
      return inputs.some((world) => runActions(world, before).facing !== runActions(world, before, FLIP).facing);
    });
    expect(cases.map(flipDiffers)).toEqual(shown);
    expect(new Set(shown).size).toBe(2);
  });

  test('the contrasts are of those cases alone, at each kind’s own place and at the matched one', () => {
    const test = of(Array(4).fill([5, 0]), Array(4).fill([1, 0]));
    const differs = Array.from({ length: CASES }, (_, item) => item >= 4);
    const found = summarizeFlipDiffers(places, destructive, test, differs, uniform(4));
    expect(found.cases).toBe(6);
    for (const one of [found.chosen!, found.matched!]) {
      expect(one).toMatchObject({ kind: 'probe', against: 'flip' });
      expect(one.difference).toMatchObject({ estimate: 1 / 6, n: 6 });
    }
  });

  test('without such a case there is no contrast', () => {
    const none = summarizeFlipDiffers(places, destructive, destructive, Array(CASES).fill(false), uniform(4));
    expect(none).toEqual({ cases: 0, chosen: null, matched: null });
  });
});
