/** @file Bounds for layer norm and cross-entropy, row by row. Appendix E. */
import type { FloatArray, Kernels } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { add, type Bounded, constant, div, exact, exp, log, madd, mul, sqrt, sub, sum } from './rounding.ts';

type Bounds = {
  readonly [K in 'layerNorm' | 'layerNormBackward' | 'crossEntropy' | 'crossEntropyBackward']: (
    errors: Errors,
    ...args: Parameters<Kernels[K]>
  ) => void;
};

const FORMULA = 'each rounding; sums gamma(width / 4 + 2)';
const SOFTMAX_FORMULA = 'each rounding; exp 2e-7, log 1e-7';

/** A row is added up in four lanes, then the lanes: so many additions at most for each of its terms. */
const additionsOf = (width: number): number => Math.ceil(width / 4) + 1;

const onRow = <T>(width: number, body: (j: number) => T): T[] => Array.from({ length: width }, (_, j) => body(j));

/** Largest logit, the same for both, and sum of exp(logit - largest). */
function softmaxParts(logits: FloatArray, row: number, classes: number) {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]!);
  const exponentials = onRow(classes, (c) => exp(sub(exact(logits[row + c]!), exact(largest))));
  return { largest: exact(largest), exponentials, total: sum(exponentials, additionsOf(classes)) };
}

export const rowBounds: Bounds = {
  layerNorm(errors, out, mean, rstd, x, weight, bias, rows, width, epsilon) {
    const share = constant(1 / width);
    const all: Bounded[] = [];
    const statistics = onRow(rows, (r) => {
      const values = onRow(width, (j) => exact(x[r * width + j]!));
      const m = mul(sum(values, additionsOf(width)), share);
      const centred = values.map((value) => sub(value, m));
      const squares = sum(
        centred.map((one) => mul(one, one)),
        additionsOf(width),
      );
      const s = div(exact(1), sqrt(add(mul(squares, share), constant(epsilon))));
      all.push(...centred.map((one, j) => madd(mul(one, s), exact(weight[j]!), exact(bias[j]!))));
      return { m, s };
    });
    errors.put(out, FORMULA, false, (i) => all[i]!);
    errors.put(mean, FORMULA, false, (r) => statistics[r]!.m);
    errors.put(rstd, FORMULA, false, (r) => statistics[r]!.s);
  },

  /** rstd ((g - average(g)) - n average(g n)) with g = dy weight, n = (x - mean) rstd. */
  layerNormBackward(errors, dx, dout, x, weight, mean, rstd, rows, width, accumulate) {
    const share = constant(1 / width);
    const all: Bounded[] = [];
    for (let r = 0; r < rows; r++) {
      const [m, s] = [exact(mean[r]!), exact(rstd[r]!)];
      const g = onRow(width, (j) => mul(exact(dout[r * width + j]!), exact(weight[j]!)));
      const n = onRow(width, (j) => mul(sub(exact(x[r * width + j]!), m), s));
      const averageG = mul(sum(g, additionsOf(width)), share);
      const products = g.map((one, j) => mul(one, n[j]!));
      const averageGN = mul(sum(products, additionsOf(width)), share);
      all.push(...g.map((one, j) => mul(s, sub(sub(one, averageG), mul(n[j]!, averageGN)))));
    }
    errors.put(dx, FORMULA, accumulate, (i) => all[i]!);
  },

  /** log(sum) + (largest - logit of the target) */
  crossEntropy(errors, losses, logits, targets, _, classes) {
    errors.put(losses, SOFTMAX_FORMULA, false, (r) => {
      if (targets[r]! < 0) return exact(0);
      const { largest, total } = softmaxParts(logits, r * classes, classes);
      return add(log(total), sub(largest, exact(logits[r * classes + targets[r]!]!)));
    });
  },

  /**
   * exp(logit - largest) (rowScale / sum), added to what is there; from that, at the target, rowScale is taken. It was rounded when
   * it was stored.
   */
  crossEntropyBackward(errors, dlogits, logits, targets, rowScale, rows, classes, accumulate) {
    const all: Bounded[] = [];
    for (let r = 0; r < rows; r++) {
      const row = r * classes;
      const scale = constant(rowScale[r]!);
      const counts = targets[r]! >= 0;
      const { exponentials, total } = counts ? softmaxParts(logits, row, classes) : { exponentials: [], total: scale };
      for (let c = 0; c < classes; c++) {
        const before = accumulate ? errors.at(dlogits, row + c) : exact(0);
        const gradient = counts ? mul(exponentials[c]!, div(scale, total)) : exact(0);
        const sum = accumulate && counts ? add(before, gradient) : counts ? gradient : before;
        all.push(c === targets[r] ? sub(sum, scale) : sum);
      }
    }
    errors.put(dlogits, SOFTMAX_FORMULA, false, (i) => all[i]!);
  },
};
