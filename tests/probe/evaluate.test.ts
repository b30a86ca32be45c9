import { expect, test, vi } from 'vitest';
import { type Action, abstractTrace, type Facing, FLIP, ORIGINAL, type Semantics } from '../../src/karel/index.ts';
import {
  CheckpointExecutions,
  type CheckpointTraces,
  evaluateProbes,
  type GeneratedProgram,
  labelDistribution,
  PAPER_PROBE_TRAINING,
  ProbeError,
  type ProbeSettings,
  probeGrid,
  type TraceSplit,
} from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { fast as engine, randomPrograms } from './toys.ts';

const WIDTH = 8;
const world = { width: 4, height: 3 };
const settings: ProbeSettings = {
  training: { ...PAPER_PROBE_TRAINING, samples: 30_000, batchSize: 128, learningRate: 0.1, interval: 3_000 },
  byDepth: { 1: { samples: 2560 } },
  lastState: 'dropped',
  examples: 0,
};
const random = (name: string): (() => number) =>
  uniform([...name].reduce((hash, c) => Math.imul(hash, 31) + c.charCodeAt(0), 7));

/** A model that knows the direction after each action under `known` semantics, and an untrained one that does not. */
function traces(known: Semantics, counts: readonly [number, number, number]): CheckpointTraces {
  const numbers = uniform(11);
  const split = (count: number): TraceSplit => {
    const programs: GeneratedProgram[] = randomPrograms(numbers, count, { ...world, longest: 6 });
    const states = programs.flatMap(({ inputs, actions }) => abstractTrace(inputs[0]!, actions, known).slice(1));
    const noise = (): Float32Array => Float32Array.from({ length: states.length * WIDTH }, () => 2 * numbers() - 1);
    const trained = noise();
    states.forEach(({ facing }, row) => {
      trained[row * WIDTH + facing]! += 5;
    });
    return { programs, trained, untrained: noise() };
  };
  return {
    train: split(counts[0]),
    validation: split(counts[1]),
    test: split(counts[2]),
    width: WIDTH,
    world,
    layer: 'mean',
  };
}

const some = traces(ORIGINAL, [500, 100, 300]);
const few = traces(ORIGINAL, [60, 20, 60]);
const direction = probeGrid({ features: ['direction'], hiddenLayers: [0] });

test('a model that keeps the direction: above 95 % and 1.5 bits, the untrained one below 35 % and 0.1 bits', () => {
  const { outcomes } = evaluateProbes(engine, some, direction.slice(0, 1), settings, random);
  const [{ accuracy, information, informationShare, majority, untrained, untrainedInformation, ...rest }] =
    outcomes as [(typeof outcomes)[0]];
  expect(accuracy).toBeGreaterThan(0.95);
  expect(information).toBeGreaterThan(1.5);
  expect(informationShare).toBeGreaterThan(0.75);
  expect(majority).toBeLessThan(0.35);
  expect(untrained).toBeLessThan(0.35);
  expect(untrainedInformation).toBeLessThan(0.1);
  expect(rest).toMatchObject({ feature: 'direction', semantics: 'original', offset: 0, hiddenLayers: 0, seed: '0' });
});

test('the intervention: hidden states that hold the original direction tell less about flip, and the reverse', () => {
  const { outcomes } = evaluateProbes(engine, some, direction.slice(0, 2), settings, random);
  expect(outcomes[0]!.information).toBeGreaterThan(outcomes[1]!.information + 0.5);
  const reverse = evaluateProbes(
    engine,
    traces(FLIP, [500, 100, 300]),
    direction.slice(0, 2),
    settings,
    random,
  ).outcomes;
  expect(reverse[1]!.information).toBeGreaterThan(reverse[0]!.information + 0.5);
});

test('counts: test pairs, their programs, training pairs; below 500 test pairs is too few', () => {
  const long = ({ programs }: TraceSplit): number => programs.filter(({ actions }) => actions.length >= 2).length;
  const pairs = ({ programs }: TraceSplit): number =>
    programs.reduce((sum, { actions }) => sum + Math.max(0, actions.length - 1), 0);
  const { outcomes } = evaluateProbes(engine, some, direction.slice(0, 1), settings, random);
  expect(outcomes[0]).toMatchObject({
    n: pairs(some.test),
    programs: long(some.test),
    trainPairs: pairs(some.train),
    tooFew: false,
    layer: 'mean',
  });
  expect(outcomes[0]!.n).toBeGreaterThanOrEqual(500);
  expect(evaluateProbes(engine, few, direction.slice(0, 1), settings, random).outcomes[0]!.tooFew).toBe(true);
});

