/** A run whose training has not ended, stage by stage; what a killed run makes up for; when a run has ended. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNotEnded } from '../../src/study/completeness.ts';
import { writeJson } from '../../src/study/files.ts';
import { readMetrics, type StepMetrics } from '../../src/study/metrics.ts';
import { runStages, type Stage } from '../../src/study/pipeline.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { type ProbeFile, readProbes } from '../../src/study/probe-stage.ts';
import { silent } from '../../src/study/progress.ts';
import { collectResults } from '../../src/study/report-stage.ts';
import { RunDirectory } from '../../src/study/run-directory.ts';
import { trainingState } from '../../src/study/run-state.ts';
import { reportStudy } from '../../src/study/seeds.ts';
import { checkSettings, withOverrides } from '../../src/study/settings.ts';
import { train } from '../../src/study/train-stage.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { inTemporaryDirectory } from '../helpers/command.ts';

const SETTINGS = checkSettings(
  withOverrides(presetNamed('smoke').settings, {
    ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
    ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 6, checkpoints: 3, batchSize: 4 },
    ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1 },
  }),
);

/** Runs stages and gives the lines that were said. */
async function linesOf(run: RunDirectory, ...stages: Stage[]): Promise<string[]> {
  const lines: string[] = [];
  const progress = { ...silent, line: (text: string) => void lines.push(text) };
  await runStages(run, { progress, openEngine: async () => createReferenceEngine('float32') }, stages);
  return lines;
}

const filesOf = (path: string): string[] => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const take = (run: RunDirectory, ...steps: number[]): void => {
  for (const step of steps) {
    for (const path of [run.checkpoint(step), run.traces(step)]) rmSync(path, { recursive: true });
  }
};

const NO_PROBES: ProbeFile = {
  outcomes: [],
  skipped: [],
  labelDistribution: {},
  evidence: { shares: [], contrasts: [], lookAhead: [] },
};

let directory = '';
let release = (): void => {};
let trained: RunDirectory;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    inTemporaryDirectory(async (path) => {
      directory = path;
      trained = RunDirectory.create(join(path, 'trained'), { preset: 'smoke', seed: '1', settings: SETTINGS });
      await linesOf(trained, 'corpus', 'train');
      ready();
      await new Promise<void>((end) => (release = end));
    }).catch(failed);
  });
});
afterAll(() => release());

function copyOf(name: string, from = trained): RunDirectory {
  cpSync(from.path, join(directory, name), { recursive: true });
  return RunDirectory.open(join(directory, name));
}

