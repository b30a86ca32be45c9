/** @file Recorded passes have the bits of training, reading and generation; their numbers are found again one by one. */
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { createExactEngine } from '../../src/tensor/exact/index.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import type { Engine } from '../../src/tensor/index.ts';
import {
  CodeGen,
  codeGenConfig,
  generate,
  type RecordedPass,
  readSequence,
  recordGeneration,
  recordReading,
  recordTraining,
  Trainer,
} from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const shape = { n_positions: 30, n_embd: 16, n_layer: 2, n_head: 4, rotary_dim: 2, initializer_range: 0.3 };
const config = codeGenConfig({ vocab_size: 11, ...shape });
const modelOn = (engine: Engine): CodeGen => CodeGen.initialize(engine, config, uniform(7));
const settings = { schedule: () => 0.01, clip: 1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
const sequences = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  [3, 3, 3],
  [9, 1, 0, 4, 4, 4, 4, 2, 2, 2, 2, 2, 7],
];

const named = ({ variables }: RecordedPass, name: string, firstToken: number | null = 0) =>
  [...variables].find(([, found]) => found.name === name && found.firstToken === firstToken)![0];

test('a recorded training pass has the loss and the gradients of a training step', async () => {
  const engine = await createEngine();
  const model = modelOn(engine);
  const pass = recordTraining(engine, model, { sequences });
  const gradients = model.parameters.map(({ gradient }) => [...gradient!.data]);
  const trainer = new Trainer(engine, model, settings);
  expect(named(pass, 'loss', null).value.data[0]).toBe(trainer.gradients({ sequences }).loss);
  expect(gradients).toEqual(model.parameters.map(({ gradient }) => [...gradient!.data]));
  for (const { name, gradient } of model.parameters) {
    expect([...named(pass, name!, null).gradient!.data]).toEqual([...gradient!.data]);
  }
  expect([...pass.starts!]).toEqual([0, 10, 13, 26]);
});

test('a recorded reading has every activation of a reading', async () => {
  const engine = await createEngine();
  const model = modelOn(engine);
  const pass = recordReading(engine, model, sequences[0]!);
  for (const [name, { data }] of readSequence(engine, model, sequences[0]!).activations) {
    const alias = /^hidden_states\.(\d+)$/.exec(name);
    const last = Number(alias?.[1]) === config.n_layer;
    const canonical = alias && alias[1] !== '0' && !last ? `h.${Number(alias[1]) - 1}` : name;
    expect([...named(pass, canonical).value.data], name).toEqual([...data]);
  }
});

test('a recorded generation has the hidden states of a generation with a cache', async () => {
  const engine = await createEngine();
  const model = modelOn(engine);
  const [prompt] = sequences as [number[]];
  const [written] = generate(engine, model, [prompt], {
    maxNewTokens: 6,
    endToken: -1,
    taps: ['hidden_states.mean', 'logits'],
  });
  const pass = recordGeneration(engine, model, prompt, written!.tokens);
  for (const name of ['hidden_states.mean', 'logits'] as const) {
    const rows = written!.tokens.map((_, at) => {
      const { value } = named(pass, name, at === 0 ? 0 : prompt.length + at - 1);
      return [...value.data.slice(-value.shape[1]!)];
    });
    expect(rows.flat()).toEqual([...written!.activations[name]!]);
  }
});

for (const arithmetic of ['simd', 'relaxed-simd'] as const) {
  test(`${arithmetic}: every number of a generation is found again by itself, to the bit`, async () => {
    const engine = await createEngine({ arithmetic });
    const exact = createExactEngine(arithmetic);
    const { nodes } = recordGeneration(engine, modelOn(engine), sequences[2]!, [5, 6, 7, 1]);
    expect(new Set(nodes.map(({ op }) => op.name))).toContain('attentionStep');
    for (const node of nodes) {
      node.output.value.data.forEach((value, at) => {
        expect(node.op.explain(node, at).again(exact), `${node.op.name} ${at}`).toBe(value);
      });
    }
  });

  test(`${arithmetic}: three training steps with exact kernels, AdamW and Muon, end in the same bits as with fast ones`, async () => {
    const engine = await createEngine({ arithmetic });
    const trainers = [engine, createExactEngine(arithmetic)].map(
      (by) => new Trainer(by, modelOn(by), { ...settings, optimizer: 'muon' }),
    );
    for (let step = 0; step < 3; step++) for (const trainer of trainers) trainer.step({ sequences });
    const [fast, exact] = trainers.map(({ model }) => model.parameters.map(({ value }) => [...value.data]));
    expect(exact).toEqual(fast);
  });
}
