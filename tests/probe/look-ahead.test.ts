import { expect, test } from 'vitest';
import { type BySplit, LookAhead, type LookAheadRow, type Pairs, type ProbeQuestion } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { integer, ofLengths, pairsOf, scored, scoreOf } from './toys.ts';

/** A class for each state s_0 to s_n of each execution, program after program. */
type Executions = readonly (readonly number[])[];

/** What a probe answers about pair number `pair`, state s_j of this execution, from h_{j - offset}. */
type Answer = (about: { execution: number; j: number; offset: number; pair: number }) => number;

/** Rows of a look-ahead at probes that answer so, for executions of one program each, or `runs` of each program. */
function lookAhead(train: Executions, test: Executions, answer: Answer, runs = 1): LookAheadRow[] {
  const lengthsOf = (all: Executions) => all.filter((_, at) => at % runs === 0).map((states) => states.length - 1);
  const gathered = new LookAhead(ofLengths(lengthsOf(test)));
  for (const offset of [0, 1, 2]) gathered.add(ask(train, test, answer, offset, runs));
  return gathered.rows(uniform(9));
}

function ask(
  train: Executions,
  test: Executions,
  answer: Answer,
  offset: number,
  runs = 1,
  more: Partial<ProbeQuestion> = {},
) {
  const lengthsOf = (all: Executions) => all.filter((_, at) => at % runs === 0).map((states) => states.length - 1);
  const pairs: BySplit<Pairs> = {
    ...pairsOf([], offset, runs),
    train: pairsOf(lengthsOf(train), offset, runs).train,
    test: pairsOf(lengthsOf(test), offset, runs).test,
  };
  const labelsOf = (all: Executions, { state }: Pairs) => {
    const labels = all.flat();
    return state.map((at) => labels[at]!);
  };
  const place = test.flatMap((states, execution) => states.map((label, j) => ({ execution, j, label })));
  const right = Array.from(pairs.test.state, (at, pair) => {
    const { label, ...where } = place[at]!;
    return answer({ ...where, offset, pair }) === label;
  });
  return scored({
    question: { offset, ...more },
    pairs,
    labels: { train: labelsOf(train, pairs.train), validation: new Int32Array(), test: labelsOf(test, pairs.test) },
    scores: { trained: scoreOf({ right }) },
  });
}

/** Three actions: s_1 is 0, and s_2 is 1 in two of three programs, 2 in the third. */
const turning = (count: number): Executions =>
  Array.from({ length: count }, (_, program) => [3, 0, program % 3 < 2 ? 1 : 2, 3]);

test('s_2 is 1 after 0 in two of three programs: best is 2/3; a probe that knows the program has 1, a third more', () => {
  const test = turning(90);
  const [row, ...others] = lookAhead(turning(30), test, ({ execution, j }) => test[execution]![j]!);
  expect(others).toEqual([]); // offset 2 has no pair that offset 0 has too: s_3 is dropped
  expect(row).toMatchObject({ feature: 'direction', hiddenLayers: 0, offset: 1, pairs: 90 });
  expectClose([row!.best.estimate, row!.accuracy.estimate, row!.difference.estimate], [2 / 3, 1, 1 / 3], {
    absolute: 1e-12,
  });
  expect(row!.difference.interval!.low).toBeGreaterThan(0.2);
  expect(row!.difference.n).toBe(90);
});

test('a probe that knows the present state alone is as good as the best, and never better: difference 0', () => {
  const test = turning(90);
  const [row] = lookAhead(turning(30), test, ({ execution, j, offset }) => (offset === 0 ? test[execution]![j]! : 1));
  expect(row!.difference).toEqual({ estimate: 0, interval: { low: 0, high: 0 }, n: 90 });
  const [worse] = lookAhead(turning(30), test, ({ execution, j, offset }) => (offset === 0 ? test[execution]![j]! : 2));
  expectClose([worse!.difference.estimate], [-1 / 3], { absolute: 1e-12 });
});

test('frequencies are those of train: where it turns the other way round, the best is right in 1/3 of test', () => {
  const train = turning(30).map((states) => states.map((one) => (one === 1 ? 2 : one === 2 ? 1 : one)));
  const [row] = lookAhead(train, turning(90), ({ j }) => (j === 1 ? 0 : 1));
  expectClose([row!.best.estimate, row!.accuracy.estimate], [1 / 3, 2 / 3], { absolute: 1e-12 });
});

