/** @file Batch norm: each column to mean 0 and variance 1. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/** Per column of x [rows, width] its mean, and rstd = 1 / sqrt(variance + epsilon) with the biased variance. */
export function columnStatistics(
  mean: FloatArray, // [width]
  rstd: FloatArray, // [width]
  x: FloatArray, // [rows, width]
  rows: number,
  width: number,
  epsilon: number,
): void {
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x[r * width + j]!;
    const m = sum / rows;
    let squares = 0;
    for (let r = 0; r < rows; r++) squares += (x[r * width + j]! - m) ** 2;
    mean[j] = m;
    rstd[j] = 1 / Math.sqrt(squares / rows + epsilon);
  }
}

/** out[r, j] = (x[r, j] - mean[j]) rstd[j] weight[j] + bias[j]. Ioffe and Szegedy (2015), as `torch.nn.BatchNorm1d`. */
export function normalizeColumns(
  out: FloatArray, // [rows, width]
  x: FloatArray, // [rows, width]
  mean: FloatArray, // [width]
  rstd: FloatArray, // [width]
  weight: FloatArray, // [width]
  bias: FloatArray, // [width]
  rows: number,
  width: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) {
      const at = r * width + j;
      out[at] = (x[at]! - mean[j]!) * rstd[j]! * weight[j]! + bias[j]!;
    }
  }
}

/**
 * The derivative in training mode, where mean and rstd come from x. It is layer norm's, by columns: with
 * z = (x - mean) rstd, dx = rstd weight (dout - average(dout) - z average(dout z)). The two averages are dbias / rows and
 * dweight / rows of this batch.
 */
export function batchNormBackward(
  dx: FloatArray, // [rows, width]
  dout: FloatArray, // [rows, width]
  x: FloatArray, // [rows, width]
  mean: FloatArray, // [width]
  rstd: FloatArray, // [width]
  weight: FloatArray, // [width]
  dweight: FloatArray, // [width]
  dbias: FloatArray, // [width]
  rows: number,
  width: number,
  accumulate: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) {
      const at = r * width + j;
      const z = (x[at]! - mean[j]!) * rstd[j]!;
      const gradient = rstd[j]! * weight[j]! * (dout[at]! - dbias[j]! / rows - (z * dweight[j]!) / rows);
      dx[at] = (accumulate ? dx[at]! : 0) + gradient;
    }
  }
}

/** dweight[j] = sum over rows of dout (x - mean) rstd, dbias[j] = sum over rows of dout. */
export function batchNormBackwardParameters(
  dweight: FloatArray, // [width]
  dbias: FloatArray, // [width]
  dout: FloatArray, // [rows, width]
  x: FloatArray, // [rows, width]
  mean: FloatArray, // [width]
  rstd: FloatArray, // [width]
  rows: number,
  width: number,
  accumulate: boolean,
): void {
  for (let j = 0; j < width; j++) {
    let sumDoutZ = 0;
    let sumDout = 0;
    for (let r = 0; r < rows; r++) {
      const at = r * width + j;
      sumDoutZ += dout[at]! * (x[at]! - mean[j]!) * rstd[j]!;
      sumDout += dout[at]!;
    }
    dweight[j] = (accumulate ? dweight[j]! : 0) + sumDoutZ;
    dbias[j] = (accumulate ? dbias[j]! : 0) + sumDout;
  }
}
