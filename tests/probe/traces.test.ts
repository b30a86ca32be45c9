import { expect, test } from 'vitest';
import { alignPairs, hiddenRows } from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { integer } from './toys.ts';

/** (i, j) of each pair (h_i, s_j) of one program of `n` actions, straight from the study's inequalities. */
function pairsByDefinition(n: number, offset: number, last: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 1; i <= n; i++) {
    for (let j = 0; j <= n; j++) {
      if (j === i + offset && 1 <= j && j <= last) pairs.push([i, j]);
    }
  }
  return pairs;
}

/** By hand, for a program of three actions: the pairs (h_i, s_j) as `ij`. */
const BY_HAND = [
  { offset: -2, dropped: '31', kept: '31' },
  { offset: -1, dropped: '21 32', kept: '21 32' },
  { offset: 0, dropped: '11 22', kept: '11 22 33' },
  { offset: 1, dropped: '12', kept: '12 23' },
  { offset: 2, dropped: '', kept: '13' },
];

for (const { offset, ...expected } of BY_HAND) {
  for (const lastState of ['dropped', 'kept'] as const) {
    test(`three actions, offset ${offset}, last state ${lastState}: (h_i, s_j) for ij = ${expected[lastState] || 'none'}`, () => {
      const { hidden, state, programs } = alignPairs([3], { offset, lastState, runs: 1 });
      const pairs = Array.from(hidden, (row, at) => `${row + 1}${state[at]}`); // rows count from h_1 and from s_0
      expect(pairs.join(' ')).toBe(expected[lastState]);
      expect(programs).toBe(pairs.length > 0 ? 1 : 0);
    });
  }
}

test('alignPairs equals the inequalities of the study for 200 random sets of programs, offsets and examples', () => {
  const random = uniform(1);
  for (let round = 0; round < 200; round++) {
    const lengths = Array.from({ length: integer(random, 6) }, () => integer(random, 7));
    const offset = integer(random, 7) - 3;
    const lastState = random() < 0.5 ? 'dropped' : 'kept';
    const runs = 1 + integer(random, 3);
    const hidden: number[] = [];
    const state: number[] = [];
    const left: number[] = [];
    let programs = 0;
    let [firstHidden, firstState] = [0, 0];
    for (const n of lengths) {
      const pairs = pairsByDefinition(n, offset, lastState === 'kept' ? n : n - 1);
      for (let run = 0; run < runs; run++) {
        for (const [i, j] of pairs) {
          hidden.push(firstHidden + i - 1);
          state.push(firstState + j);
          left.push(n - j);
        }
        firstState += n + 1;
      }
      firstHidden += n;
      programs += pairs.length > 0 ? 1 : 0;
    }
    const actual = alignPairs(lengths, { offset, lastState, runs });
    const listed = { hidden: [...actual.hidden], state: [...actual.state], left: [...actual.left] };
    expect({ ...actual, ...listed }).toEqual({ hidden, state, left, programs });
  }
});

test('hiddenRows: three, no and two actions are rows 1 2 3 of program 0 and 1 2 of program 2', () => {
  const { program, action } = hiddenRows([3, 0, 2]);
  expect([...program]).toEqual([0, 0, 0, 2, 2]);
  expect([...action]).toEqual([1, 2, 3, 1, 2]);
});
