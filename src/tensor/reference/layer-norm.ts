/** @file Layer norm: each row to mean 0 and variance 1. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/**
 * out[r, j] = z[r, j] weight[j] + bias[j] with z = (x - mean[r]) rstd[r] and rstd = 1 / sqrt(variance + epsilon), the
 * biased variance. Ba, Kiros and Hinton (2016), as `torch.nn.LayerNorm`.
 */
export function layerNorm(
  out: FloatArray, // [rows, width]
  mean: FloatArray, // [rows]
  rstd: FloatArray, // [rows]
  x: FloatArray, // [rows, width]
  weight: FloatArray, // [width]
  bias: FloatArray, // [width]
  rows: number,
  width: number,
  epsilon: number,
): void {
  for (let r = 0; r < rows; r++) {
    // #region row
    const row = r * width;
    let sum = 0;
    for (let j = 0; j < width; j++) sum += x[row + j]!;
    const m = sum / width;
    let squares = 0;
    for (let j = 0; j < width; j++) squares += (x[row + j]! - m) ** 2;
    const s = 1 / Math.sqrt(squares / width + epsilon);
    for (let j = 0; j < width; j++) out[row + j] = (x[row + j]! - m) * s * weight[j]! + bias[j]!;
    // #endregion
    mean[r] = m;
    rstd[r] = s;
  }
}

/**
 * With dz = dout weight: dx = rstd (dz - average(dz) - z average(dz z)), averages over the row. The two averages are what
 * x changes through the mean and through the variance.
 */
export function layerNormBackward(
  dx: FloatArray, // [rows, width]
  dout: FloatArray, // [rows, width]
  x: FloatArray, // [rows, width]
  weight: FloatArray, // [width]
  mean: FloatArray, // [rows]
  rstd: FloatArray, // [rows]
  rows: number,
  width: number,
  accumulate: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * width;
    let sumDz = 0;
    let sumDzZ = 0;
    for (let j = 0; j < width; j++) {
      const z = (x[row + j]! - mean[r]!) * rstd[r]!;
      const dz = dout[row + j]! * weight[j]!;
      sumDz += dz;
      sumDzZ += dz * z;
    }
    for (let j = 0; j < width; j++) {
      const z = (x[row + j]! - mean[r]!) * rstd[r]!;
      const dz = dout[row + j]! * weight[j]!;
      const gradient = rstd[r]! * (dz - sumDz / width - z * (sumDzZ / width));
      dx[row + j] = (accumulate ? dx[row + j]! : 0) + gradient;
    }
  }
}

/** dweight[j] = sum over rows of dout z, dbias[j] = sum over rows of dout. */
export function layerNormBackwardParameters(
  dweight: FloatArray, // [width]
  dbias: FloatArray, // [width]
  dout: FloatArray, // [rows, width]
  x: FloatArray, // [rows, width]
  mean: FloatArray, // [rows]
  rstd: FloatArray, // [rows]
  rows: number,
  width: number,
  accumulate: boolean,
): void {
  for (let j = 0; j < width; j++) {
    let sumDoutZ = 0;
    let sumDout = 0;
    for (let r = 0; r < rows; r++) {
      const at = r * width + j;
      sumDoutZ += dout[at]! * (x[at]! - mean[r]!) * rstd[r]!;
      sumDout += dout[at]!;
    }
    dweight[j] = (accumulate ? dweight[j]! : 0) + sumDoutZ;
    dbias[j] = (accumulate ? dbias[j]! : 0) + sumDout;
  }
}