test('a present state that train never has is followed by what is most frequent in all, the lowest of equals', () => {
  const train: Executions = [
    [3, 0, 2, 3],
    [3, 1, 2, 3],
    [3, 1, 0, 3],
  ];
  const test = Array.from({ length: 60 }, (_, program) => [3, program < 30 ? 3 : 1, program % 2 ? 2 : 0, 3]);
  const [row] = lookAhead(train, test, ({ execution, j }) => test[execution]![j]!);
  expect(row!.best.estimate).toBe(1 / 2); // 2 after 3: right in 15 of 30; 0 after 1, beside 2: right in 15 of 30
  const only = test.map(([a, , c, d]) => [a!, 3, c === 0 ? 2 : c!, d!]);
  expect(lookAhead(train, only, ({ execution, j }) => only[execution]![j]!)[0]!.best.estimate).toBe(1);
});

const numbers = uniform(2);
const executions = (count: number, runs: number): Executions =>
  Array.from({ length: count }, () => 2 + integer(numbers, 5)).flatMap((n) =>
    Array.from({ length: runs }, () => Array.from({ length: n + 1 }, () => integer(numbers, 4))),
  );

/** Shares by the definition: over all executions and all i, among those for which the present is right. */
function byDefinition(frequencies: Executions, test: Executions, offset: number, answers: Answer) {
  const guess = (present: number): number => {
    const after = [0, 0, 0, 0];
    for (const states of frequencies) {
      for (let i = 1; i + offset <= states.length - 2; i++) if (states[i] === present) after[states[i + offset]!]!++;
    }
    return after.indexOf(Math.max(...after));
  };
  const sums = { pairs: 0, right: 0, best: 0 };
  test.forEach((states, execution) => {
    for (let i = 1; i + offset <= states.length - 2; i++) {
      if (answers({ execution, j: i, offset: 0, pair: 0 }) !== states[i]) continue;
      sums.pairs++;
      if (answers({ execution, j: i + offset, offset, pair: 0 }) === states[i + offset]) sums.right++;
      if (guess(states[i]!) === states[i + offset]) sums.best++;
    }
  });
  return [sums.pairs, sums.right / sums.pairs, sums.best / sums.pairs];
}

test.each([1, 2, 3])(
  'rows are those by definition for random states and answers, %i examples a program, to 1e-12',
  (runs) => {
    const [train, test] = [executions(40, runs), executions(120, runs)];
    const answers: Answer = ({ execution, j, offset }) => {
      const random = uniform(1000 * execution + 10 * j + offset);
      random();
      return random() < 0.6 ? test[execution]![j]! : integer(random, 4);
    };
    const rows = lookAhead(train, test, answers, runs);
    expect(rows.map((row) => row.offset)).toEqual([1, 2]);
    for (const { offset, pairs, accuracy, best, difference } of rows) {
      const expected = byDefinition(train, test, offset, answers);
      expectClose([pairs, accuracy.estimate, best.estimate], expected, { absolute: 1e-12 });
      expectClose([difference.estimate], [expected[1]! - expected[2]!], { absolute: 1e-12 });
      // With hindsight, from the states of test, more would be right.
      expect(byDefinition(test, test, offset, answers)[2]).not.toBe(expected[2]);
    }
  },
);

test('programs of which the present is never read right do not count: 49 others give no row, 50 do', () => {
  const test = turning(80);
  const run = (known: number) =>
    lookAhead(test, test, ({ execution, j, offset }) => (offset > 0 || execution < known ? test[execution]![j]! : -1));
  expect(run(49)).toEqual([]);
  expect(run(50)[0]).toMatchObject({ pairs: 50, accuracy: { estimate: 1, n: 50 } });
});

test('other semantics, earlier states and later probe seeds change nothing', () => {
  const all = turning(60);
  const known: Answer = ({ execution, j }) => all[execution]![j]!;
  const gathered = new LookAhead(ofLengths(all.map(() => 3)));
  for (const offset of [0, 1]) gathered.add(ask(all, all, known, offset));
  const rows = gathered.rows(uniform(9));
  for (const offset of [-1, 0, 1]) {
    gathered.add(ask(all, all, () => -1, offset, 1, { semantics: 'flip' }));
    gathered.add(ask(all, all, () => -1, offset, 1, { seed: '1' }));
  }
  expect(rows).toHaveLength(1);
  expect(gathered.rows(uniform(9))).toEqual(rows);
});
