/** @file Standardised inputs: each dimension to mean 0 and deviation 1 on the training pairs. Chapter 9. */

import type { Engine } from '../tensor/engine.ts';
import { square } from '../tensor/functions/power.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';

export interface Standardization {
  readonly mean: Float64Array; // [width]
  readonly deviation: Float64Array; // [width], of the population; 1 for a dimension that does not vary
}

/** Mean and deviation of each dimension of the hidden states [all, width] over these rows, repeated ones included. */
export function standardizationOf(hidden: FloatArray, rows: Int32Array, width: number): Standardization {
  const mean = new Float64Array(width);
  for (const row of rows) for (let j = 0; j < width; j++) mean[j]! += hidden[row * width + j]! / rows.length;
  const deviation = new Float64Array(width);
  for (const row of rows) {
    for (let j = 0; j < width; j++) deviation[j]! += square(hidden[row * width + j]! - mean[j]!) / rows.length;
  }
  // Rounding leaves a constant dimension with a deviation of its last bits, or, behind a LayerNorm, of those of the whole state.
  // That must not be blown up to 1: a state in which the dimension does vary would then lie millions of deviations away.
  const rounding = 1e-6 * Math.sqrt(deviation.reduce((most, one) => Math.max(most, one), 0));
  for (let j = 0; j < width; j++) {
    const size = Math.sqrt(deviation[j]!);
    deviation[j] = size <= Math.max(rounding, 1e-6 * Math.abs(mean[j]!)) ? 1 : size;
  }
  return { mean, deviation };
}

/** These rows of the hidden states, standardised, where the kernels can read them. [rows, width] */
export function standardize(engine: Engine, hidden: ArrayLike<number>, rows: Int32Array, by: Standardization): Tensor {
  const width = by.mean.length;
  const result = engine.empty([rows.length, width]);
  rows.forEach((row, at) => {
    for (let j = 0; j < width; j++) {
      result.data[at * width + j] = (hidden[row * width + j]! - by.mean[j]!) / by.deviation[j]!;
    }
  });
  return result;
}

/** The columns [width] that are not the same in all of these rows of one-hot inputs: the others tell nothing that a probe could learn. */
export function varyingColumns(inputs: Uint8Array, rows: Int32Array, width: number): Int32Array {
  const first = rows.length > 0 ? rows[0]! * width : 0;
  const columns = Array.from({ length: width }, (_, column) => column);
  return Int32Array.from(
    columns.filter((column) => rows.some((row) => inputs[row * width + column] !== inputs[first + column])),
  );
}

/** These rows and columns of one-hot inputs [all, width], as they are, where the kernels can read them. [rows, columns] */
export function oneHotInputs(
  engine: Engine,
  inputs: Uint8Array,
  rows: Int32Array,
  columns: Int32Array,
  width: number,
): Tensor {
  const result = engine.empty([rows.length, columns.length]);
  rows.forEach((row, at) => {
    columns.forEach((column, j) => {
      result.data[at * columns.length + j] = inputs[row * width + column]!;
    });
  });
  return result;
}
