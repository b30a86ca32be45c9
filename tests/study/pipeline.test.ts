/** The whole study at the size of `smoke`, run as a user runs it: by the built command line. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { actionsOf, runActions, worldEqualsAsDrawn } from '../../src/karel/index.ts';
import { DiskStore } from '../../src/node/disk-store.ts';
import type { Results } from '../../src/results/results.ts';
import { withCorpus } from '../../src/study/corpus-reader.ts';
import { Run } from '../../src/study/run.ts';
import { readTraces } from '../../src/study/stages/trace.ts';
import { type Finished, karelscope, sharedDirectory } from '../helpers/command.ts';
import { SMOKE_SIMD_MANIFEST } from '../helpers/smoke-manifest.ts';
import { checkpointsOf, everyStepTo, resultsOf, stepsOf } from './run-files.ts';

const SMOKE = ['reproduce', 'smoke', '--seed', 'test', '--arithmetic', 'simd'];
const WORLD = '#####|#>..#|#...#|#...#|#####';
/** With what the progress of each piece of work begins its lines. */
const STAGE_LINES = 'corpus train trace probe permutations layers edits patches'.split(' ');

describe('reproduce smoke', () => {
  const directory = sharedDirectory();
  const whole = join(directory, 'whole');
  let finished: Finished;
  let results: Results;

  beforeAll(async () => {
    finished = await karelscope(...SMOKE, '--threads', '1', '--out', whole);
    results = resultsOf(whole);
  });

  test('ends with code 0, a line for each checkpoint, and nothing on standard error', () => {
    expect(finished.stderr).toBe('');
    expect(finished.code).toBe(0);
    expect(finished.stdout.match(/^step +\d+ +[\d.]+% solved/gm)).toHaveLength(6);
    expect(finished.stdout).toMatch(/page: file:.*report\/index\.html/);
  });

  test('has the bits of every machine and engine: the pinned manifest', () => {
    expect(finished.stdout).toContain(`manifest ${SMOKE_SIMD_MANIFEST}`);
  });

  test('writes results.json with the documented keys, at least 5 checkpoints, and a report', () => {
    expect(results).toMatchObject({ preset: 'smoke', seed: 'test' });
    expect(results.modelSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(results.checkpoints.length).toBeGreaterThanOrEqual(5);
    const ofCheckpoint = ['step', 'generativeAccuracy', 'distinctPrograms', 'meanLength'] as const;
    for (const checkpoint of results.checkpoints) {
      for (const key of [...ofCheckpoint, 'programPerplexity', 'gridPerplexity'] as const) {
        expect(Number.isFinite(checkpoint[key]), key).toBe(true);
      }
    }
    expect(results.probes.length).toBeGreaterThan(0);
    const ofProbe = ['step', 'offset', 'hiddenLayers', 'accuracy', 'majority'] as const;
    for (const probe of results.probes) {
      for (const key of [...ofProbe, 'information', 'untrained', 'n'] as const) {
        expect(Number.isFinite(probe[key]), key).toBe(true);
      }
    }
    expect(readFileSync(join(whole, 'report/index.html'), 'utf8')).toContain(results.modelSha256);
  });

  test('accuracy, its interval, distinct programs and mean length are those of the programs in the traces, executed here', () => {
    const run = Run.open(new DiskStore(whole));
    withCorpus(run, 'test', (corpus) => {
      for (const { programs, ...checkpoint } of results.checkpoints) {
        const written = readTraces(run, checkpoint.step).programs.test;
        const solved = written.filter((words, index) => {
          const { inputs, outputs } = corpus.record(index);
          return inputs.every((input, at) => worldEqualsAsDrawn(runActions(input, actionsOf(words)), outputs[at]!));
        });
        const accuracy = solved.length / written.length;
        const words = written.reduce((sum, { length }) => sum + length, 0);
        expect(checkpoint).toMatchObject({ specifications: written.length, generativeAccuracy: accuracy });
        expect(checkpoint.distinctPrograms).toBe(new Set(written.map((program) => program.join(' '))).size);
        expect(checkpoint.meanLength).toBeCloseTo(words / written.length, 12);
        const { low, high } = programs!.generativeAccuracy.interval!;
        expect([low < accuracy, high > accuracy]).toEqual([true, true]);
        expect(programs!.reference).toEqual(results.checkpoints[0]!.programs!.reference);
      }
    });
  });

  test('the loss falls, and program perplexity ends below that of the untrained model', () => {
    const [first, last] = [results.checkpoints[0]!, results.checkpoints.at(-1)!];
    expect(last.programPerplexity).toBeLessThan(first.programPerplexity / 2);
    expect(last.trainLoss!).toBeLessThan(results.checkpoints[1]!.trainLoss!);
  });

  test('the metrics hold every step once', () => {
    expect(stepsOf(whole)).toEqual(everyStepTo(results.checkpoints.at(-1)!.step));
  });

  test('a finished run is not done again', async () => {
    const again = await karelscope(...SMOKE, '--out', whole);
    expect(again.code).toBe(0);
    for (const stage of STAGE_LINES) {
      // It was done once; fewer than a second between two checkpoints leaves no line of training.
      if (stage !== 'train') expect(finished.stdout).toMatch(new RegExp(`^${stage} `, 'm'));
      expect(again.stdout).not.toMatch(new RegExp(`^${stage} `, 'm'));
    }
    expect(resultsOf(whole)).toEqual(results);
  });

  test('other settings are refused for the directory, naming the setting, and change nothing', async () => {
    const before = readFileSync(join(whole, 'settings.json'), 'utf8');
    const refused = await karelscope(...SMOKE, '--batch-size', '16', '--out', whole);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/was made with batchSize 32, not 16/);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(join(whole, 'settings.json'), 'utf8')).toBe(before);
  });

  test('data show and generate work on the finished run', async () => {
    const shown = await karelscope('data', 'show', whole, '--count', '1', '--tokens');
    expect(shown.stdout).toMatch(/test split.*\n\nsample 0\nin /);
    expect(shown.stdout).toMatch(/tokens +BOS IN/);
    const world = '#####|#>..#|#...#|#...#|#####';
    const written = await karelscope('generate', whole, '--world-in', world, '--world-out', world.replace('>.', '.>'));
    expect(written.stdout).toMatch(/step 1000\n.*\nwrites: /s);
  });

  test('trace, probe, analyse and report make anew what was removed with its descendants: the same manifest', async () => {
    const before = readFileSync(join(whole, 'manifest.json'), 'utf8');
    rmSync(join(whole, 'traces/step-0000200'), { recursive: true });
    const refused = await karelscope('report', whole);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/traces\/step-0000200.* missing: .*verify --repair/),
    ]);
    const repaired = await karelscope('verify', '--repair', whole);
    expect(repaired.code).toBe(1);
    for (const name of ['probes/step-0000200.json', 'analysis/layers.json', 'results.json']) {
      expect(repaired.stdout).toContain(`removed   ${name}`);
    }
    for (const stage of ['trace', 'probe', 'analyse', 'report']) {
      expect((await karelscope(stage, whole, ...(stage === 'report' ? [] : ['--threads', '1']))).code).toBe(0);
    }
    expect(readFileSync(join(whole, 'manifest.json'), 'utf8')).toBe(before);
    expect(await karelscope('verify', whole)).toMatchObject({ code: 0, stderr: '' });
  });

  test('an altered checkpoint is refused with the name of the file and the reason', async () => {
    const out = join(directory, 'altered');
    cpSync(whole, out, { recursive: true });
    const file = join(out, 'checkpoints', checkpointsOf(out).at(-1)!, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    for (const args of [
      ['trace', out],
      ['generate', out, '--world-in', WORLD, '--world-out', WORLD],
    ]) {
      const refused = await karelscope(...args);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^karelscope: .*model\.safetensors.*(damaged|altered)/);
    }
  });
});
