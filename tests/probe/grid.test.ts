import { expect, test } from 'vitest';
import { checkpointGrid, probeGrid } from '../../src/probe/index.ts';

test('the default grid is 18 probes: 3 semantics x 3 features x linear and one hidden layer, at offset 0', () => {
  const grid = checkpointGrid({ last: false, full: false });
  expect(grid).toHaveLength(18);
  expect(new Set(grid.map(({ offset }) => offset))).toEqual(new Set([0]));
  expect(new Set(grid.map(({ hiddenLayers }) => hiddenLayers))).toEqual(new Set([0, 1]));
  expect(new Set(grid.map(({ semantics }) => semantics))).toEqual(new Set(['original', 'flip', 'adversarial']));
  expect(new Set(grid.map((question) => JSON.stringify(question))).size).toBe(18);
});

test('the last checkpoint has 135 probes, all depths and offsets -2 to 2; with `full` every checkpoint has them', () => {
  const last = checkpointGrid({ last: true, full: false });
  expect(last).toHaveLength(135);
  expect(new Set(last.map(({ offset }) => offset))).toEqual(new Set([-2, -1, 0, 1, 2]));
  expect(checkpointGrid({ last: false, full: true })).toEqual(last);
});

test('axes replace those of the default: two seeds of one feature under any semantics', () => {
  const grid = checkpointGrid(
    { last: true, full: false },
    { features: ['obstacle'], semantics: ['move=turnLeft'], seeds: ['a', 'b'], offsets: [1], hiddenLayers: [2] },
  );
  const question = { feature: 'obstacle', semantics: 'move=turnLeft', offset: 1, hiddenLayers: 2 };
  expect(grid).toEqual([
    { ...question, seed: 'a' },
    { ...question, seed: 'b' },
  ]);
  expect(probeGrid({ seeds: [] })).toEqual([]);
});
