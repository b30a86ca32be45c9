/**
 * @file Matrix product, with the bits of `wasm/matmul.ts`. Appendix D.
 *
 * The sum over k is cut every BLOCK_K elements. Each part is summed in order, from 0; then it is added to what C holds:
 * the parts before it, the bias or, with `accumulate`, C's old value. A first part with nothing before it is C.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import type { Arithmetic } from './arithmetic.ts';

const BLOCK_K = 256;

export function matmulKernels({ add, madd }: Arithmetic): Pick<Kernels, 'matmul'> {
  /** sums[j] += factor b[at + j]: the innermost loop. Neighbours do not wait for each other. */
  const addMultiple = (sums: Float32Array, factor: number, b: FloatArray, at: number): void => {
    for (let j = 0; j < sums.length; j++) sums[j] = madd(factor, b[at + j]!, sums[j]!);
  };
  /** C[row, j] becomes sums[j], or sums[j] is added to it. */
  const store = (c: FloatArray, row: number, sums: Float32Array, adds: boolean): void => {
    for (let j = 0; j < sums.length; j++) c[row + j] = adds ? add(c[row + j]!, sums[j]!) : sums[j]!;
  };

  return {
    matmul(c, a, b, options) {
      const { m, n, k, transposeA = false, transposeB = false, accumulate = false, bias, batch = 1 } = options;
      const { strideA = m * k, strideB = k * n, strideC = m * n } = options;
      const [aRow, aColumn] = transposeA ? [1, m] : [k, 1]; // A is [k, m] or [m, k]
      const sums = new Float32Array(n);
      for (let index = 0; index < batch; index++) {
        const firstC = index * strideC;
        if (bias) for (let i = 0; i < m; i++) c.set(bias, firstC + i * n);
        else if (k === 0 && !accumulate) c.fill(0, firstC, firstC + m * n);
        const lines = transposeB ? transposed(b, index * strideB, n, k) : b;
        const firstLine = transposeB ? 0 : index * strideB;
        for (let begin = 0; begin < k; begin += BLOCK_K) {
          const adds = accumulate || bias !== undefined || begin > 0;
          const end = Math.min(k, begin + BLOCK_K);
          for (let i = 0; i < m; i++) {
            sums.fill(0);
            for (let p = begin; p < end; p++) {
              addMultiple(sums, a[index * strideA + i * aRow + p * aColumn]!, lines, firstLine + p * n);
            }
            store(c, firstC + i * n, sums, adds);
          }
        }
      }
    },
  };
}

/** A copy of x [rows, columns], which starts at `first`, as [columns, rows]: the innermost loop reads neighbours. */
function transposed(x: FloatArray, first: number, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) result[j * rows + r] = x[first + r * columns + j]!;
  }
  return result;
}
