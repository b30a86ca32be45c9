import { describe, expect, test } from 'vitest';
import { linearSchedule } from '../../src/autograd/index.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  BatchError,
  type CodeGen,
  NonFiniteLossError,
  nextTokens,
  Trainer,
  type TrainerSettings,
  weightsFrom,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { sequences, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float64');
const settings: TrainerSettings = {
  schedule: linearSchedule({ peak: 0.01, warmupSteps: 5, totalSteps: 40 }),
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  clip: 1,
};
const samples = sequences(6, 4, 9);
const bits = (model: CodeGen): number[] => model.parameters.flatMap(({ value }) => Array.from(value.data));

/** The parameters that Muon moves where it is chosen: exactly these. */
const BLOCK_MATRICES = [0, 1].flatMap((layer) =>
  ['attn.qkv_proj', 'attn.out_proj', 'mlp.fc_in', 'mlp.fc_out'].map((name) => `transformer.h.${layer}.${name}.weight`),
);

describe('Trainer', () => {
  test('40 steps on six samples bring the loss below a tenth', () => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    const reports = Array.from({ length: 40 }, () => trainer.step({ sequences: samples }));
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss / 10);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(reports.map(({ learningRate }) => learningRate)).toEqual(reports.map((_, i) => settings.schedule(i)));
    expect(reports[0]!.tokens).toBe(samples.flat().length);
  });

  test('by default every token predicts the next, and all count the same', () => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    const plain = trainer.gradients({ sequences: samples });
    const targets = samples.map((sample) => nextTokens(sample));
    const weights = samples.map((sample) => new Float32Array(sample.length).fill(2));
    const same = trainer.gradients({ sequences: samples, targets, weights });
    expectClose([same.loss, same.gradientNorm], [plain.loss, plain.gradientNorm], { relative: 1e-12, absolute: 0 });
  });

  test('loss on the program only: weightsFrom is the same as ignoring the targets before it', () => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    const first = 3; // the program starts here: position 2 predicts its first token
    const targets = samples.map((sample) => nextTokens(sample).fill(-100, 0, first - 1));
    const ignored = trainer.gradients({ sequences: samples, targets });
    const weights = samples.map((sample) => weightsFrom(sample.length, first));
    const weighted = trainer.gradients({ sequences: samples, weights });
    expectClose([weighted.loss, weighted.gradientNorm], [ignored.loss, ignored.gradientNorm], {
      relative: 1e-12,
      absolute: 0,
    });
    expect(weighted.loss).not.toBeCloseTo(trainer.gradients({ sequences: samples }).loss, 3);
  });

  test('clipping: with a tiny norm allowed and a large epsilon a step moves in proportion to it', () => {
    const moved = (clip: number): number => {
      const model = tinyModel(engine);
      const before = bits(model);
      new Trainer(engine, model, { ...settings, schedule: () => 1, epsilon: 1e3, clip }).step({ sequences: samples });
      return Math.hypot(...bits(model).map((value, i) => value - before[i]!));
    };
    expectClose([moved(1e-2)], [10 * moved(1e-3)], { relative: 1e-3, absolute: 0 });
    expect(moved(Infinity)).toBe(moved(1e9));
  });

  test('with muon, 40 steps bring the loss below a quarter', () => {
    const trainer = new Trainer(engine, tinyModel(engine), { ...settings, optimizer: 'muon' });
    const losses = Array.from({ length: 40 }, () => trainer.step({ sequences: samples }).loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);
  });

  test('with muon, the matrices of the blocks alone have a momentum, and all else m and v', () => {
    const trainer = new Trainer(engine, tinyModel(engine), { ...settings, optimizer: 'muon' });
    const others = trainer.model.parameters.map(({ name }) => name!).filter((name) => !BLOCK_MATRICES.includes(name));
    expect([...trainer.state().moments.keys()].sort()).toEqual(
      [
        ...BLOCK_MATRICES.map((name) => `momentum.${name}`),
        ...others.flatMap((name) => [`m.${name}`, `v.${name}`]),
      ].sort(),
    );
  });

  test('muon moves the matrices of the blocks otherwise than adamw, and leaves all else to adamw, to the bit', () => {
    const [adamw, muon] = (['adamw', 'muon'] as const).map((optimizer) => {
      const trainer = new Trainer(engine, tinyModel(engine), { ...settings, schedule: () => 0.01, optimizer });
      trainer.step({ sequences: samples });
      return trainer.model;
    });
    const differing = adamw!.parameters.filter(({ name, value }) => {
      const other = muon!.parameter(name!).value.data;
      return value.data.some((each, i) => each !== other[i]);
    });
    expect(differing.map(({ name }) => name)).toEqual(BLOCK_MATRICES);
  });

  test('a loss that is not finite throws, with the step, before anything has changed', () => {
    const model = tinyModel(engine);
    const trainer = new Trainer(engine, model, settings);
    trainer.step({ sequences: samples });
    const bias = model.parameter('lm_head.bias').value.data;
    bias[2] = Number.NaN;
    const before = bits(model);
    const moments = [...trainer.state().moments.values()].flatMap(({ data }) => Array.from(data));
    const run = (): unknown => trainer.step({ sequences: samples });
    expect(run).toThrow(NonFiniteLossError);
    expect(run).toThrow('training: the loss of step 2 is NaN');
    expect(bits(model)).toEqual(before);
    expect([...trainer.state().moments.values()].flatMap(({ data }) => Array.from(data))).toEqual(moments);
    expect(trainer.stepCount).toBe(1);
  });

  test('a gradient that is not finite throws too, before anything has changed', () => {
    const kernels = { ...engine.kernels, sumOfSquares: () => Number.POSITIVE_INFINITY };
    const broken: Engine = { ...engine, kernels };
    const model = tinyModel(broken);
    const before = bits(model);
    const trainer = new Trainer(broken, model, settings);
    expect(() => trainer.step({ sequences: samples })).toThrow('the gradient norm of step 1 is Infinity');
    expect(bits(model)).toEqual(before);
  });

  test('a batch without any target has no loss: NonFiniteLossError', () => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    expect(() => trainer.step({ sequences: [[1]] })).toThrow(NonFiniteLossError);
  });

  test.each([
    [{ targets: [[1, 2]] }, 'targets of 1 samples for 2 sequences'],
    [{ targets: [[1, 2], [1]] }, '1 targets for sequence 1 of 2 tokens'],
    [{ weights: [[1], [1, 1]] }, '1 weights for sequence 0 of 2 tokens'],
  ])('%j is refused: %s', (change, message) => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    const run = (): unknown =>
      trainer.step({
        sequences: [
          [1, 2],
          [3, 4],
        ],
        ...change,
      });
    expect(run).toThrow(BatchError);
    expect(run).toThrow(message);
  });
});
