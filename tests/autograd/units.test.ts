/** @file The fused layers of a probe compute what the plain ops do, in another order of memory. */
import { expect, test } from 'vitest';
import {
  batchNorm,
  columnCrossEntropy,
  crossEntropy,
  linear,
  matmul,
  parameter,
  relu,
  reluBatchNorm,
  Tape,
  type Variable,
} from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';

const engine = createReferenceEngine('float64');
const [ROWS, INPUTS, UNITS, CLASSES] = [5, 4, 6, 3];
const SHAPES = {
  x: [ROWS, INPUTS],
  weight: [UNITS, INPUTS],
  bias: [UNITS],
  scale: [UNITS],
  shift: [UNITS],
  headWeight: [CLASSES, UNITS],
  headBias: [CLASSES],
};
type Inputs = { readonly [K in keyof typeof SHAPES]: Variable };
const targets = engine.integers([2, 0, 1, 1, 2]);

const running = () => ({
  mean: engine.tensor([UNITS], values(UNITS, 20)),
  variance: engine.tensor(
    [UNITS],
    values(UNITS, 21).map((v) => 1 + v / 2),
  ),
});
type Running = ReturnType<typeof running>;

/** One hidden layer and a head over it, with an op for each layer: a sample is a row throughout. */
function plain(tape: Tape, v: Inputs, statistics: Running, training: boolean): Variable {
  const options = { training, momentum: 0.1, epsilon: 1e-5 };
  const h = batchNorm(tape, relu(tape, linear(tape, v.x, v.weight, v.bias)), v.scale, v.shift, statistics, options);
  return crossEntropy(tape, linear(tape, h, v.headWeight, v.headBias), targets).loss;
}

/** The same with the fused ops: inside, a unit is a row. */
function fused(tape: Tape, v: Inputs, statistics: Running, training: boolean): Variable {
  const options = { training, momentum: 0.1, epsilon: 1e-5 };
  const sums = matmul(tape, v.weight, v.x, { transposeB: true }); // [units, rows]
  const h = reluBatchNorm(tape, sums, v.bias, v.scale, v.shift, statistics, options); // [units, rows]
  return columnCrossEntropy(tape, matmul(tape, v.headWeight, h), v.headBias, targets, 1).loss;
}

function outcome(build: typeof plain, training: boolean) {
  const inputs = Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape], seed) => {
      const size = shape.reduce((a, b) => a * b);
      return [name, parameter(engine, engine.tensor(shape, values(size, seed + 1)))];
    }),
  ) as Inputs;
  const statistics = running();
  const tape = new Tape(engine, { recording: training });
  const loss = build(tape, inputs, statistics, training);
  if (training) tape.backward(loss);
  return { loss: loss.value.data, inputs, statistics };
}

test('in training: loss, running statistics and every gradient as from linear, relu, batchNorm and crossEntropy', () => {
  const [one, other] = [outcome(plain, true), outcome(fused, true)];
  expectClose(other.loss, one.loss, { relative: 1e-12, absolute: 0 });
  expectClose(other.statistics.mean.data, one.statistics.mean.data, { absolute: 1e-12 });
  expectClose(other.statistics.variance.data, one.statistics.variance.data, { absolute: 1e-9 });
  for (const name of Object.keys(SHAPES) as (keyof Inputs)[]) {
    const [a, b] = [one.inputs[name].gradient!.data, other.inputs[name].gradient!.data];
    expectClose(b, a, { absolute: 1e-12, relative: 1e-10 });
    expect(a.some((gradient) => Math.abs(gradient) > 1e-3)).toBe(true); // there was something to agree on
  }
});

test('in evaluation: the same loss, and the running statistics are left alone', () => {
  const [one, other] = [outcome(plain, false), outcome(fused, false)];
  expectClose(other.loss, one.loss, { relative: 1e-12, absolute: 0 });
  expect(other.statistics).toEqual(running());
});

test('outside of training there is no derivative, and asking for one is an error', () => {
  const tape = new Tape(engine);
  const x = parameter(engine, engine.tensor([1, 2], [1, 2]));
  const [b, w, s] = [0, 1, 0].map((value) => tape.constant(engine.tensor([1], [value])));
  const statistics = { mean: engine.zeros([1]), variance: engine.tensor([1], [1]) };
  const options = { training: false, momentum: 0.1, epsilon: 1e-5 };
  const h = reluBatchNorm(tape, x, b!, w!, s!, statistics, options);
  const { loss } = columnCrossEntropy(tape, h, b!, engine.integers(2), 1);
  expect(() => tape.backward(loss)).toThrow('reluBatchNorm: no derivative outside of training');
});
