/** @file Models from elsewhere as runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/random.ts';
import type { Results } from '../../src/results/results.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { importModel } from '../../src/study/import-model.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { Run, readJson } from '../../src/study/run.ts';
import { firstUndone } from '../../src/study/runner.ts';
import type { Settings } from '../../src/study/settings.ts';
import { CodeGen, codeGenConfig, encodeModel, type Files } from '../../src/transformer/index.ts';
import { engine, linesOf, settingsWith } from './memory-runs.ts';

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
  ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1 },
};
const plan = { preset: 'smoke', seed: '1', settings: settingsWith(SETTINGS) };
const SHAPE = { n_embd: 8, n_layer: 1, n_head: 4, rotary_dim: 2 };

/** Files of a model for the tokens of `plan`, of another shape, with something changed. */
function filesWith(changes: Partial<ReturnType<typeof modelConfig>> = {}): Files {
  const config = codeGenConfig({ ...modelConfig(plan.settings), ...SHAPE, ...changes });
  return encodeModel(CodeGen.initialize(engine, config, randomStream('elsewhere', 'model')));
}

describe('an imported model', () => {
  test('is the last checkpoint of a run that goes through all stages but training, and ends', async () => {
    const store = new MemoryStore();
    const run = importModel(store, filesWith(), plan);
    expect(run.plan.settings).toMatchObject({ ...SHAPE, steps: 1, checkpoints: 1 });
    await linesOf(run);
    expect(firstUndone(Run.open(store))).toBeUndefined();
    const results = readJson<Results>(run, 'results.json');
    expect(results.checkpoints.map(({ step }) => step)).toEqual([0, 1]);
    expect(results.modelSha256).toBe(run.plan.imported);
    expect(results.modelSha256).toBe(run.sha256('checkpoints/step-0000001/model.safetensors'));
    expect(results.checkpoints[1]!.trainLoss).toBeNull();
    expect(run.has('metrics/step-0000001.jsonl')).toBe(false);
  });

  test('with a longer context than the samples need is taken as it is', () => {
    const { n_positions } = modelConfig(plan.settings);
    const run = importModel(new MemoryStore(), filesWith({ n_positions: n_positions + 50 }), plan);
    const config = new TextDecoder().decode(run.read('checkpoints/step-0000001/config.json'));
    expect(JSON.parse(config)).toMatchObject({ n_positions: n_positions + 50 });
  });

  test.each([
    [
      'other tokens',
      filesWith({ vocab_size: 99 }),
      /config\.json: vocab_size is 99, and a run with these settings has \d+/,
    ],
    ['too short a context', filesWith({ n_positions: 20 }), /config\.json: n_positions is 20/],
    ['another inner width', filesWith({ n_inner: 24 }), /config\.json: n_inner is 24, .* has 32/],
    ['no config.json', { 'model.safetensors': filesWith()['model.safetensors']! }, /config\.json.* is missing/],
  ])('with %s is refused, and nothing is written', (_, files, message) => {
    const store = new MemoryStore();
    expect(() => importModel(store, files, plan)).toThrow(message);
    expect(store.list()).toEqual([]);
  });

  test('that is lost cannot be trained again, and import brings it back', async () => {
    const store = new MemoryStore();
    const run = importModel(store, filesWith(), plan);
    const manifest = store.read('manifest.json');
    for (const name of store.list('checkpoints/')) store.remove(name);
    store.remove('manifest.json');
    await expect(linesOf(Run.open(store))).rejects.toThrow(
      /was imported, and is gone: karelscope import brings it back/,
    );
    for (const name of store.list().filter((one) => one !== 'settings.json')) store.remove(name);
    importModel(store, filesWith(), plan);
    expect(store.read('manifest.json')).toEqual(manifest);
    expect(run.plan).toEqual(Run.open(store).plan);
  });

  test('of other weights is refused for the same run', () => {
    const store = new MemoryStore('runs/x');
    importModel(store, filesWith(), plan);
    const other = encodeModel(
      CodeGen.initialize(
        engine,
        codeGenConfig({ ...modelConfig(plan.settings), ...SHAPE }),
        randomStream('other', 'model'),
      ),
    );
    expect(() => importModel(store, other, plan)).toThrow(
      /runs\/x was made with imported [0-9a-f]{64}, not [0-9a-f]{64}/,
    );
  });
});

test('the committed checkpoint is imported for the preset that it is of', () => {
  const path = join(import.meta.dirname, '../../results/tiny/checkpoint');
  const files = Object.fromEntries(
    ['config.json', 'model.safetensors'].map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]),
  );
  const run = importModel(new MemoryStore(), files, {
    preset: 'smoke',
    seed: '1',
    settings: settingsWith({ ...TINY }),
  });
  expect(run.read('checkpoints/step-0000001/model.safetensors')).toEqual(files['model.safetensors']);
});

const TINY: Partial<Settings> = { gridWidth: 4, gridHeight: 4, examples: 2, maxLength: 4, maxProgramLength: 4 };
