/** @file The train stage: what the loss counts, and what the seed decides of corpus and first weights. */
import { describe, expect, test } from 'vitest';
import { SPLITS, type Split, TOKEN, tokenOfWord } from '../../src/karel/index.ts';
import { repair, verify } from '../../src/store/index.ts';
import { BatchOrder } from '../../src/study/batches.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { type CorpusReader, withCorpus } from '../../src/study/corpus-reader.ts';
import { parseMetrics } from '../../src/study/metrics.ts';
import { isNoArtefact, metricsFile } from '../../src/study/names.ts';
import { Run } from '../../src/study/run.ts';
import type { Settings } from '../../src/study/settings.ts';
import { countedTokens, trainingBatch } from '../../src/study/stages/train.ts';
import { tokenLosses } from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { cloneOf, engine, linesOf, memoryRun, settingsWith } from './memory-runs.ts';

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 8, validationSamples: 20, testSamples: 20, examples: 2, maxLength: 4 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, learningRate: 0.1, warmupSteps: 0 },
  ...{ batchSize: 6, steps: 4, checkpoints: 4 }, // a checkpoint a step, and three epochs
};
const settings = settingsWith(SETTINGS);

async function trained(seed: string, changes: Partial<Settings> = {}): Promise<Run> {
  const run = memoryRun({ ...SETTINGS, ...changes }, seed);
  await linesOf(run, 'corpus', 'train');
  return run;
}

/** Something for each sample of a split. */
function ofSamples<T>(run: Run, split: Split, make: (reader: CorpusReader, at: number) => T) {
  return withCorpus(run, split, (reader) => Array.from({ length: reader.count }, (_, at) => make(reader, at)));
}

const all = await trained('one');
const outputs = await trained('one', { lossOn: 'outputs' });
const program = await trained('one', { lossOn: 'program' });
const otherSeed = await trained('two');

test('lossOn program: the targets are the words of the program and END, each where the token before it is read', () => {
  const tokens = ofSamples(all, 'train', (reader, at) => reader.tokens(at));
  const programs = ofSamples(all, 'train', (reader, at) => reader.record(at).program);
  const { examples, gridWidth: width, gridHeight: height } = settings;
  const { sequences, targets } = trainingBatch(tokens, countedTokens('program', { examples, width, height }));
  expect(new Set(programs.map(({ length }) => length)).size).toBeGreaterThan(1);
  tokens.forEach((sample, index) => {
    expect([...Array.from(sequences[index]!), TOKEN.END]).toEqual([...sample]);
    const counted = Array.from(targets![index]!).flatMap((target, at) => (target < 0 ? [] : [[at, target] as const]));
    expect(counted.map(([, target]) => target)).toEqual([...programs[index]!.map(tokenOfWord), TOKEN.END]);
    for (const [at, target] of counted) expect(target).toBe(sample[at + 1]);
  });
});

/** Of IN and OUT, the last before it is not IN. */
const notInInput = (at: number, sample: number[]): boolean =>
  sample[at] === TOKEN.OUT || sample.lastIndexOf(TOKEN.OUT, at - 1) >= sample.lastIndexOf(TOKEN.IN, at - 1);

describe('the loss of each step is the mean over its batch, by the model before it, within 1e-5', () => {
  test.each([
    ['lossOn all: of every token but the first', all, () => true],
    ['lossOn outputs: of every token but the first and what stands from IN to OUT', outputs, notInInput],
    [
      'lossOn program: of its words and END',
      program,
      (at: number, sample: number[]) => at > sample.indexOf(TOKEN.CODE),
    ],
  ])('%s', (_, run, counts) => {
    const tokens = ofSamples(run, 'train', (reader, at) => reader.tokens(at));
    const order = new BatchOrder(tokens.length, settings.batchSize, run.plan.seed);
    const expected = Array.from({ length: settings.steps }, (_, step) => {
      const samples = order.batch(step).map((sample) => tokens[sample]!);
      const losses = tokenLosses(engine, loadModel(run, step, engine), samples);
      const counted = losses.flatMap((each, index) => {
        const sample = [...samples[index]!];
        return [...each].filter((_, at) => counts(at + 1, sample));
      });
      return counted.reduce((sum, loss) => sum + loss, 0) / counted.length;
    });
    const metrics = [1, 2, 3, 4].flatMap((step) => parseMetrics(run.read(metricsFile(step)), metricsFile(step)));
    expectClose(
      metrics.map(({ loss }) => loss),
      expected,
      { relative: 1e-5 },
    );
    expect(new Set(expected).size).toBe(settings.steps);
  });
});

test('muon trains otherwise than adamw, and from a checkpoint on ends with the same manifest, byte for byte', async () => {
  const muon = await trained('one', { optimizer: 'muon' });
  const lossesOf = (run: Run) =>
    [1, 2, 3, 4].flatMap((step) =>
      parseMetrics(run.read(metricsFile(step)), metricsFile(step)).map(({ loss }) => loss),
    );
  const [before, others] = [lossesOf(all), lossesOf(muon)];
  expect(others[0]).toBe(before[0]);
  expect(others[1]).not.toBe(before[1]);
  const cut = cloneOf(muon);
  for (const name of cut.store.list('checkpoints/step-0000004')) cut.store.remove(name);
  repair(cut.store, verify(cut.store, isNoArtefact));
  const resumed = Run.open(cut.store);
  expect(await linesOf(resumed, 'train')).toContain('resuming at step 3');
  expect(resumed.manifestSha256()).toBe(muon.manifestSha256());
});

test('another seed has other samples in each split: fewer than half are among those of the first', () => {
  for (const split of SPLITS) {
    const [samples, others] = [all, otherSeed].map((run) =>
      ofSamples(run, split, (reader, at) => reader.bytes(at).join(' ')),
    );
    expect(others).toHaveLength(samples!.length);
    const same = others!.filter((sample) => samples!.includes(sample));
    expect(same.length).toBeLessThan(samples!.length / 2);
  }
});

test('another seed has other first weights in every matrix', () => {
  const [weights, others] = [all, otherSeed].map((run) => loadModel(run, 0, engine).parameters);
  const matrices = weights!.filter(({ value }) => value.shape.length > 1);
  expect(matrices.length).toBeGreaterThan(2);
  for (const { name, value } of matrices) {
    const other = others!.find((parameter) => parameter.name === name)!;
    expect([...other.value.data], name).not.toEqual([...value.data]);
  }
});
