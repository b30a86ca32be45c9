/**
 * @file Layer norm and cross-entropy, with the bits of `wasm/rows.ts`. Appendix D.
 *
 * A row is summed in four lanes: element j goes to lane j mod 4, in order; then the lanes are added as (0 + 2) + (1 + 3).
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import type { Arithmetic } from './arithmetic.ts';
import { pmax } from './arithmetic.ts';
import { exp, log } from './exponential.ts';
import { maxOfLanes, sumOfLanes } from './sums.ts';

type RowKernels = Pick<Kernels, 'layerNorm' | 'layerNormBackward' | 'crossEntropy' | 'crossEntropyBackward'>;

export function rowKernels(arithmetic: Arithmetic): RowKernels {
  const { add, sub, mul, div, sqrt, madd } = arithmetic;
  const lanes = new Float32Array(4);
  const otherLanes = new Float32Array(4);

  /** Largest logit of a row and sum of exp(logit - largest), in lanes. */
  const softmaxParts = (logits: FloatArray, row: number, classes: number): { largest: number; sum: number } => {
    lanes.fill(Number.NEGATIVE_INFINITY);
    for (let c = 0; c < classes; c++) lanes[c % 4] = pmax(logits[row + c]!, lanes[c % 4]!);
    const largest = maxOfLanes(lanes);
    lanes.fill(0);
    for (let c = 0; c < classes; c++) {
      lanes[c % 4] = add(lanes[c % 4]!, exp(arithmetic, sub(logits[row + c]!, largest)));
    }
    return { largest, sum: sumOfLanes(arithmetic, lanes) };
  };

  return {
    /** Two passes, in lanes: the mean, then the squares of what differs from it; each sum times 1 / width, rounded. */
    layerNorm(out, mean, rstd, x, weight, bias, rows, width, epsilon) {
      const share = div(1, Math.fround(width));
      const tiny = Math.fround(epsilon);
      for (let r = 0; r < rows; r++) {
        const row = r * width;
        lanes.fill(0);
        for (let j = 0; j < width; j++) lanes[j % 4] = add(lanes[j % 4]!, x[row + j]!);
        const m = mul(sumOfLanes(arithmetic, lanes), share);
        lanes.fill(0);
        for (let j = 0; j < width; j++) {
          const centred = sub(x[row + j]!, m);
          lanes[j % 4] = madd(centred, centred, lanes[j % 4]!);
        }
        const variance = add(mul(sumOfLanes(arithmetic, lanes), share), tiny);
        const s = div(1, sqrt(variance));
        for (let j = 0; j < width; j++) {
          out[row + j] = madd(mul(sub(x[row + j]!, m), s), weight[j]!, bias[j]!);
        }
        mean[r] = m;
        rstd[r] = s;
      }
    },
    /** rstd ((g - average(g)) - n average(g n)) with g = dout weight, n = (x - mean) rstd; both averages in lanes. */
    layerNormBackward(dx, dout, x, weight, mean, rstd, rows, width, accumulate) {
      const share = div(1, Math.fround(width));
      const whole = Math.ceil(width / 4) * 4; // beyond the row's end the vectors hold zeros
      for (let r = 0; r < rows; r++) {
        const row = r * width;
        const m = mean[r]!;
        const s = rstd[r]!;
        lanes.fill(0);
        otherLanes.fill(0);
        for (let j = 0; j < whole; j++) {
          const g = j < width ? mul(dout[row + j]!, weight[j]!) : 0;
          const n = mul(sub(j < width ? x[row + j]! : 0, m), s);
          lanes[j % 4] = add(lanes[j % 4]!, g);
          otherLanes[j % 4] = madd(g, n, otherLanes[j % 4]!);
        }
        const averageG = mul(sumOfLanes(arithmetic, lanes), share);
        const averageGN = mul(sumOfLanes(arithmetic, otherLanes), share);
        for (let j = 0; j < width; j++) {
          const g = mul(dout[row + j]!, weight[j]!);
          const n = mul(sub(x[row + j]!, m), s);
          const gradient = mul(s, sub(sub(g, averageG), mul(n, averageGN)));
          dx[row + j] = accumulate ? add(dx[row + j]!, gradient) : gradient;
        }
      }
    },

    /** log(sum) + (largest - logit of the target) */
    crossEntropy(losses, logits, targets, rows, classes) {
      for (let r = 0; r < rows; r++) {
        losses[r] = 0;
        if (targets[r]! < 0) continue;
        const { largest, sum } = softmaxParts(logits, r * classes, classes);
        losses[r] = add(log(arithmetic, sum), sub(largest, logits[r * classes + targets[r]!]!));
      }
    },
    /** exp(logit - largest) (rowScale / sum); then rowScale is taken from what is at the target's place. */
    crossEntropyBackward(dlogits, logits, targets, rowScale, rows, classes, accumulate) {
      for (let r = 0; r < rows; r++) {
        const row = r * classes;
        const target = targets[r]!;
        if (target < 0) {
          if (!accumulate) dlogits.fill(0, row, row + classes);
          continue;
        }
        const { largest, sum } = softmaxParts(logits, row, classes);
        const factor = div(rowScale[r]!, sum);
        for (let c = 0; c < classes; c++) {
          const gradient = mul(exp(arithmetic, sub(logits[row + c]!, largest)), factor);
          dlogits[row + c] = accumulate ? add(dlogits[row + c]!, gradient) : gradient;
        }
        dlogits[row + target] = sub(dlogits[row + target]!, rowScale[r]!);
      }
    },
  };
}
