/** @file The Cholesky factor of a symmetric positive definite matrix, to solve equations with it. Chapter 9. */
import { ProbeError } from './errors.ts';

/** The lower triangle L, in rows, with L L^T = matrix [size, size]. Throws {@link ProbeError} for a matrix that is not positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j]!;
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum);
      else throw new ProbeError(`cholesky: the matrix is not positive definite, row ${i} leaves ${sum}`);
    }
  }
  return lower;
}

/** Puts the solution of L L^T x = b into b [size]. */
export function solveCholesky(lower: Float64Array, b: Float64Array): void {
  const size = b.length;
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * b[k]!;
    b[i] = sum / lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    b[i]! /= lower[i * size + i]!;
    for (let k = 0; k < i; k++) b[k]! -= lower[i * size + k]! * b[i]!;
  }
}