test('all examples label each hidden state twice where a specification has two inputs', () => {
  const [one, all] = ([0, 'all'] as const).map(
    (examples) => evaluateProbes(engine, some, direction.slice(0, 1), { ...settings, examples }, random).outcomes[0]!,
  );
  expect(all!.n).toBe(2 * one!.n);
  expect(all!.programs).toBe(one!.programs);
});

test('outcomes come in the order of the grid, one onDone a probe, the same bits again', () => {
  const training = { ...settings.training, samples: 128 };
  const grid = probeGrid({ offsets: [1, 0, -1], semantics: ['original', 'adversarial'] });
  const done: number[] = [];
  const run = () =>
    evaluateProbes(engine, few, grid, { ...settings, training, byDepth: {} }, random, { onDone: (n) => done.push(n) })
      .outcomes;
  const outcomes = run();
  expect(
    outcomes.map(({ feature, semantics, offset, hiddenLayers, seed }) => ({
      feature,
      semantics,
      offset,
      hiddenLayers,
      seed,
    })),
  ).toEqual(grid);
  expect(done).toEqual(grid.map((_, at) => at + 1));
  expect(run()).toEqual(outcomes);
});

test('byDepth replaces settings of the training for one depth: one hidden layer of rate 0 stays where it began', () => {
  const byDepth = { 1: { learningRate: 0, samples: 256 } };
  const one = direction.slice(0, 1).map((question) => ({ ...question, hiddenLayers: 1 as const }));
  const { outcomes } = evaluateProbes(engine, some, one, { ...settings, byDepth }, random);
  expect(outcomes[0]!.information).toBeLessThan(0);
});

test('another seed gives another probe with a hidden layer, and the same linear one', () => {
  const training = { ...settings.training, samples: 1024 };
  const grid = probeGrid({ features: ['direction'], semantics: ['original'], hiddenLayers: [0, 1], seeds: ['a', 'b'] });
  const { outcomes } = evaluateProbes(engine, some, grid, { ...settings, training }, random);
  const [linearA, a, linearB, b] = outcomes.map(({ information }) => information);
  expect(a).not.toBe(b);
  expect(linearA).toBe(linearB);
});

test('programs of one action have no pairs: every question is skipped with its reason', () => {
  const actions: Action[] = ['move'];
  const short = (split: TraceSplit): TraceSplit => ({
    programs: split.programs.map((program) => ({ ...program, actions })),
    trained: new Float32Array(split.programs.length * WIDTH),
    untrained: new Float32Array(split.programs.length * WIDTH),
  });
  const babbling = { ...some, train: short(some.train), validation: short(some.validation), test: short(some.test) };
  const { outcomes, skipped } = evaluateProbes(engine, babbling, direction, settings, random);
  expect(outcomes).toEqual([]);
  expect(skipped).toHaveLength(3);
  expect(skipped[0]).toMatchObject({
    semantics: 'original',
    n: 0,
    tooFew: true,
    reason: '0 training pairs, 2 are needed',
  });
  const kept = evaluateProbes(engine, babbling, direction, { ...settings, lastState: 'kept' }, random);
  expect(kept.outcomes[0]!.n).toBe(some.test.programs.length);
});

test('a program that stays where it is: position is always right, and of 0 bits to know there is no share', () => {
  const still = (split: TraceSplit): TraceSplit => ({
    programs: split.programs.map((program) => ({ ...program, actions: ['putMarker', 'putMarker'] as Action[] })),
    trained: new Float32Array(2 * split.programs.length * WIDTH),
    untrained: new Float32Array(2 * split.programs.length * WIDTH),
  });
  const fixed = { ...some, train: still(some.train), validation: still(some.validation), test: still(some.test) };
  const grid = probeGrid({ features: ['position'], semantics: ['original'], hiddenLayers: [0] });
  const [outcome] = evaluateProbes(engine, fixed, grid, settings, random).outcomes;
  expect(outcome).toMatchObject({ accuracy: 1, majority: 1, informationShare: null, untrainedInformationShare: null });
});

