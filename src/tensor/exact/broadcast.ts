/**
 * @file Kernels that treat all rows with the same vectors, a number for each column, with the bits of
 * `wasm/broadcast.ts`. Appendix D.
 */
import type { Kernels } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';

type BroadcastKernels = Pick<Kernels, 'addBias' | 'normalizeColumns' | 'batchNormBackward'>;

export function broadcastKernels({ add, sub, mul, div, madd }: Arithmetic): BroadcastKernels {
  return {
    addBias(out, x, bias, rows, width) {
      for (let r = 0; r < rows; r++) {
        const row = r * width;
        for (let j = 0; j < width; j++) out[row + j] = add(x[row + j]!, bias[j]!);
      }
    },
    /** ((x - mean) rstd) weight + bias, the last two fused. */
    normalizeColumns(out, x, mean, rstd, weight, bias, rows, width) {
      for (let r = 0; r < rows; r++) {
        const row = r * width;
        for (let j = 0; j < width; j++) {
          const normalized = mul(sub(x[row + j]!, mean[j]!), rstd[j]!);
          out[row + j] = madd(normalized, weight[j]!, bias[j]!);
        }
      }
    },
    /** (rstd weight) (dout - (normalized dweight + dbias) share) with share = 1 / rows, rounded. */
    batchNormBackward(dx, dout, x, mean, rstd, weight, dweight, dbias, rows, width, accumulate) {
      const share = div(1, Math.fround(rows));
      for (let r = 0; r < rows; r++) {
        const row = r * width;
        for (let j = 0; j < width; j++) {
          const normalized = mul(sub(x[row + j]!, mean[j]!), rstd[j]!);
          const common = mul(madd(normalized, dweight[j]!, dbias[j]!), share);
          const gradient = mul(mul(rstd[j]!, weight[j]!), sub(dout[row + j]!, common));
          dx[row + j] = accumulate ? add(dx[row + j]!, gradient) : gradient;
        }
      }
    },
  };
}