describe('training stopped at step 4 of 6', () => {
  test('analyse refuses in one line that says how to go on, and writes nothing', async () => {
    const run = copyOf('analyse');
    take(run, 6);
    const before = filesOf(run.path);
    const refused = await linesOf(run, 'analyse').catch((error: Error) => error.message);
    expect(refused).toMatch(
      /^.*analyse: training has not ended \(step 4 of 6\): go on with karelscope reproduce smoke --seed 1 --train-samples 40 .*--out \S*analyse$/,
    );
    expect(refused).toContain('--steps 6 ');
    expect(filesOf(run.path)).toEqual(before);
  });

  test('probe does the checkpoints that have traces, as those before the last, and names the others', async () => {
    const run = copyOf('probe');
    take(run, 6);
    rmSync(run.traces(2), { recursive: true });
    const said = await linesOf(run, 'probe');
    expect(said).toEqual(['training has not ended (step 4 of 6); left out, without traces: step 2, 6']);
    expect(readdirSync(join(run.path, 'probes'))).toEqual(['step-0000000.json', 'step-0000004.json']);
    const last = readProbes(run, 4)!;
    expect(last.evidence).toBeUndefined();
    const asked = [...last.outcomes, ...last.skipped];
    expect(new Set(asked.map(({ offset, hiddenLayers }) => `${offset}/${hiddenLayers}`))).toEqual(
      new Set(['-1/0', '-1/1', '0/0', '0/1']),
    );
  });

  test('trace makes what is missing; report says the numbers of the last checkpoint with traces, and no other', async () => {
    const run = copyOf('report');
    take(run, 6);
    rmSync(run.traces(4), { recursive: true });
    const results = collectResults(run);
    expect(results.checkpoints.map(({ step }) => step)).toEqual([0, 2]);
    expect(results.modelSha256).toBe(sha256(join(run.checkpoint(2), 'model.safetensors')));
    expect(results.epochs).toBeCloseTo((2 * 4) / 40, 9);
    expect(await linesOf(run, 'trace')).toEqual([
      'training has not ended (step 4 of 6)',
      expect.stringMatching(/^step 4 .*solved/),
    ]);
    const said = await linesOf(run, 'report');
    expect(said.at(-1)).toMatch(/^report: /);
    const after = JSON.parse(readFileSync(run.results, 'utf8')) as typeof results;
    expect(after.checkpoints.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(after.checkpoints).toEqual(JSON.parse(JSON.stringify(collectResults(trained).checkpoints.slice(0, 3))));
    expect(after.modelSha256).toBe(sha256(join(run.checkpoint(4), 'model.safetensors')));
    expect(after).toMatchObject({ evidence: null, permutations: null, layers: null, causal: null });
  });

  test('before the first checkpoint report is of the initial model; without traces it refuses', async () => {
    const run = copyOf('initial');
    take(run, 2, 4, 6);
    const results = collectResults(run);
    expect(results).toMatchObject({ checkpoints: [{ step: 0 }], epochs: 0 });
    expect(results.modelSha256).toBe(sha256(join(run.checkpoint(0), 'model.safetensors')));
    expect((await linesOf(run, 'report')).at(-1)).toMatch(/^report: /);
    rmSync(run.traces(0), { recursive: true });
    expect(() => collectResults(run)).toThrow('initial has no traces yet: train it first');
    expect((await linesOf(run, 'trace')).at(-1)).toMatch(/^step 0 /);
  });
});

describe('training has ended', () => {
  test('train makes the traces of a run that was killed between a checkpoint and its traces: the same bytes', async () => {
    const run = copyOf('killed');
    take(run, 6);
    rmSync(run.traces(4), { recursive: true });
    await linesOf(run, 'train');
    rmSync(run.traces(6), { recursive: true });
    await linesOf(run, 'train');
    for (const step of [4, 6]) {
      for (const name of filesOf(trained.traces(step))) {
        expect(sha256(join(run.traces(step), name))).toBe(sha256(join(trained.traces(step), name)));
      }
    }
  });

  test('probe and analyse refuse a run that lacks traces, before anything is computed', async () => {
    const run = copyOf('untraced');
    rmSync(run.traces(4), { recursive: true });
    const before = filesOf(run.path);
    for (const stage of ['probe', 'analyse'] as const) {
      await expect(linesOf(run, stage)).rejects.toThrow(
        /step-0000004: no traces; make them with karelscope trace \S+$/,
      );
    }
    expect(filesOf(run.path)).toEqual(before);
  });

  test('analyses are in the results only beside the checkpoint that they are of', () => {
    const run = copyOf('analysed');
    for (const name of ['permutations', 'layers', 'causal']) writeJson(run.analysis(name), { made: 'up' });
    expect(collectResults(run)).toMatchObject({ permutations: { made: 'up' }, layers: { made: 'up' } });
    rmSync(run.traces(6), { recursive: true });
    expect(collectResults(run)).toMatchObject({ permutations: null, layers: null, causal: null });
  });

  test('what cannot be drawn or does not fit together is refused before any file of a report is written', async () => {
    const odd = copyOf('odd');
    writeJson(odd.analysis('permutations'), { made: 'up' });
    const before = filesOf(odd.path);
    await expect(linesOf(odd, 'report')).rejects.toThrow();
    expect(filesOf(odd.path)).toEqual(before);

    const [one, other] = ['1', '2'].map((seed) => copyOf(`unlike/seed-${seed}`));
    for (const run of [one!, other!]) {
      for (const step of run.checkpointSteps()) writeJson(run.probes(step), NO_PROBES);
      for (const name of ['permutations', 'layers', 'causal']) writeJson(run.analysis(name), null);
    }
    const file = join(other!.path, 'settings.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"seed": "1"', '"seed": "2"').replace('"probeSeeds": 1', '"probeSeeds": 2'),
    );
    const studyPath = join(directory, 'unlike');
    const files = filesOf(studyPath);
    await expect(reportStudy(studyPath, { progress: silent })).rejects.toThrow(
      'seeds 1 and 2 differ in their settings',
    );
    expect(filesOf(studyPath)).toEqual(files);
  });

  test('a study counts only runs with all traces, probes, evidence and analyses, and names why others are left out', async () => {
    const whole = copyOf('study/seed-1');
    for (const step of whole.checkpointSteps()) writeJson(whole.probes(step), NO_PROBES); // runs here are only counted
    const names = ['permutations', 'layers', 'causal'];
    expect(whyNotEnded(whole)).toBe('not analysed: permutations, layers, causal');
    for (const name of names) {
      expect(whyNotEnded(whole)).toContain(name);
      writeJson(whole.analysis(name), null);
    }
    expect(whyNotEnded(whole)).toBeUndefined();
    const spoilt: [number, string, (run: RunDirectory) => void][] = [
      [2, 'training has not ended (step 4 of 6)', (run) => take(run, 6)],
      [3, 'no traces of step 2', (run) => rmSync(run.traces(2), { recursive: true })],
      [4, 'no probes of step 6', (run) => rmSync(run.probes(6))],
      [
        5,
        'the probes of its last checkpoint have no evidence',
        (run) => {
          const { evidence: _, ...others } = NO_PROBES;
          writeJson(run.probes(6), others);
        },
      ],
      [6, 'not analysed: layers', (run) => rmSync(run.analysis('layers'))],
    ];
    for (const [seed, , spoil] of spoilt) {
      const file = join(copyOf(`study/seed-${seed}`, whole).path, 'settings.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"seed": "1"', `"seed": "${seed}"`));
      spoil(RunDirectory.open(join(directory, `study/seed-${seed}`)));
    }
    const lines: string[] = [];
    const progress = { ...silent, line: (text: string) => void lines.push(text) };
    const study = await reportStudy(join(directory, 'study'), { progress });
    expect(study.seeds).toEqual(['1']);
    expect(lines.slice(0, 5)).toEqual(spoilt.map(([seed, why]) => `seed ${seed} is left out: ${why}`));
    renameSync(whole.path, join(directory, 'whole'));
    await expect(reportStudy(join(directory, 'study'), { progress })).rejects.toThrow(
      /study holds no run of a seed that has ended/,
    );
  });
});

