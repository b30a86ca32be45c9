/** @file Gradients of a real training step are the slopes of its loss, and one that is not is named. */
import { expect, test } from 'vitest';
import { parseElement } from '../../src/audit/element.ts';
import { auditGradient, GRADIENT_BOUND, SINGLE_BOUND } from '../../src/audit/gradient.ts';
import { describeElement, describeGradient, isRight, wrongSlopes } from '../../src/audit/gradient-text.ts';
import { copyTrainer, Training } from '../../src/audit/training.ts';
import { randomStream } from '../../src/random.ts';
import { createReferenceEngine, type Engine } from '../../src/tensor/index.ts';
import { linesOf, memoryRun } from '../study/memory-runs.ts';

const run = memoryRun({
  ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 4, checkpoints: 2, batchSize: 3 },
});
await linesOf(run, 'corpus', 'train');
const training = new Training(run, createReferenceEngine('float32'));
const { batch } = training.batch(4);
const random = () => randomStream('1', 'elements');

/** An engine that makes the gradient of every layer norm's weight a little too large. */
function wrongEngine(precision: 'float32' | 'float64', factor: number): Engine {
  const engine = createReferenceEngine(precision);
  const { layerNormBackwardParameters: right } = engine.kernels;
  const wrong: typeof right = (dweight, ...others) => {
    right(dweight, ...others);
    for (let i = 0; i < dweight.length; i++) dweight[i]! *= factor;
  };
  return { ...engine, kernels: { ...engine.kernels, layerNormBackwardParameters: wrong } };
}

test.each([0, 3, 4])('after step %i each derivative is the slope, and single precision is near', (step) => {
  const found = auditGradient(training.at(step), batch, { samples: 3, random: random() });
  expect(found.parameters.map(({ name }) => name)).toEqual(training.at(step).model.parameters.map(({ name }) => name));
  for (const { checked, single, elements } of found.parameters) {
    expect(checked).toHaveLength(Math.min(3, elements));
    for (const { relativeError } of checked) expect(relativeError).toBeLessThan(GRADIENT_BOUND);
    expect(single.relativeError).toBeLessThan(SINGLE_BOUND);
    expect(single.relativeError).toBeGreaterThan(0);
  }
  expect(isRight(found)).toBe(true);
  expect(describeGradient(found)).toMatch(/derivatives checked, each is the slope of the loss/);
});

test('a derivative that is wrong by a hundred-thousandth is named, with the slope that it should be', () => {
  const engine = wrongEngine('float64', 1.00001);
  const found = auditGradient(training.at(4), batch, { samples: 8, random: random(), engine });
  expect(isRight(found)).toBe(false);
  const names = new Set(wrongSlopes(found).map(({ address }) => address.replace(/\[.*/, '')));
  expect(names).toEqual(new Set(['transformer.h.0.ln_1.weight', 'transformer.ln_f.weight']));
  const { address, derivative, slope } = wrongSlopes(found)[0]!;
  expect(derivative / slope).toBeCloseTo(1.00001, 6);
  expect(describeGradient(found)).toContain(
    `wrong  ${address}: derivative ${derivative}, slope of the loss ${slope}, `,
  );
});

test('a gradient in single precision that is none of the one in double precision is named', () => {
  const trainer = copyTrainer(training.at(4), wrongEngine('float32', 1.05));
  const found = auditGradient(trainer, batch, { samples: 1, random: random() });
  expect(wrongSlopes(found)).toEqual([]);
  expect(isRight(found)).toBe(false);
  expect(describeGradient(found)).toMatch(/wrong {2}transformer\.ln_f\.weight\[\d\]: in single precision/);
});

test('one element can be asked for, and one that is not there is refused by name', () => {
  const audit = (text: string) =>
    auditGradient(training.at(4), batch, { samples: 1, random: random(), only: parseElement(text) });
  const found = audit('transformer.h.0.mlp.fc_in.weight[3,5]');
  expect(found.parameters.flatMap(({ checked }) => checked)).toHaveLength(1);
  expect(found.parameters[0]!.checked[0]!.value).toBe(
    training.at(4).model.parameter('transformer.h.0.mlp.fc_in.weight').value.data[3 * 8 + 5],
  );
  expect(describeElement(found)).toMatch(/^transformer\.h\.0\.mlp\.fc_in\.weight\[3,5\]\n/);
  expect(() => audit('transformer.h.0.mlp.fc_in.weight[3]')).toThrow('there is no transformer.h.0.mlp.fc_in.weight[3]');
  expect(() => audit('transformer.h.0.mlp.fc_in.weight[3,8]')).toThrow('is [32,8]');
  expect(() => audit('transformer.h.7.mlp.fc_in.weight[3,5]')).toThrow('has no parameter transformer.h.7');
  expect(() => parseElement('lm_head.weight')).toThrow('expected such as lm_head.weight[3,9]');
});

test('auditing leaves the trainer as it was', () => {
  const trainer = training.at(4);
  const before = trainer.model.parameters.map(({ value }) => [...value.data]);
  auditGradient(trainer, batch, { samples: 1, random: random() });
  expect(trainer.model.parameters.map(({ value }) => [...value.data])).toEqual(before);
  expect(trainer.stepCount).toBe(4);
});
