/**
 * @file Sums over the rows of a matrix, with the bits of `wasm/columns.ts`. Appendix D.
 *
 * Each column's sum is its own: lanes are columns here, and the order is that of the rows.
 */
import type { Kernels } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';

const BLOCK_ROWS = 64;

/**
 * The sum over all rows, for each column, of what `addRow` adds to `sums` for the row that starts at `row`: 64 rows in
 * order, from 0; then the sums of these blocks in order, from 0.
 */
export function sumRows(
  { add }: Arithmetic,
  rows: number,
  width: number,
  addRow: (sums: Float32Array, row: number) => void,
): Float32Array {
  const totals = new Float32Array(width);
  const sums = new Float32Array(width);
  for (let block = 0; block < rows; block += BLOCK_ROWS) {
    const end = Math.min(rows, block + BLOCK_ROWS);
    sums.fill(0);
    for (let r = block; r < end; r++) addRow(sums, r * width);
    for (let j = 0; j < width; j++) totals[j] = add(totals[j]!, sums[j]!);
  }
  return totals;
}

export function columnKernels(arithmetic: Arithmetic): Pick<Kernels, 'columnSums' | 'columnStatistics'> {
  const { add, sub, div, sqrt, madd } = arithmetic;
  return {
    columnSums(out, x, rows, width, accumulate) {
      const totals = sumRows(arithmetic, rows, width, (sums, row) => {
        for (let j = 0; j < width; j++) sums[j] = add(sums[j]!, x[row + j]!);
      });
      for (let j = 0; j < width; j++) out[j] = accumulate ? add(out[j]!, totals[j]!) : totals[j]!;
    },
    /** Two passes: the means, then the squares of what differs from them. */
    columnStatistics(mean, rstd, x, rows, width, epsilon) {
      const count = Math.fround(rows);
      const tiny = Math.fround(epsilon);
      const totals = sumRows(arithmetic, rows, width, (sums, row) => {
        for (let j = 0; j < width; j++) sums[j] = add(sums[j]!, x[row + j]!);
      });
      for (let j = 0; j < width; j++) mean[j] = div(totals[j]!, count);
      const squares = sumRows(arithmetic, rows, width, (sums, row) => {
        for (let j = 0; j < width; j++) {
          const centred = sub(x[row + j]!, mean[j]!);
          sums[j] = madd(centred, centred, sums[j]!);
        }
      });
      for (let j = 0; j < width; j++) rstd[j] = div(1, sqrt(add(div(squares[j]!, count), tiny)));
    },
  };
}