test('a damaged line of metrics.jsonl is named with its file; a last one that a crash cut off is left out', () => {
  const file = join(directory, 'metrics.jsonl');
  writeFileSync(file, '{"step":1}\n{"step":2}\n{"st');
  expect(readMetrics(file).map(({ step }) => step)).toEqual([1, 2]);
  writeFileSync(file, '{"step":1}\n{"st\n{"step":3}\n');
  expect(() => readMetrics(file)).toThrow(/metrics\.jsonl: line 2 is truncated or altered/);
});

describe('training that is cut off between two checkpoints', () => {
  const engine = createReferenceEngine('float32');
  const CUT = new Error('cut off');
  /** Keeps itself at every step, and is cut off once it has done so at `step`. */
  const cutAt = (run: RunDirectory, step: number) =>
    train(
      run,
      engine,
      silent,
      {
        atCheckpoint: () => {},
        atKept: (kept) => {
          if (kept === step) throw CUT;
        },
      },
      0,
    );

  test('goes on from the step at which it was kept, and ends with the bits of training left alone', async () => {
    const run = RunDirectory.create(join(directory, 'cut'), { preset: 'smoke', seed: '1', settings: SETTINGS });
    await linesOf(run, 'corpus');
    for (const step of [1, 3, 5]) {
      await expect(cutAt(run, step)).rejects.toBe(CUT); // checkpoints are at 2, 4 and 6
      expect(trainingState(run)).toBe(`training has not ended (step ${step} of 6)`);
      expect(readdirSync(run.unfinished)).toEqual([`step-000000${step}`]);
    }
    const lines: string[] = [];
    const progress = { ...silent, line: (text: string) => void lines.push(text) };
    await train(run, engine, progress, { atCheckpoint: () => {} });
    expect(lines).toEqual(['resuming at step 5']);
    expect(existsSync(run.unfinished)).toBe(false);
    for (const step of [2, 4, 6]) {
      for (const name of readdirSync(trained.checkpoint(step))) {
        expect(sha256(join(run.checkpoint(step), name))).toBe(sha256(join(trained.checkpoint(step), name)));
      }
    }
    const untimed = ({ tokensPerSecond: _, ...rest }: StepMetrics) => rest;
    expect(readMetrics(run.metrics).map(untimed)).toEqual(readMetrics(trained.metrics).map(untimed));
  });

  test('refuses a kept step whose file is damaged, by name', async () => {
    const run = RunDirectory.create(join(directory, 'damaged'), { preset: 'smoke', seed: '1', settings: SETTINGS });
    await linesOf(run, 'corpus');
    await expect(cutAt(run, 3)).rejects.toBe(CUT);
    const [name = ''] = readdirSync(join(run.unfinished, 'step-0000003')).filter((one) => one.endsWith('.safetensors'));
    const path = join(run.unfinished, 'step-0000003', name);
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    await expect(cutAt(run, 5)).rejects.toThrow(/unfinished.step-0000003/);
  });
});
