/** @file Columns of one-hot inputs that tell something. */
import { expect, test } from 'vitest';
import { oneHotInputs, varyingColumns } from '../../src/probe/standardize.ts';
import { engine } from './toys.ts';

const inputs = Uint8Array.of(...[0, 1, 1, 0], ...[0, 1, 0, 0], ...[1, 1, 1, 0], ...[0, 0, 1, 1]);

test('columns that are the same in all chosen rows go, whatever the others hold; none of others', () => {
  expect([...varyingColumns(inputs, Int32Array.of(0, 1), 4)]).toEqual([2]);
  expect([...varyingColumns(inputs, Int32Array.of(0, 1, 2), 4)]).toEqual([0, 2]);
  expect([...varyingColumns(inputs, Int32Array.of(3), 4)]).toEqual([]);
  expect([...varyingColumns(inputs, Int32Array.of(), 4)]).toEqual([]);
});

test('rows, repeated ones too, and columns are taken as they are', () => {
  const x = oneHotInputs(engine, inputs, Int32Array.of(2, 0, 2), Int32Array.of(0, 2), 4);
  expect(x.shape).toEqual([3, 2]);
  expect([...x.data]).toEqual([1, 1, 0, 1, 1, 1]);
});
