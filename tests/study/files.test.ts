import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BatchOrder } from '../../src/study/batches.ts';
import { makeCorpus } from '../../src/study/corpus-files.ts';
import { writeDirectoryAtomically, writeFileAtomically } from '../../src/study/files.ts';
import { MetricsFile, readMetrics, type StepMetrics } from '../../src/study/metrics.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { silent } from '../../src/study/progress.ts';
import { RunDirectory } from '../../src/study/run-directory.ts';
import { inTemporaryDirectory } from '../helpers/command.ts';

const plan = { preset: 'smoke', seed: '1', settings: presetNamed('smoke').settings };

describe('run directory', () => {
  test('the same plan is opened again, any other is refused with the first setting that differs', () =>
    inTemporaryDirectory(async (path) => {
      const out = join(path, 'run');
      RunDirectory.create(out, plan);
      expect(RunDirectory.create(out, plan).plan).toEqual(plan);
      expect(() => RunDirectory.create(out, { ...plan, seed: '2' })).toThrow(/was made with seed 1, not 2/);
      const settings = { ...plan.settings, learningRate: 1, batchSize: 7 };
      expect(() => RunDirectory.create(out, { ...plan, settings })).toThrow(/was made with batchSize 32, not 7/);
      expect(RunDirectory.open(out).plan).toEqual(plan);
    }));

  test('a directory that holds something else is refused, and left as it is', () =>
    inTemporaryDirectory(async (path) => {
      writeFileSync(join(path, 'letter.txt'), 'dear reader');
      expect(() => RunDirectory.create(path, plan)).toThrow(/is not empty and holds no run/);
      expect(readdirSync(path)).toEqual(['letter.txt']);
      expect(() => RunDirectory.open(path)).toThrow(/holds no run/);
    }));

  test('too few specifications for one split: no run is left, whichever split it was; one that had a split stays', () =>
    inTemporaryDirectory(async (path) => {
      const cramped = { ...plan.settings, gridWidth: 1, gridHeight: 1, validationSamples: 2, testSamples: 600 };
      const out = join(path, 'run');
      const run = RunDirectory.create(out, { ...plan, settings: cramped });
      await expect(makeCorpus(run, silent)).rejects.toThrow(/found only \d+ of 600 new test specifications/);
      expect(existsSync(out)).toBe(false);

      const before = RunDirectory.create(join(path, 'other'), { ...plan, settings: cramped });
      const two = RunDirectory.create(join(path, 'two'), {
        ...plan,
        settings: { ...cramped, testSamples: 2, trainSamples: 2 },
      });
      await makeCorpus(two, silent);
      mkdirSync(join(before.path, 'corpus'));
      copyFileSync(two.corpus('validation'), before.corpus('validation'));
      await expect(makeCorpus(before, silent)).rejects.toThrow(/new test specifications/);
      expect(existsSync(before.corpus('validation'))).toBe(true);
    }));

  test('a settings.json that was cut off or edited is refused with its name', () =>
    inTemporaryDirectory(async (path) => {
      const out = join(path, 'run');
      RunDirectory.create(out, plan);
      const file = join(out, 'settings.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, -20));
      expect(() => RunDirectory.open(out)).toThrow(/settings\.json/);
      writeFileSync(file, text.replace('"steps"', '"stops"'));
      expect(() => RunDirectory.open(out)).toThrow(/unknown setting stops/);
    }));

  test('checkpoints are evenly spaced, from 0 to the last step', () =>
    inTemporaryDirectory(async (path) => {
      const settings = { ...plan.settings, steps: 10, checkpoints: 4 };
      const run = RunDirectory.create(join(path, 'run'), { ...plan, settings });
      expect(run.checkpointSteps()).toEqual([0, 3, 5, 8, 10]);
    }));
});

describe('atomic files', () => {
  test('a file or directory is replaced as a whole, and no temporary is left', () =>
    inTemporaryDirectory(async (path) => {
      writeFileAtomically(join(path, 'a'), 'one');
      writeFileAtomically(join(path, 'a'), 'two');
      expect(readFileSync(join(path, 'a'), 'utf8')).toBe('two');
      mkdirSync(join(path, 'd.tmp'));
      writeFileSync(join(path, 'd.tmp', 'half'), 'left by a crash');
      writeDirectoryAtomically(join(path, 'd'), { x: 'x', y: new Uint8Array([1]) });
      expect(readdirSync(join(path, 'd'))).toEqual(['x', 'y']);
      expect(existsSync(join(path, 'd.tmp'))).toBe(false);
    }));
});

describe('metrics.jsonl', () => {
  const line = (step: number): StepMetrics => ({
    step,
    epoch: 0,
    loss: 1 / step,
    learningRate: 1,
    gradientNorm: 1,
    tokens: 10,
    tokensPerSecond: 5,
  });

  test('holds each step once after a resume, also when a crash cut off its last line', () =>
    inTemporaryDirectory(async (path) => {
      const file = join(path, 'metrics.jsonl');
      const first = new MetricsFile(file, 0);
      for (let step = 1; step <= 120; step++) first.add(line(step));
      first.flush();
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, -7));
      expect(readMetrics(file)).toHaveLength(119);
      const second = new MetricsFile(file, 100);
      for (let step = 101; step <= 130; step++) second.add(line(step));
      second.flush();
      expect(readMetrics(file).map(({ step }) => step)).toEqual(Array.from({ length: 130 }, (_, index) => index + 1));
    }));
});

describe('order of the batches', () => {
  test('each epoch takes every sample once; the first in order, later ones in orders of their own', () => {
    const order = new BatchOrder(60, 12, 'seed');
    const epochs = [0, 1, 2].map((epoch) => [0, 1, 2, 3, 4].flatMap((batch) => order.batch(epoch * 5 + batch)));
    const all = Array.from({ length: 60 }, (_, index) => index);
    expect(epochs[0]).toEqual(all);
    for (const samples of epochs) expect([...samples].sort((a, b) => a - b)).toEqual(all);
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(epochs[2]).not.toEqual(epochs[1]);
    expect(order.epochs(5)).toBe(1);
  });

  test('a batch is the same whether or not those before it were asked for', () => {
    const order = new BatchOrder(100, 7, 'seed');
    for (let step = 0; step < 40; step++) order.batch(step);
    expect(new BatchOrder(100, 7, 'seed').batch(40)).toEqual(order.batch(40));
    expect(new BatchOrder(100, 7, 'other').batch(40)).not.toEqual(order.batch(40));
  });
});
