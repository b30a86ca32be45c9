/** @file A walk through a run whose model was imported ends at a parameter, and says so. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { explainRun, RunAudit, walk } from '../../src/audit/index.ts';
import { randomStream } from '../../src/random.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { importModel } from '../../src/study/import-model.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { runStages } from '../../src/study/runner.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { CodeGen, encodeModel } from '../../src/transformer/index.ts';
import { contextWith, settingsWith } from '../study/memory-runs.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

test('a walk from a logit ends at a parameter whose training is not known', async () => {
  const sizes = { trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5, traceTrain: 20 };
  const plan = {
    preset: 'smoke',
    seed: '1',
    settings: settingsWith({ ...sizes, probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16 }),
  };
  const engine = await createEngine();
  const model = CodeGen.initialize(engine, modelConfig(plan.settings), randomStream('elsewhere', 'model'));
  const run = importModel(new MemoryStore(), encodeModel(model), plan);
  await runStages(run, contextWith({ openEngine: () => createEngine() }));
  const audit = new RunAudit(run, engine);
  const seen = [];
  for await (const one of walk((address) => explainRun(audit, address), 'sample 0/token 22/logits[21]')) seen.push(one);
  expect(seen.at(-1)).toMatchObject({ formula: 'imported: its training is not known', operands: [] });
  const { address, value } = seen.at(-1)!;
  const [, name, row, column] = /^step 1\/(.*)\[(\d+),(\d+)\]$/.exec(address)!;
  const at = Number(row) * plan.settings.n_embd + Number(column);
  expect(audit.state(1).numbers.get(name!)!.data[at]).toBe(value);
}, 60_000);
