import { expect, test } from 'vitest';
import { crossEntropy, gradcheck, linear, parameter, Tape } from '../../src/autograd/index.ts';
import { Probe } from '../../src/probe/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform, values } from '../helpers/numbers.ts';
import { engine } from './toys.ts';

const direction = { heads: 1, classes: 4 };
const position = { heads: 2, classes: 3 };

test('the parameters of each depth: Linear [out, in], then batch norm, 256 and 1024 wide', () => {
  const shapes = (hiddenLayers: 0 | 1 | 2): string[] =>
    new Probe(engine, 8, hiddenLayers, direction, uniform(1)).parameters.map(({ value }) => value.shape.join('x'));
  expect(shapes(0)).toEqual(['4x8', '4']);
  expect(shapes(1)).toEqual(['256x8', '256', '256', '256', '4x256', '4']);
  expect(shapes(2)).toEqual(['256x8', '256', '256', '256', '1024x256', '1024', '1024', '1024', '4x1024', '4']);
});

test('PyTorch initialisation: uniform in +-1 / sqrt(inputs), the mean square 1 / (3 inputs) within 5 %', () => {
  const [weight, bias, scale, shift] = new Probe(engine, 16, 1, direction, uniform(2)).parameters;
  for (const { value } of [weight!, bias!]) {
    const magnitudes = value.data.map(Math.abs);
    expect(Math.max(...magnitudes)).toBeLessThanOrEqual(1 / 4);
    expect(Math.max(...magnitudes)).toBeGreaterThan(0.24);
  }
  const square = Array.from(weight!.value.data).reduce((sum, w) => sum + w * w, 0) / weight!.value.size;
  expectClose([square], [1 / 48], { relative: 0.05, absolute: 0 });
  expect(new Set(scale!.value.data)).toEqual(new Set([1]));
  expect(new Set(shift!.value.data)).toEqual(new Set([0]));
});

test('the logits of two heads are the two halves of one linear layer; the losses are those of each half', () => {
  const probe = new Probe(engine, 5, 0, position, uniform(3));
  const x = engine.tensor([2, 5], values(10));
  const targets = engine.integers([2, 0, 1, 1]); // head after head: row 0 is of classes 2 and 1, row 1 of 0 and 1
  const tape = new Tape(engine);
  const { logits, losses, loss } = probe.forward(tape, tape.constant(x), targets, false);
  expect(logits.shape).toEqual([6, 2]); // without the bias
  expect(losses.shape).toEqual([2, 2]);

  // The same with ops of its own kind: rows of logits, a row for each head of each sample.
  const [weight, bias] = probe.parameters;
  const rows = linear(tape, tape.constant(x), weight!, bias!); // [2, 6]
  for (let out = 0; out < 6; out++) {
    const column = [0, 1].map((row) => rows.value.data[6 * row + out]! - bias!.value.data[out]!);
    expectClose(logits.data.subarray(2 * out, 2 * out + 2), column, { relative: 0, absolute: 1e-6 });
  }
  const byRow = tape.constant(rows.value.reshape([4, 3]));
  const { rowLosses } = crossEntropy(tape, byRow, engine.integers([2, 1, 0, 1]));
  const byHead = [0, 2, 1, 3].map((at) => rowLosses.data[at]!);
  expectClose(losses.data, byHead, { relative: 1e-6, absolute: 1e-6 });
  expectClose(loss.value.data, [byHead.reduce((sum, one) => sum + one, 0) / 2], { relative: 1e-6, absolute: 0 });
});

test('gradcheck: the loss of a two-headed probe, relative error below 1e-6', () => {
  const double = createReferenceEngine('float64');
  const x = parameter(double, double.tensor([3, 5], values(15)));
  const targets = double.integers([0, 1, 2, 2, 1, 0]);
  const probe = new Probe(double, 5, 0, position, uniform(4));
  const { relativeError } = gradcheck((tape) => probe.forward(tape, x, targets, true).loss, [x, ...probe.parameters], {
    engine: double,
  });
  expect(relativeError).toBeLessThan(1e-6);
});

test('restore puts parameters and running statistics back: the same logits in evaluation mode, to the bit', () => {
  const probe = new Probe(engine, 4, 1, direction, uniform(5));
  const x = engine.tensor([6, 4], values(24));
  const targets = engine.integers(6);
  const logits = (): number[] => {
    const tape = new Tape(engine, { recording: false });
    return [...probe.forward(tape, tape.constant(x), targets, false).logits.data];
  };
  const before = logits();
  const kept = probe.snapshot();
  const tape = new Tape(engine);
  probe.forward(tape, tape.constant(x), targets, true); // moves the running statistics
  expect(logits()).not.toEqual(before);
  probe.parameters[0]!.value.data.fill(0);
  probe.restore(kept);
  expect(logits()).toEqual(before);
});
