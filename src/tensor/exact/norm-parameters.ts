/** @file Gradients of the weights and biases of both norms, with the bits of `wasm/norm-parameters.ts`. Appendix D. */
import type { Kernels } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';
import { sumRows } from './columns.ts';

type NormParameterKernels = Pick<Kernels, 'layerNormBackwardParameters' | 'batchNormBackwardParameters'>;

export function normParameterKernels(arithmetic: Arithmetic): NormParameterKernels {
  const { add, sub, mul, madd } = arithmetic;

  /** Sums over the rows as {@link sumRows} takes them, of dout ((x - mean) rstd), fused, and of dout. */
  const kernelOf =
    (statistics: 'row' | 'column'): Kernels['layerNormBackwardParameters'] =>
    (dweight, dbias, dout, x, mean, rstd, rows, width, accumulate) => {
      const weights = sumRows(arithmetic, rows, width, (sums, row) => {
        const r = row / width;
        for (let j = 0; j < width; j++) {
          const at = statistics === 'row' ? r : j;
          const normalized = mul(sub(x[row + j]!, mean[at]!), rstd[at]!);
          sums[j] = madd(dout[row + j]!, normalized, sums[j]!);
        }
      });
      const biases = sumRows(arithmetic, rows, width, (sums, row) => {
        for (let j = 0; j < width; j++) sums[j] = add(sums[j]!, dout[row + j]!);
      });
      for (let j = 0; j < width; j++) {
        dweight[j] = accumulate ? add(dweight[j]!, weights[j]!) : weights[j]!;
        dbias[j] = accumulate ? add(dbias[j]!, biases[j]!) : biases[j]!;
      }
    };
  return { layerNormBackwardParameters: kernelOf('row'), batchNormBackwardParameters: kernelOf('column') };
}
