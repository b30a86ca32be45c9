import { expect, test } from 'vitest';
import { probeInputs } from '../../src/probe/checkpoint-traces.ts';
import { standardizationOf, standardize } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';
import { engine, pairsOf } from './toys.ts';

test('the standardised training rows have mean 0 and deviation 1 within 1e-6, a repeated row counting twice', () => {
  const hidden = Float32Array.from(values(40 * 3), (value, at) => 100 * (at % 3) + value);
  const rows = Int32Array.of(0, 3, 3, 7, 11, 39);
  const x = standardize(engine, hidden, rows, standardizationOf(hidden, rows, 3)).data;
  for (let j = 0; j < 3; j++) {
    const column = Array.from(rows, (_, at) => x[3 * at + j]!);
    const mean = column.reduce((sum, value) => sum + value, 0) / 6;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    expectClose([mean, variance], [0, 1], { relative: 0, absolute: 1e-6 });
  }
});

test('other rows are measured by the training rows: (5 - 1) / 1 = 4', () => {
  const hidden = Float32Array.of(0, 2, 5);
  const by = standardizationOf(hidden, Int32Array.of(0, 1), 1);
  expect([...standardize(engine, hidden, Int32Array.of(2, 0), by).data]).toEqual([4, -1]);
});

test('a dimension that does not vary becomes 0, also where its mean is rounded', () => {
  const hidden = new Float32Array(7).fill(0.1);
  const rows = Int32Array.from(hidden, (_, row) => row);
  expectClose(standardize(engine, hidden, rows, standardizationOf(hidden, rows, 1)).data, new Float32Array(7), {
    relative: 0,
    absolute: 1e-12,
  });
});

test('a dimension that varies by rounding alone, beside one that varies by 1, is not blown up: where it does vary, it stays within 1', () => {
  const hidden = Float32Array.of(1, 2e-8, -1, -2e-8, 1, 1); // [3, 2]: the last state is none of training
  const by = standardizationOf(hidden, Int32Array.of(0, 1), 2);
  const [, largest] = standardize(engine, hidden, Int32Array.of(2), by).data;
  expect(largest).toBe(1);
  const alone = standardizationOf(Float32Array.of(2e-8, -2e-8), Int32Array.of(0, 1), 1);
  expectClose(alone.deviation, [2e-8], { relative: 1e-6, absolute: 0 }); // by itself it may be what there is to see
});

test('probeInputs: other splits are measured by the training pairs, so a shift of 10 stays; a row without a pair counts nowhere', () => {
  const last = [1000, -1000]; // the last state is dropped, and its hidden state with it
  const at = (shift: number) => Float32Array.of(1 + shift, 0 + shift, 3 + shift, 8 + shift, ...last); // [3 actions, 2]
  const hidden = { train: at(0), validation: at(-10), test: at(10) };
  const pairs = pairsOf([3]);
  const by = standardizationOf(hidden.train, pairs.train.hidden, 2);
  const inputs = probeInputs(engine, (split) => hidden[split], pairs, by);
  // Of 1 and 3 the mean is 2 and the deviation 1; of 0 and 8 they are 4 and 4.
  expect([...inputs.train.data]).toEqual([-1, -1, 1, 1]);
  expect([...inputs.validation.data]).toEqual([-11, -3.5, -9, -1.5]);
  expect([...inputs.test.data]).toEqual([9, 1.5, 11, 3.5]);
});
