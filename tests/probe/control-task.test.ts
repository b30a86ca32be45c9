import { expect, test } from 'vitest';
import { ORIGINAL, SPLITS, type Split } from '../../src/karel/index.ts';
import {
  type BySplit,
  bySplit,
  type CheckpointTraces,
  controlLabels,
  executeUnder,
  type FeatureName,
  featureLabels,
  featureShape,
  jointClasses,
  splitPairs,
} from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { randomPrograms } from './toys.ts';

const world = { width: 4, height: 3 };
const split = (seed: number, count: number) => {
  const programs = randomPrograms(uniform(seed), count, { ...world, longest: 5 });
  return { programs, trained: new Float32Array(), untrained: new Float32Array() };
};
const traces: CheckpointTraces = {
  train: split(1, 800),
  validation: split(2, 100),
  test: split(3, 400),
  width: 0,
  world,
  layer: 'mean',
};
const pairs = splitPairs(traces, -1, { lastState: 'dropped', examples: 0 });

const labelsOf = (feature: FeatureName): BySplit<Int32Array> =>
  bySplit((s) => featureLabels(feature, executeUnder(ORIGINAL, traces[s].programs), pairs[s].state, world));

const control = (feature: FeatureName, { seed = 1, example = 0 } = {}): BySplit<Int32Array> =>
  controlLabels(traces, pairs, labelsOf(feature).train, example, uniform(seed));

/** For each pair of a split, where the program began and what was written before its action. */
const typesOf = (s: Split, example = 0): string[] =>
  traces[s].programs.flatMap(({ inputs, actions }) =>
    actions.slice(1).map((_, at) => JSON.stringify([inputs[example]!.facing, actions.slice(0, at + 1)])),
  );

/** Whether pairs of the same type have the same label, in all splits together. */
function followsTypes(feature: FeatureName, labels: BySplit<Int32Array>, example = 0): boolean {
  const seen = new Map<string, number>();
  return SPLITS.every((s) => {
    const joint = jointClasses(labels[s], featureShape(feature, world));
    return typesOf(s, example).every((type, pair) => {
      if (!seen.has(type)) seen.set(type, joint[pair]!);
      return seen.get(type) === joint[pair];
    });
  });
}

/** Share of test pairs that have the label which is the most frequent on train among pairs with the same key. */
function lookUp(labels: BySplit<Int32Array>, keys: (s: Split) => readonly (string | number)[]): number {
  const counts = new Map<string | number, Map<number, number>>();
  keys('train').forEach((key, pair) => {
    const of = counts.get(key) ?? new Map<number, number>();
    counts.set(key, of.set(labels.train[pair]!, (of.get(labels.train[pair]!) ?? 0) + 1));
  });
  const guess = (key: string | number) => [...(counts.get(key) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0];
  const test = keys('test');
  return test.filter((key, pair) => guess(key) === labels.test[pair]).length / test.length;
}

test('one label for the same facing at the start and the same text so far, in all splits, for each feature', () => {
  for (const feature of ['direction', 'position', 'obstacle'] as const) {
    const labels = control(feature);
    for (const s of SPLITS) expect(labels[s]).toHaveLength(labelsOf(feature)[s].length);
    expect(followsTypes(feature, labels)).toBe(true);
  }
  // A wall is no matter of the text: the labels of the feature itself do not follow types.
  expect(followsTypes('obstacle', labelsOf('obstacle'))).toBe(false);
});

test('the start is that of the example that labels the states', () => {
  const second = control('direction', { example: 1 });
  expect(followsTypes('direction', second, 1)).toBe(true);
  expect(followsTypes('direction', second, 0)).toBe(false);
});

test('frequencies of train are kept within 0.08 a class, and positions are whole: only (dx, dy) that train has', () => {
  for (const feature of ['direction', 'obstacle'] as const) {
    const { classes } = featureShape(feature, world);
    const share = (labels: Int32Array, c: number) => labels.filter((one) => one === c).length / labels.length;
    for (let c = 0; c < classes; c++) {
      expect(Math.abs(share(control(feature).train, c) - share(labelsOf(feature).train, c))).toBeLessThan(0.08);
    }
  }
  const joint = (labels: Int32Array) => new Set(jointClasses(labels, featureShape('position', world)));
  const real = joint(labelsOf('position').train);
  for (const one of joint(control('position').test)) expect(real.has(one)).toBe(true);
});

test('they mean nothing: who knows the direction knows them no better than by 0.06 over chance; who knows types does', () => {
  const directions = labelsOf('direction');
  const labels = control('direction');
  const chance = lookUp(labels, (s) => new Array<number>(directions[s].length).fill(0));
  expect(lookUp(labels, (s) => [...directions[s]])).toBeLessThan(chance + 0.06);
  const seen = new Set(typesOf('train'));
  const known = typesOf('test').filter((type) => seen.has(type)).length / typesOf('test').length;
  expect(known).toBeGreaterThan(0.5);
  expect(lookUp(labels, typesOf)).toBe(known);
  expect(lookUp(directions, (s) => [...directions[s]])).toBe(1); // the labels of the feature do not pass
});

test('types are apart: as labels, the numbers of the training pairs drawn are at least 0.7 times as many as the types', () => {
  const indices = Int32Array.from(pairs.train.state, (_, pair) => pair);
  const { train } = controlLabels(traces, pairs, indices, 0, uniform(1));
  expect(new Set(train).size).toBeGreaterThan(0.7 * new Set(typesOf('train')).size);
});

test('which training pair is drawn for a type depends on the random stream, not on the labels', () => {
  const indices = Int32Array.from(pairs.train.state, (_, pair) => pair);
  const draw = (labels: Int32Array, seed: number) => controlLabels(traces, pairs, labels, 0, uniform(seed)).test;
  const drawn = draw(indices, 1);
  const directions = labelsOf('direction').train;
  expect(draw(directions, 1)).toEqual(drawn.map((pair) => directions[pair]!));
  expect(draw(indices, 2)).not.toEqual(drawn);
});