test('baselines come from train: 0 right and log2(pairs + 1) bits where test faces only where train never does', () => {
  const facing = (split: TraceSplit, way: Facing): TraceSplit => ({
    programs: split.programs.map(({ inputs }) => ({
      inputs: inputs.map((input) => ({ ...input, facing: way })),
      outputs: [],
      actions: ['putMarker', 'putMarker'],
    })),
    trained: new Float32Array(2 * split.programs.length * WIDTH),
    untrained: new Float32Array(2 * split.programs.length * WIDTH),
  });
  const [train, validation, test] = [facing(some.train, 0), facing(some.validation, 0), facing(some.test, 1)];
  const [outcome] = evaluateProbes(engine, { ...some, train, validation, test }, direction, settings, random).outcomes;
  expect(outcome!.majority).toBe(0);
  expect(outcome!.information / outcome!.informationShare!).toBeCloseTo(Math.log2(some.train.programs.length + 1), 9);
});

test('records at offset 0, of probes up to one hidden layer, and only where they are asked for', () => {
  const training = { ...settings.training, samples: 64, batchSize: 32 };
  const grid = probeGrid({ features: ['obstacle'], semantics: ['original'], offsets: [0, 1], hiddenLayers: [0, 1, 2] });
  const run = (more: Partial<ProbeSettings>) =>
    evaluateProbes(engine, few, grid, { ...settings, training, byDepth: {}, ...more }, random).outcomes;
  const told = run({ baselines: true });
  expect(told.map(({ offset, hiddenLayers, records }) => [offset, hiddenLayers, records !== null])).toEqual([
    [0, 0, true],
    [0, 1, true],
    [0, 2, false],
    [1, 0, false],
    [1, 1, false],
    [1, 2, false],
  ]);
  expect(run({}).map((outcome) => ({ ...outcome, records: null }))).toEqual(
    told.map((outcome) => ({ ...outcome, records: null })),
  );
  expect(run({ baselines: true, examples: 'all' }).every(({ records }) => records === null)).toBe(true);
});

test('the label distribution counts each test pair once in each feature', () => {
  const distribution = labelDistribution(some, ['original', 'move=turnLeft'], settings);
  const expected = [0, 0, 0, 0];
  for (const { inputs, actions } of some.test.programs) {
    for (const { facing } of abstractTrace(inputs[0]!, actions).slice(1, -1)) expected[facing]!++;
  }
  expect(distribution['original']!.direction).toEqual(expected);
  const total = expected.reduce((sum, count) => sum + count);
  for (const { position, obstacle } of Object.values(distribution)) {
    expect(position.reduce((sum, count) => sum + count)).toBe(total);
    expect(obstacle.reduce((sum, count) => sum + count)).toBe(total);
  }
  expect(distribution['move=turnLeft']!.position[3 + 7 * 3]).toBe(total); // nothing moves: all at (0, 0)
});

test('hidden states that do not fit the programs are refused, naming the split', () => {
  const wrong = { ...some, validation: { ...some.validation, untrained: new Float32Array(3) } };
  const run = () => evaluateProbes(engine, wrong, direction, settings, random);
  expect(run).toThrow(ProbeError);
  expect(run).toThrow('3 numbers in validation.untrained');
});

test('probes and label counts read the executions that they are given, and have the same bits as with their own', () => {
  const executions = new CheckpointExecutions(few, settings);
  const under = vi.spyOn(executions, 'under');
  const semantics = ['original', 'flip'];
  const grid = probeGrid({ features: ['obstacle'], semantics, hiddenLayers: [0] });
  const short = { ...settings, training: { ...settings.training, samples: 128 } };
  expect(evaluateProbes(engine, few, grid, short, random, { executions })).toEqual(
    evaluateProbes(engine, few, grid, short, random),
  );
  expect(new Set(under.mock.calls.flat())).toEqual(new Set(semantics));
  under.mockClear();
  expect(labelDistribution(few, semantics, settings, executions)).toEqual(labelDistribution(few, semantics, settings));
  expect(new Set(under.mock.calls.flat())).toEqual(new Set(semantics));
});
