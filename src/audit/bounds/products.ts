/** @file Bounds for the kernels that add up many numbers: matrix products and sums over rows. Appendix E. */
import type { FloatArray, Kernels, MatmulOptions } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { exact, gamma, TINY } from './rounding.ts';

type Bounds = {
  readonly [K in 'matmul' | 'columnSums' | 'embeddingBackward' | 'layerNormBackwardParameters']: (
    errors: Errors,
    ...args: Parameters<Kernels[K]>
  ) => void;
};

/** Where `exact/matmul.ts` cuts a sum over k, and `exact/columns.ts` one over rows. */
const [BLOCK_K, BLOCK_ROWS] = [256, 64];

/** Additions that a term passes through when sums of `block` terms are added up from 0, and then these sums. */
const additionsOf = (count: number, block: number): number =>
  Math.max(0, Math.min(count, block) - 1) + Math.max(0, Math.ceil(count / block) - 1);

/** Of x [rows, columns] from `first` on, as [columns, rows] where it is `turned`. */
function magnitudes(x: FloatArray, first: number, rows: number, columns: number, turned: boolean): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j++) {
      result[turned ? j * rows + r : r * columns + j] = Math.abs(x[first + r * columns + j]!);
    }
  }
  return result;
}

/** sum over p of |a[i, p]| |b[p, j]|, in the order in which memory is read: it takes half the time of the bounds. */
function magnitudeProduct(out: Float64Array, a: FloatArray, b: FloatArray, options: MatmulOptions): void {
  const { m, n, k, transposeA = false, transposeB = false, batch = 1, strideA = m * k, strideB = k * n } = options;
  for (let index = 0; index < batch; index++) {
    const left = magnitudes(a, index * strideA, transposeA ? k : m, transposeA ? m : k, transposeA); // [m, k]
    const right = magnitudes(b, index * strideB, transposeB ? n : k, transposeB ? k : n, transposeB); // [k, n]
    for (let i = 0; i < m; i++) {
      const row = (index * m + i) * n;
      for (let p = 0; p < k; p++) {
        const factor = left[i * k + p]!;
        for (let j = 0; j < n; j++) out[row + j]! += factor * right[p * n + j]!;
      }
    }
  }
}

/** Sum over the rows, for each column. */
function overRows(rows: number, width: number, term: (r: number, j: number) => number): Float64Array {
  const sums = new Float64Array(width);
  for (let r = 0; r < rows; r++) for (let j = 0; j < width; j++) sums[j]! += term(r, j);
  return sums;
}

export const productBounds: Bounds = {
  /**
   * Each product is rounded, unless it is fused, and passes through the additions of its block and of the blocks' sums; what was
   * there before, or the bias, through the latter and one more: |error| <= gamma(n) sum |a||b| + gamma(blocks) |before|.
   */
  matmul(errors, c, a, b, options) {
    const { m, n, k, bias, accumulate = false, batch = 1, strideC = m * n } = options;
    const sums = new Float64Array(c.length);
    magnitudeProduct(sums, a, b, options);
    const blocks = Math.ceil(k / BLOCK_K);
    const begun = accumulate || bias !== undefined;
    const growth = gamma(1 + additionsOf(k, BLOCK_K) + (begun ? 1 : 0));
    const before = (at: number) => (accumulate ? c[at]! : (bias?.[at % n] ?? 0));
    if (batch > 1 && strideC !== m * n) throw new Error('bounds: products that do not lie side by side');
    const formula = 'gamma(n) sum |a||b| + gamma(blocks) |before|, n = min(k, 256) + blocks of 256';
    errors.put(c, formula, false, (i) => {
      const inherited = errors.of(c)?.errors[i] ?? 0;
      return { value: 0, error: growth * sums[i]! + gamma(blocks) * Math.abs(before(i)) + k * TINY + 2 * inherited };
    });
  },

  columnSums(errors, out, x, rows, width, accumulate) {
    const values = overRows(rows, width, (r, j) => x[r * width + j]!);
    const sums = overRows(rows, width, (r, j) => Math.abs(x[r * width + j]!));
    const growth = gamma(additionsOf(rows, BLOCK_ROWS));
    errors.put(out, 'gamma(n) sum |dy|, n = 64 + blocks of 64 rows', accumulate, (j) => ({
      value: values[j]!,
      error: growth * sums[j]!,
    }));
  },

  /** One after the other: a row of the table that is used n times has n - 1 additions, or n onto what is there. */
  embeddingBackward(errors, dtable, dout, ids, rows, width, vocabulary, accumulate) {
    const uses = new Float64Array(vocabulary);
    const sums = new Float64Array(vocabulary * width);
    for (let r = 0; r < rows; r++) {
      uses[ids[r]!]!++;
      for (let j = 0; j < width; j++) sums[ids[r]! * width + j]! += Math.abs(dout[r * width + j]!);
    }
    errors.put(dtable, 'gamma(uses of the row) sum |dy|', false, (i) => {
      const before = accumulate ? Math.abs(dtable[i]!) : 0;
      const count = Math.max(0, uses[Math.floor(i / width)]! - (accumulate ? 0 : 1));
      return { value: 0, error: gamma(count) * (sums[i]! + before) };
    });
  },

  /** A term dy ((x - mean) rstd) is rounded three times before it is added up. */
  layerNormBackwardParameters(errors, dweight, dbias, dout, x, mean, rstd, rows, width, accumulate) {
    const term = (r: number, j: number) => dout[r * width + j]! * (x[r * width + j]! - mean[r]!) * rstd[r]!;
    const additions = additionsOf(rows, BLOCK_ROWS);
    const values = overRows(rows, width, term);
    const sums = overRows(rows, width, (r, j) => Math.abs(term(r, j)));
    const douts = overRows(rows, width, (r, j) => Math.abs(dout[r * width + j]!));
    errors.put(dweight, 'gamma(n + 3) sum |dy z|, n = 64 + blocks of 64 rows', accumulate, (j) => ({
      value: values[j]!,
      error: gamma(additions + 3) * sums[j]! + TINY * (douts[j]! + rows),
    }));
    const biases = overRows(rows, width, (r, j) => dout[r * width + j]!);
    errors.put(dbias, 'gamma(n) sum |dy|, n = 64 + blocks of 64 rows', accumulate, (j) => ({
      value: exact(biases[j]!).value,
      error: gamma(additions) * douts[j]!,
    }));
  },
};

/** Of a chunk of 8,192: sixteen sums, or for what is left over four of them, and four additions more; chunks in Float64. */
export function sumOfSquaresError(x: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return gamma(Math.min(512, Math.ceil(x.length / 16)) + 4 + 4) * sum + x.length * TINY;
}
