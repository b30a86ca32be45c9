/** @file Matrix product and bias, as plain loops. Chapter 3. */
import type { MatmulOptions } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

/** C = A B (+ bias, or C += A B): c[i, j] = sum over p of a[i, p] b[p, j] + bias[j], the sum taken in double precision. */
export function matmul(c: FloatArray, a: FloatArray, b: FloatArray, options: MatmulOptions): void {
  const { m, n, k, transposeA = false, transposeB = false, accumulate = false, bias, batch = 1 } = options;
  const { strideA = m * k, strideB = k * n, strideC = m * n } = options;
  // How far apart two neighbours along i, p and j lie. A transposed matrix is the same numbers, read the other way.
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1]; // A is [k, m] or [m, k]
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1]; // B is [n, k] or [k, n]
  for (let index = 0; index < batch; index++) {
    // #region product
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = bias?.[j] ?? 0;
        for (let p = 0; p < k; p++) {
          sum += a[index * strideA + i * aRow + p * aColumn]! * b[index * strideB + p * bRow + j * bColumn]!;
        }
        const at = index * strideC + i * n + j;
        c[at] = accumulate ? c[at]! + sum : sum;
      }
    }
    // #endregion
  }
}

/** out[r, j] = x[r, j] + bias[j] */
export function addBias(out: FloatArray, x: FloatArray, bias: FloatArray, rows: number, width: number): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) out[r * width + j] = x[r * width + j]! + bias[j]!;
  }
}

/** out[j] = sum over r of x[r, j] */
export function columnSums(out: FloatArray, x: FloatArray, rows: number, width: number, accumulate: boolean): void {
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x[r * width + j]!;
    out[j] = accumulate ? out[j]! + sum : sum;
  }
}
