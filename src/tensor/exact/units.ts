/** @file ReLU and batch norm where each row is a unit and the samples of a batch lie side by side. Appendix D. */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type Arithmetic, pmax } from './arithmetic.ts';

const { fround } = Math;

/** Four vectors of four sums each: their sum, lane by lane, is (a + b) + (c + d); then the lanes as (0 + 2) + (1 + 3). */
export function sumOfChains({ add }: Arithmetic, sums: FloatArray): number {
  const lane = (i: number) => add(add(sums[i]!, sums[i + 4]!), add(sums[i + 8]!, sums[i + 12]!));
  return add(add(lane(0), lane(2)), add(lane(1), lane(3)));
}

/**
 * Sum of `count` numbers from `begin` on: sixteen sums, each of every sixteenth number; those that do not fill a row of
 * sixteen go to the first four. Then {@link sumOfChains}.
 */
export function sumRow(arithmetic: Arithmetic, row: FloatArray, begin: number, count: number): number {
  const { add } = arithmetic;
  const sums = new Float32Array(16);
  const whole = count & -16;
  for (let i = 0; i < count; i++) {
    const to = i % (i < whole ? 16 : 4);
    sums[to] = add(sums[to]!, row[begin + i]!);
  }
  return sumOfChains(arithmetic, sums);
}

type UnitKernels = Pick<Kernels, 'reluBatchNorm' | 'reluBatchNormBackward'>;

export function unitKernels(arithmetic: Arithmetic): UnitKernels {
  const { add, sub, mul, div, sqrt, madd } = arithmetic;
  const relu = (x: number, bias: number) => pmax(add(x, bias), 0);
  const rstdOf = (variance: number, epsilon: number) => div(1, sqrt(add(variance, fround(epsilon))));
  return {
    /** Mean and variance are added up as {@link sumRow} does. */
    reluBatchNorm(out, mean, variance, x, bias, weight, shift, units, rows, epsilon, training) {
      const h = new Float32Array(rows);
      const squares = new Float32Array(rows);
      for (let unit = 0; unit < units; unit++) {
        const row = unit * rows;
        for (let r = 0; r < rows; r++) h[r] = relu(x[row + r]!, bias[unit]!);
        if (training) {
          mean[unit] = div(sumRow(arithmetic, h, 0, rows), fround(rows));
          for (let r = 0; r < rows; r++) {
            const centred = sub(h[r]!, mean[unit]!);
            squares[r] = mul(centred, centred);
          }
          variance[unit] = div(sumRow(arithmetic, squares, 0, rows), fround(rows));
        }
        const factor = mul(rstdOf(variance[unit]!, epsilon), weight[unit]!);
        for (let r = 0; r < rows; r++) out[row + r] = madd(sub(h[r]!, mean[unit]!), factor, shift[unit]!);
      }
    },

    /** dh = slope dout - ((h - mean) tilt + constant); all three gradients of a unit are added up as {@link sumRow} does. */
    reluBatchNormBackward(dx, dbias, dweight, dshift, dout, x, bias, mean, variance, weight, units, rows, epsilon) {
      const h = new Float32Array(rows);
      const products = new Float32Array(rows);
      const perRow = div(1, fround(rows));
      for (let unit = 0; unit < units; unit++) {
        const row = unit * rows;
        for (let r = 0; r < rows; r++) {
          h[r] = relu(x[row + r]!, bias[unit]!);
          products[r] = mul(dout[row + r]!, sub(h[r]!, mean[unit]!));
        }
        const sumDout = sumRow(arithmetic, dout, row, rows);
        const rstd = rstdOf(variance[unit]!, epsilon);
        const sumDoutZ = mul(sumRow(arithmetic, products, 0, rows), rstd);
        dshift[unit] = sumDout;
        dweight[unit] = sumDoutZ;
        const slope = mul(rstd, weight[unit]!);
        const constant = mul(mul(slope, sumDout), perRow);
        const tilt = mul(mul(slope, mul(sumDoutZ, rstd)), perRow);
        for (let r = 0; r < rows; r++) {
          const common = madd(sub(h[r]!, mean[unit]!), tilt, constant);
          dx[row + r] = h[r]! > 0 ? sub(mul(slope, dout[row + r]!), common) : 0;
        }
        dbias[unit] = sumRow(arithmetic, dx, row, rows);
      }
    },
  };
}
