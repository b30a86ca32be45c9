/** @file Values of ops that are more than their kernel: batch norm's running statistics, the weighted loss. */
import { expect, test } from 'vitest';
import { batchNorm, crossEntropy, mean, parameter, Tape } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { expectClose } from '../helpers/close.ts';

const engine = createReferenceEngine('float64');

test('batchNorm, training: normalises by the biased variance, keeps the unbiased one, as torch.nn.BatchNorm1d', () => {
  const tape = new Tape(engine);
  const x = tape.constant(engine.tensor([4, 2], [1, 10, 2, 10, 3, 10, 6, 10])); // column 0: mean 3, variance 14 / 4
  const [weight, bias] = [tape.constant(engine.tensor([2], [2, 2])), tape.constant(engine.tensor([2], [1, 1]))];
  const running = { mean: engine.tensor([2], [0, 0]), variance: engine.tensor([2], [1, 1]) };
  const options = { training: true, momentum: 0.1, epsilon: 1e-5 };
  const y = batchNorm(tape, x, weight, bias, running, options);
  const s = 2 / Math.sqrt(3.5 + 1e-5);
  expectClose(y.value.data, [1 - 2 * s, 1, 1 - s, 1, 1, 1, 1 + 3 * s, 1], { absolute: 1e-12 });
  expectClose(running.mean.data, [0.3, 1], { absolute: 1e-12 });
  expectClose(running.variance.data, [0.9 + 0.1 * (14 / 3), 0.9], { absolute: 1e-9 });
});

test('batchNorm, evaluation: uses the running statistics and leaves them alone', () => {
  const tape = new Tape(engine);
  const x = tape.constant(engine.tensor([1, 1], [5]));
  const [weight, bias] = [tape.constant(engine.tensor([1], [3])), tape.constant(engine.tensor([1], [0.5]))];
  const running = { mean: engine.tensor([1], [1]), variance: engine.tensor([1], [4]) };
  const y = batchNorm(tape, x, weight, bias, running, { training: false, momentum: 0.1, epsilon: 0 });
  expectClose(y.value.data, [6.5], { absolute: 1e-12 });
  expect([running.mean.data[0], running.variance.data[0]]).toEqual([1, 4]);
});

test('crossEntropy: weighted mean over the rows with a target, row losses unweighted', () => {
  const tape = new Tape(engine);
  // Losses log 2, log 3 (of 1 : 2), ignored, log 1.5 (of 2 : 1)
  const logits = parameter(engine, engine.tensor([4, 2], [0, 0, 0, Math.log(2), 5, 6, Math.log(2), 0]));
  const targets = Int32Array.of(1, 0, -100, 0);
  const plain = crossEntropy(tape, logits, targets);
  expectClose(plain.rowLosses.data, [Math.log(2), Math.log(3), 0, Math.log(1.5)], { absolute: 1e-15 });
  expectClose(plain.loss.value.data, [Math.log(9) / 3], { absolute: 1e-15 });
  const weighted = crossEntropy(tape, logits, targets, Float64Array.of(1, 0, 100, 3));
  expectClose(weighted.rowLosses.data, plain.rowLosses.data, {});
  expectClose(weighted.loss.value.data, [(Math.log(2) + 3 * Math.log(1.5)) / 4], { absolute: 1e-15 });
});

test('crossEntropy: nothing to average is not a number, as in PyTorch', () => {
  const tape = new Tape(engine);
  const { loss } = crossEntropy(tape, tape.constant(engine.zeros([2, 3])), Int32Array.of(-100, -100));
  expect(loss.value.data[0]).toBeNaN();
});

test('mean: of [1, 2, 6] is 3, as a scalar', () => {
  const tape = new Tape(engine);
  const y = mean(tape, tape.constant(engine.tensor([3], [1, 2, 6])));
  expect(y.value.shape).toEqual([]);
  expectClose(y.value.data, [3], { absolute: 1e-15 });
});
