import { describe, expect, test } from 'vitest';
import { abstractTrace, SEMANTICS, type Semantics } from '../../src/karel/index.ts';
import {
  type BySplit,
  bySplit,
  evaluateProbes,
  PAPER_PROBE_TRAINING,
  PERMUTATIONS,
  ProbeError,
  type ProbeSettings,
  probeGrid,
  probeStates,
  rankSemantics,
  type SemanticsShare,
  type StateTraces,
} from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { fast as engine, randomPrograms } from './toys.ts';

const world = { width: 3, height: 3 };
const WIDTH = 4 + 5 + 5 + 2;
const COUNTS: BySplit<number> = { train: 300, validation: 80, test: 200 };
const settings: ProbeSettings = {
  training: { ...PAPER_PROBE_TRAINING, samples: 2048, batchSize: 32, learningRate: 0.1 },
  byDepth: { 1: { samples: 64, learningRate: 0.02 } },
  lastState: 'dropped',
  examples: 0,
};
const random = (name: string) => uniform([...name].reduce((hash, c) => Math.imul(hash, 31) + c.charCodeAt(0), 7));

/** Hidden states that hold each state under `known` semantics, one-hot, in some noise. */
function tracesOf(known: Semantics): StateTraces {
  const numbers = uniform(11);
  const split = (count: number) => {
    const programs = randomPrograms(numbers, count, { ...world, inputs: 1, longest: 5 });
    const states = programs.flatMap(({ inputs, actions }) => {
      const [start, ...after] = abstractTrace(inputs[0]!, actions, known);
      return after.map(({ x, y, facing, frontIsWall }) => [
        facing,
        4 + 2 + x - start!.x,
        9 + 2 + y - start!.y,
        14 + (frontIsWall ? 1 : 0),
      ]);
    });
    const hidden = Float32Array.from({ length: states.length * WIDTH }, () => 0.2 * numbers());
    states.forEach((ones, row) => {
      for (const at of ones) hidden[row * WIDTH + at]! += 1;
    });
    return { programs, hidden };
  };
  return { ...bySplit((s) => split(COUNTS[s])), width: WIDTH, world };
}

const original = tracesOf(SEMANTICS.original);

describe('probeStates', () => {
  test('gives what evaluateProbes gives for the trained model, to the bit, whatever the baselines beside it', () => {
    const grid = probeGrid({ features: ['obstacle'], semantics: ['original', 'adversarial'] });
    const { outcomes, reason } = probeStates(engine, original, grid, settings, random);
    const beside = bySplit((s) => {
      const { programs, hidden: trained } = original[s];
      return { programs, trained, untrained: new Float32Array(trained.length) };
    });
    const traces = { ...beside, width: WIDTH, world, layer: 'mean' as const };
    const expected = evaluateProbes(engine, traces, grid, { ...settings, baselines: true }, random).outcomes;
    const without = expected.map(
      ({ layer, records, untrained, untrainedInformation, untrainedInformationShare, untrainedConverged, ...rest }) =>
        rest,
    );
    expect(reason).toBeNull();
    expect(outcomes).toEqual(without);
    const other = probeStates(engine, tracesOf(SEMANTICS.flip), grid, settings, random);
    expect(other.outcomes).not.toEqual(without);
  });

  test('semantics with the same labels have the same answer, and each the one that it has alone', () => {
    const semantics = ['flip', 'turnLeft=turnRight,turnRight=turnLeft', 'original'];
    const grid = probeGrid({ semantics, hiddenLayers: [0] });
    const done: number[] = [];
    const { outcomes } = probeStates(engine, original, grid, settings, random, (count) => done.push(count));
    const alone = grid.flatMap((question) => probeStates(engine, original, [question], settings, random).outcomes);
    expect(outcomes).toEqual(alone);
    expect(done).toEqual(grid.map((_, at) => at + 1));
    const informations = outcomes.filter(({ feature }) => feature === 'position').map(({ information }) => information);
    expect(informations[0]).toBe(informations[1]);
    expect(informations[0]).not.toBe(informations[2]);
  });

  test('programs without pairs have no outcomes, with the reason', () => {
    const short = bySplit((s) => ({
      programs: original[s].programs.map((program) => ({ ...program, actions: ['move' as const] })),
      hidden: new Float32Array(original[s].programs.length * WIDTH),
    }));
    const found = probeStates(engine, { ...short, width: WIDTH, world }, probeGrid(), settings, random);
    expect(found).toEqual({ outcomes: [], reason: '0 training pairs, 2 are needed' });
  });

  test('hidden states that do not fit, two offsets and no question are refused', () => {
    const wrong = { ...original, test: { ...original.test, hidden: new Float32Array(3) } };
    const run = (traces: StateTraces, offsets: number[]) => () =>
      probeStates(engine, traces, probeGrid({ offsets }), settings, random);
    expect(run(wrong, [0])).toThrow('3 numbers in test.hidden');
    expect(run(original, [0, 1])).toThrow(new ProbeError('probe: questions at offsets 0, 1, expected one'));
    expect(run(original, [])).toThrow('no offset');
  });
});

describe('all 60 permutations', () => {
  const grid = probeGrid({ semantics: PERMUTATIONS.map(({ name }) => name), hiddenLayers: [0] });
  const sharesOf = (known: Semantics): SemanticsShare[] =>
    probeStates(engine, tracesOf(known), grid, settings, random).outcomes;
  const ranksOf = (shares: SemanticsShare[], semantics: string) =>
    rankSemantics(shares, semantics).map(({ feature, rank, worst, of }) => [feature, rank, worst, of]);
  /** Three permutations label direction alike, and share the places 1 to 3. */
  const FIRST = [
    ['direction', 2, 3, 60],
    ['position', 1, 1, 60],
    ['obstacle', 1, 1, 60],
    ['mean', 1, 1, 60],
  ];

  test('hidden states that hold the states under the original rank it first of 60, direction in a tie of three', () => {
    expect(ranksOf(sharesOf(SEMANTICS.original), 'original')).toEqual(FIRST);
  });

  test('hidden states that hold them under another rank that one first, and the original below 10', () => {
    const another = PERMUTATIONS[37]!;
    const shares = sharesOf(another);
    expect(ranksOf(shares, another.name)).toEqual(FIRST);
    for (const { rank } of rankSemantics(shares, 'original')) expect(rank).toBeGreaterThan(10);
  });
});
