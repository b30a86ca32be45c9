/** @file ReLU and batch norm where each row is a unit and the samples of a batch lie side by side. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/**
 * h = max(x + bias[u], 0), out = (h - mean[u]) / sqrt(variance[u] + epsilon) weight[u] + shift[u]. In training mean and
 * (biased) variance are those of row u of h. Ioffe and Szegedy (2015), as `torch.nn.BatchNorm1d` after `torch.nn.ReLU`.
 */
export function reluBatchNorm(
  out: FloatArray, // [units, rows]
  mean: FloatArray, // [units], written in training, else read
  variance: FloatArray, // [units], likewise
  x: FloatArray, // [units, rows]
  bias: FloatArray, // [units]
  weight: FloatArray, // [units]
  shift: FloatArray, // [units]
  units: number,
  rows: number,
  epsilon: number,
  training: boolean,
): void {
  for (let u = 0; u < units; u++) {
    const h = Float64Array.from({ length: rows }, (_, r) => Math.max(x[u * rows + r]! + bias[u]!, 0));
    if (training) {
      const average = h.reduce((sum, value) => sum + value, 0) / rows;
      mean[u] = average;
      variance[u] = h.reduce((sum, value) => sum + (value - average) ** 2, 0) / rows;
    }
    const rstd = 1 / Math.sqrt(variance[u]! + epsilon);
    for (let r = 0; r < rows; r++) out[u * rows + r] = (h[r]! - mean[u]!) * rstd * weight[u]! + shift[u]!;
  }
}

/**
 * The derivative in training mode, where mean and variance come from x. With z = (h - mean) rstd:
 * dh = rstd weight (dout - average(dout) - z average(dout z)), and dx = dh where x + bias > 0, else 0.
 */
export function reluBatchNormBackward(
  dx: FloatArray, // [units, rows]
  dbias: FloatArray, // [units]
  dweight: FloatArray, // [units]
  dshift: FloatArray, // [units]
  dout: FloatArray, // [units, rows]
  x: FloatArray, // [units, rows]
  bias: FloatArray, // [units]
  mean: FloatArray, // [units]
  variance: FloatArray, // [units]
  weight: FloatArray, // [units]
  units: number,
  rows: number,
  epsilon: number,
): void {
  for (let u = 0; u < units; u++) {
    const h = (r: number): number => Math.max(x[u * rows + r]! + bias[u]!, 0);
    const rstd = 1 / Math.sqrt(variance[u]! + epsilon);
    const z = (r: number): number => (h(r) - mean[u]!) * rstd;
    let sumDout = 0;
    let sumDoutZ = 0;
    for (let r = 0; r < rows; r++) {
      sumDout += dout[u * rows + r]!;
      sumDoutZ += dout[u * rows + r]! * z(r);
    }
    let sumDx = 0;
    for (let r = 0; r < rows; r++) {
      const dh = rstd * weight[u]! * (dout[u * rows + r]! - sumDout / rows - (z(r) * sumDoutZ) / rows);
      const gradient = h(r) > 0 ? dh : 0;
      dx[u * rows + r] = gradient;
      sumDx += gradient;
    }
    dbias[u] = sumDx;
    dweight[u] = sumDoutZ;
    dshift[u] = sumDout;
  }
}
