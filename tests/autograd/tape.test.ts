/** @file The tape: order, accumulation, inference, memory. */
import { expect, test } from 'vitest';
import { add, geluNew, mean, parameter, scale, sum, Tape } from '../../src/autograd/index.ts';
import { ShapeError } from '../../src/tensor/errors.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');

test('a variable used three times gets the sum of three contributions', () => {
  const x = parameter(engine, engine.tensor([2], [5, 7]));
  const tape = new Tape(engine);
  const twice = add(tape, x, x);
  tape.backward(sum(tape, add(tape, scale(tape, twice, 10), x)));
  expect([...x.gradient!.data]).toEqual([21, 21]);
});

test('a new tape replaces the gradients of the last one, in the same buffer', () => {
  const x = parameter(engine, engine.tensor([2], [5, 7]));
  const buffer = x.gradient!.data;
  for (const factor of [2, 3]) {
    const tape = new Tape(engine);
    tape.backward(sum(tape, scale(tape, x, factor)));
    expect([...x.gradient!.data]).toEqual([factor, factor]);
  }
  expect(x.gradient!.data).toBe(buffer);
});

test('a parameter without part in the loss gets zeros if it is listed', () => {
  const x = parameter(engine, engine.tensor([2], [5, 7]));
  const unused = parameter(engine, engine.tensor([1], [1]));
  unused.gradient!.data[0] = 9;
  const tape = new Tape(engine);
  scale(tape, unused, 2); // computed, but not used
  tape.backward(mean(tape, x), [x, unused]);
  expect([...x.gradient!.data]).toEqual([0.5, 0.5]);
  expect([...unused.gradient!.data]).toEqual([0]);
});

test('data gets no gradient, nor does what is computed from data alone', () => {
  const tape = new Tape(engine);
  const data = tape.constant(engine.tensor([2], [5, 7]));
  const x = parameter(engine, engine.tensor([2], [1, 1]));
  const fromData = scale(tape, data, 2);
  tape.backward(sum(tape, add(tape, fromData, x)));
  expect([data.requiresGradient, fromData.requiresGradient]).toEqual([false, false]);
  expect([data.gradient, fromData.gradient]).toEqual([undefined, undefined]);
});

test('a tape that does not record computes the same and keeps nothing', () => {
  const x = parameter(engine, engine.tensor([2], [5, 7]));
  const tape = new Tape(engine, { recording: false });
  const y = scale(tape, x, 2);
  expect([...y.value.data]).toEqual([10, 14]);
  expect(y.requiresGradient).toBe(false);
  expect(() => tape.backward(sum(tape, y))).toThrow('backward: the tape is not recording');
});

test('backward starts from a single number', () => {
  const x = parameter(engine, engine.tensor([2], [5, 7]));
  const tape = new Tape(engine);
  expect(() => tape.backward(scale(tape, x, 2))).toThrow(new ShapeError('backward: the loss has the shape [2]'));
});

test('the gradients of a chain of 50 ops share two buffers', () => {
  const own = createReferenceEngine('float64');
  const x = parameter(own, own.tensor([1000], new Float64Array(1000).fill(0.1)));
  const tape = new Tape(own);
  let y = x;
  for (let i = 0; i < 50; i++) y = geluNew(tape, y);
  const loss = sum(tape, y);
  const before = own.memory().usedBytes;
  tape.backward(loss);
  expect(own.memory().usedBytes - before).toBeLessThanOrEqual(2 * 8 * 1000 + 100);
});
