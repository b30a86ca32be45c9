/** @file What training is said to take of memory, held against what it takes. */
import { expect, test } from 'vitest';
import { lastingBytes, modelConfig, trainingBytes } from '../../src/study/model-config.ts';
import { trainerSettings } from '../../src/study/stages/train.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { CodeGen, Trainer } from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { settingsWith } from './memory-runs.ts';

test.each(['adamw', 'muon'] as const)(
  '%s: a model and its trainer keep lastingBytes, no byte more or less',
  (optimizer) => {
    const settings = settingsWith({ optimizer });
    const engine = createReferenceEngine('float32');
    const model = CodeGen.initialize(engine, modelConfig(settings), uniform(1));
    const values = model.parameters.reduce((sum, { value }) => sum + value.size, 0);
    expect(engine.memory().usedBytes).toBe(4 * 2 * values); // weights and gradients
    new Trainer(engine, model, trainerSettings(settings));
    expect(engine.memory().usedBytes).toBe(lastingBytes(settings));
  },
);

test('muon saves one number for each weight of a block’s matrices, and takes its scratch memory', () => {
  const [adamw, muon] = (['adamw', 'muon'] as const).map((optimizer) =>
    settingsWith({ optimizer, n_embd: 32, n_layer: 2 }),
  );
  const saved = 2 * (3 + 1 + 4 + 4) * 32 * 32;
  expect(lastingBytes(adamw!) - lastingBytes(muon!)).toBe(4 * saved);
  const scratch = 3 * 32 * 128 + 2 * 32 * 32; // of fc_in and fc_out
  expect(trainingBytes(adamw!) - trainingBytes(muon!)).toBe(4 * (saved - scratch));
});
