import { expect, test } from 'vitest';
import { AT_START, runPatches, summarizePatches, WITHIN, worldsBefore } from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { task, toyCases, toyModel } from './toy-model.ts';

const patch = (decidesBy: 'state' | 'tokens') =>
  summarizePatches(runPatches(toyModel(decidesBy), toyCases(100, 31, AT_START), task), uniform(6));

/** Shares of A's and B's specifications that the patched programs solve, layer by layer. */
const shares = ({ layers }: ReturnType<typeof patch>) =>
  layers.map(({ layer, success, solvesUnturned }) => [layer, solvesUnturned.estimate, success.estimate]);

test('where the hidden state decides, the patched layer 1 writes what B needs, always; layer 0 what A needs', () => {
  const result = patch('state');
  expect(result.ceiling).toMatchObject({ estimate: 1, n: 100 });
  expect(result.unpatched.estimate).toBe(0);
  expect(shares(result)).toEqual([
    [0, 1, 0],
    [1, 0, 1],
  ]);
});

test('where the tokens decide, no patch changes the program', () => {
  const result = patch('tokens');
  expect(result.ceiling.estimate).toBe(1);
  expect(shares(result)).toEqual([
    [0, 1, 0],
    [1, 1, 0],
  ]);
});

test('between the actions too: with inputs from which the same actions lead to the turned robots, layer 1 writes what they need', () => {
  const cases = toyCases(100, 31, WITHIN);
  const startsOf = ({ turned, actions, point }: (typeof cases)[number]) =>
    worldsBefore(turned, actions.slice(0, point))!;
  const result = (decidesBy: 'state' | 'tokens') =>
    summarizePatches(runPatches(toyModel(decidesBy), cases, task, undefined, startsOf), uniform(6));
  expect(result('state').ceiling).toMatchObject({ estimate: 1, n: cases.length });
  expect(shares(result('state'))).toEqual([
    [0, 1, 0],
    [1, 0, 1],
  ]);
  expect(shares(result('tokens'))).toEqual([
    [0, 1, 0],
    [1, 1, 0],
  ]);
});
