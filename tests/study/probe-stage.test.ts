/** @file The probe stage: which model is the untrained one, which states count, and what the seed decides. */
import { describe, expect, test } from 'vitest';
import type { Split } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { checkpointFile, probesFile } from '../../src/study/names.ts';
import { type Run, readJson } from '../../src/study/run.ts';
import type { Settings } from '../../src/study/settings.ts';
import type { ProbeFile } from '../../src/study/stages/probe.ts';
import { readTraces } from '../../src/study/stages/trace.ts';
import { CodeGen, encodeModel } from '../../src/transformer/index.ts';
import { copyOf, doStage, engine } from './memory-runs.ts';
import { LAST, tracedRun } from './traced-run.ts';

const SETTINGS: Partial<Settings> = {
  ...{ lastState: 'kept', examples: 2, semantics: 'original' },
  ...{ traceTrain: 16, traceValidation: 4, traceTest: 10, probeBatch: 8, probeSamples: 16, probeSamplesTwoHidden: 8 },
};
const traced = await tracedRun(SETTINGS);
const kept = await probed(copyOf(traced));

type Outcome = ProbeFile['outcomes'][number];
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What the stage writes about a checkpoint. */
async function probed(run: Run, step = LAST): Promise<ProbeFile> {
  await doStage(run, `probe/${step}`);
  return readJson<ProbeFile>(run, probesFile(step));
}

test('probes the initial weights of the run as its untrained model: other ones change those figures and no others', async () => {
  const run = copyOf(traced);
  const other = CodeGen.initialize(engine, modelConfig(run.plan.settings), randomStream('other', 'model'));
  const files = Object.entries(encodeModel(other)).map(([name, bytes]) => [checkpointFile(0, name), bytes]);
  run.keep('train/0', [], Object.fromEntries(files));
  const { outcomes } = await probed(run);
  expect(outcomes.length).toBeGreaterThan(20);
  const own = (outcome: Outcome) => Object.entries(outcome).filter(([key]) => !key.startsWith('untrained'));
  expect(outcomes.map(own)).toEqual(kept.outcomes.map(own));
  outcomes.forEach((outcome, at) => {
    expect(outcome.untrainedInformation).not.toBe(kept.outcomes[at]!.untrainedInformation);
  });
});

describe('offset 0 has as many pairs as the programs of programs.json have actions', () => {
  test.each([
    ['lastState kept', {}, 0, 1],
    ['lastState dropped: one less each', { lastState: 'dropped' }, 1, 1],
    ['labelExample -1, two examples: twice that', { labelExample: -1 }, 0, 2],
  ] as const)('%s', async (_, changes, less, times) => {
    const run = copyOf(traced, changes);
    const { outcomes, labelDistribution } = await probed(run, 0); // which has a small grid
    const { programs } = readTraces(run, 0);
    const pairs = (split: Split) => times * sum(programs[split].map(({ length }) => length - less));
    expect(new Set(programs.test.map(({ length }) => length)).size).toBeGreaterThan(1);
    const present = outcomes.filter(({ offset }) => offset === 0);
    expect(present.length).toBeGreaterThan(0);
    for (const { n, trainPairs, programs: counted } of present) {
      expect({ n, trainPairs }).toEqual({ n: pairs('test'), trainPairs: pairs('train') });
      expect(counted).toBe(programs.test.filter(({ length }) => length > less).length);
    }
    const distributions = Object.values(labelDistribution).flatMap((features) => Object.values(features));
    expect(distributions).toHaveLength(3);
    for (const counts of distributions) expect(sum(counts)).toBe(pairs('test'));
  });
});

test('another seed trains other probes with hidden layers on the same traces; pairs, majorities and linear probes stay', async () => {
  const { outcomes } = await probed(copyOf(traced, { seed: 'other' }));
  const same = ({ feature, semantics, offset, hiddenLayers, majority, n, trainPairs }: Outcome) => {
    return { feature, semantics, offset, hiddenLayers, majority, n, trainPairs };
  };
  expect(outcomes.map(same)).toEqual(kept.outcomes.map(same));
  outcomes.forEach((outcome, at) => {
    for (const key of ['information', 'untrainedInformation'] as const) {
      const same = outcome[key] === kept.outcomes[at]![key];
      expect(same).toBe(outcome.hiddenLayers === 0);
    }
  });
});
