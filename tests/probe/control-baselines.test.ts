/** @file Baselines and evidence where programs branch and loop, beside counting by hand. */
import { expect, test } from 'vitest';
import {
  actionsOf,
  isAction,
  type ProgramWord,
  parseWorld,
  programOfWords,
  randomControlProgram,
  randomWorld,
  run,
  STEP_BUDGET,
  specify,
  type World,
  weightedActions,
} from '../../src/karel/index.ts';
import {
  ACTIONS_LEFT,
  bySplit,
  controlLabels,
  Evidence,
  evaluateProbes,
  type GeneratedProgram,
  LookAhead,
  PAPER_PROBE_TRAINING,
  type ProbeSettings,
  probeGrid,
  probeStates,
  type Scored,
  splitPairs,
} from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, integer, noiseFor } from './toys.ts';

const world = { width: 4, height: 3 };
const WIDTH = 4;
const settings: ProbeSettings = {
  training: { ...PAPER_PROBE_TRAINING, samples: 512, batchSize: 64 },
  lastState: 'kept',
  examples: 0,
  baselines: true,
};
const random = (name: string) => uniform([...name].reduce((hash, c) => Math.imul(hash, 31) + c.charCodeAt(0), 7));

/** Undefined if the program does not end. */
function programOf(words: readonly ProgramWord[], input: World): GeneratedProgram | undefined {
  try {
    return { ...specify([input], words), actions: actionsOf(words), words };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Programs that end, some with branches and loops. */
function randomPrograms(numbers: () => number, count: number): GeneratedProgram[] {
  const programs: GeneratedProgram[] = [];
  while (programs.length < count) {
    const words = randomControlProgram(numbers, 3 + integer(numbers, 9), weightedActions('released'));
    const program = programOf(words, randomWorld(numbers, { ...world, markerRatio: 0.4 }));
    if (program) programs.push(program);
  }
  return programs;
}

const numbers = uniform(21);
const split = (count: number) => noiseFor(numbers, randomPrograms(numbers, count), WIDTH);
const traces = { train: split(300), validation: split(60), test: split(400), width: WIDTH, world, layer: 0 };
const kept: Scored[] = [];
const grid = probeGrid({
  offsets: [-1, 0, 1],
  hiddenLayers: [0],
  semantics: ['original', 'flip'],
  features: ['direction'],
});
const evidence = new Evidence(traces.test.programs);
const lookAhead = new LookAhead(traces.test.programs);
const { outcomes } = evaluateProbes(engine, traces, grid, settings, random, {
  onScored: (scored) => {
    kept.push(scored);
    evidence.add(scored);
    lookAhead.add(scored);
  },
});

/** For each action of the text, how many actions are executed after its first execution; undefined if never executed. */
function leftByTrace({ words, inputs }: GeneratedProgram): (number | undefined)[] {
  const { trace } = run(programOfWords(words!), inputs[0]!, { maxSteps: STEP_BUDGET });
  const columns = words!.flatMap((word, place) => (isAction(word) ? [place + 1] : []));
  const executed = trace.map(({ statement }) => (statement && 'position' in statement ? statement.position.column : 0));
  return columns.map((column) => {
    const first = executed.indexOf(column);
    return first < 0 ? undefined : executed.length - 1 - first;
  });
}

test('shares by actions left count what is still executed, as whole traces tell, to 1e-12', () => {
  const { pairs, scores, frequencies } = kept.find(
    ({ question }) => question.semantics === 'original' && question.offset === -1,
  )!;
  const left = traces.test.programs.flatMap(leftByTrace);
  const text = traces.test.programs.flatMap(({ actions }) => actions.map((_, at) => actions.length - 1 - at));
  expect([...pairs.test.hidden].some((row) => left[row] !== text[row])).toBe(true); // else the text would do
  const { shares } = evidence.rows(random);
  for (const part of ACTIONS_LEFT.filter((one) => one !== '0')) {
    let [sum, all] = [0, 0];
    pairs.test.hidden.forEach((row, pair) => {
      const actions = left[row]! + 1; // after the state before the action
      if (part !== 'all' && part !== (actions > 2 ? '3+' : String(actions))) return;
      sum += scores.trained.bits[pair]!;
      all += frequencies[pair]!;
    });
    const { share } = shares.find(
      (row) =>
        row.feature === 'direction' &&
        row.semantics === 'original' &&
        row.source === 'trained' &&
        row.offset === -1 &&
        row.actionsLeft === part,
    )!;
    expectClose([share!.estimate], [1 - sum / all], { absolute: 1e-12 });
  }
});

test('looking ahead compares pairs of the same hidden state: as many as both offsets have and the probe reads rightly', () => {
  const [now, then] = [0, 1].map(
    (offset) => kept.find(({ question }) => question.semantics === 'original' && question.offset === offset)!,
  );
  const right = new Set([...now!.pairs.test.hidden].filter((_, pair) => now!.scores.trained.right[pair] === 1));
  const both = [...then!.pairs.test.hidden].filter((row) => right.has(row));
  const rows = lookAhead.rows(random('ahead'));
  expect(rows.filter(({ source }) => source === 'trained')).toMatchObject([{ offset: 1, pairs: both.length }]);
});

test('probes of the same hidden states alone have the same bits as beside their baselines, under both semantics', () => {
  const states = bySplit((s) => ({ programs: traces[s].programs, hidden: traces[s].trained }));
  const now = grid.filter(({ offset }) => offset === 0);
  const alone = probeStates(engine, { ...states, width: WIDTH, world }, now, settings, random).outcomes;
  const beside = outcomes.filter(({ offset }) => offset === 0);
  expect(beside[0]!.lost).toBeGreaterThan(0);
  expect(alone).toHaveLength(2);
  for (const [at, outcome] of alone.entries()) expect(beside[at]).toMatchObject(outcome);
});

test('types of the control task hold all words: the same actions behind another condition are another type', () => {
  const corridor = parseWorld('######\n#>...#\n######');
  const texts = [
    'if frontIsClear { move } turnLeft',
    'repeat 2 { move } turnLeft',
    'move turnLeft',
    'if frontIsClear { move turnLeft }',
  ];
  const programs = texts.map((text) => programOf(text.split(' ') as ProgramWord[], corridor)!);
  const toy = { train: { programs }, validation: { programs }, test: { programs } };
  const pairs = splitPairs(toy, 0, { lastState: 'kept', examples: 0 });
  const indices = Int32Array.from(pairs.train.state, (_, pair) => pair);
  let draws = 0;
  const drawn = controlLabels(toy, pairs, indices, 0, () => (draws++ % 8) / 8).test;
  // Before "move": if frontIsClear { (twice), repeat 2 {, nothing; before "turnLeft" four different texts.
  expect(draws).toBe(7);
  expect([...drawn]).toEqual([0, 1, 2, 3, 4, 5, 0, 6]);
});
