import { expect, test } from 'vitest';
import { checkpointGrid, probeGrid } from '../../src/probe/index.ts';

test('the default grid is 24 probes: linear and one hidden layer x 3 features, 3 semantics at -1 and the original at 0', () => {
  const grid = checkpointGrid({ last: false, full: false });
  expect(grid).toHaveLength(24);
  expect(grid.filter(({ offset }) => offset === -1)).toHaveLength(18);
  expect(grid.filter(({ offset, semantics }) => offset === 0 && semantics === 'original')).toHaveLength(6);
  expect(new Set(grid.map(({ hiddenLayers }) => hiddenLayers))).toEqual(new Set([0, 1]));
  expect(new Set(grid.map(({ semantics }) => semantics))).toEqual(new Set(['original', 'flip', 'adversarial']));
  expect(new Set(grid.map((question) => JSON.stringify(question))).size).toBe(24);
});

test('the last checkpoint has 96 probes: offsets -2 to 2, two hidden layers at -1 and 0 of the original; so has every one with `full`', () => {
  const last = checkpointGrid({ last: true, full: false });
  expect(last).toHaveLength(5 * 18 + 6);
  const deep = last.filter(({ hiddenLayers }) => hiddenLayers === 2);
  expect(new Set(deep.map(({ offset, semantics }) => `${offset} ${semantics}`))).toEqual(
    new Set(['-1 original', '0 original']),
  );
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
