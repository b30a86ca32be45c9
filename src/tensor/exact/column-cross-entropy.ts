/**
 * @file Cross-entropy where each row is a class and the samples of a batch lie side by side: softmax down the columns.
 * Appendix D.
 */
import type { Kernels } from '../kernels.ts';
import { type Arithmetic, pmax } from './arithmetic.ts';
import { exp, log } from './exponential.ts';
import { sumRow } from './units.ts';

type ColumnCrossEntropyKernels = Pick<Kernels, 'columnCrossEntropy' | 'columnCrossEntropyBackward'>;

export function columnCrossEntropyKernels(arithmetic: Arithmetic): ColumnCrossEntropyKernels {
  const { add, sub, mul, div } = arithmetic;
  return {
    /** The exponentials are added to 0 in order of the classes. */
    columnCrossEntropy(losses, logits, bias, targets, heads, classes, rows) {
      for (let at = 0; at < heads * rows; at++) {
        const head = Math.floor(at / rows);
        const logit = (c: number) =>
          add(logits[head * classes * rows + c * rows + (at % rows)]!, bias[head * classes + c]!);
        let largest = -Infinity;
        for (let c = 0; c < classes; c++) largest = pmax(largest, logit(c));
        let sum = 0;
        for (let c = 0; c < classes; c++) sum = add(sum, exp(arithmetic, sub(logit(c), largest)));
        const target = targets[at]!;
        const chosen = target >= 0 && target < classes ? logit(target) : 0;
        losses[at] = add(log(arithmetic, sum), sub(largest, chosen));
      }
    },

    /** The exponentials are added to 0 in order of the classes; a bias' gradient as {@link sumRow} does. */
    columnCrossEntropyBackward(dlogits, dbias, logits, bias, targets, factor, heads, classes, rows) {
      const hot = Math.fround(factor);
      for (let head = 0; head < heads; head++) {
        const first = head * classes * rows;
        for (let r = 0; r < rows; r++) {
          const logit = (c: number) => add(logits[first + c * rows + r]!, bias[head * classes + c]!);
          let largest = -Infinity;
          for (let c = 0; c < classes; c++) largest = pmax(largest, logit(c));
          let sum = 0;
          for (let c = 0; c < classes; c++) {
            const power = exp(arithmetic, sub(logit(c), largest));
            dlogits[first + c * rows + r] = power;
            sum = add(sum, power);
          }
          const scale = div(hot, sum);
          for (let c = 0; c < classes; c++) {
            const to = first + c * rows + r;
            dlogits[to] = sub(mul(dlogits[to]!, scale), c === targets[head * rows + r] ? hot : 0);
          }
        }
        for (let c = 0; c < classes; c++)
          dbias[head * classes + c] = sumRow(arithmetic, dlogits, first + c * rows, rows);
      }
    },
  };
}
