/** @file Softmax and cross-entropy: how surprising each target is. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/** log of the sum of exp(logits) over one row. The largest logit is taken out first, so that no exponential overflows. */
function logSumExp(logits: FloatArray, row: number, classes: number): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]!);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[row + c]! - largest);
  return largest + Math.log(sum);
}

/**
 * losses[r] = logSumExp(logits[r]) - logits[r, target], that is -log softmax(logits[r])[target]; 0 where the target is
 * negative. As `torch.nn.functional.cross_entropy` with reduction 'none'.
 */
export function crossEntropy(
  losses: FloatArray, // [rows]
  logits: FloatArray, // [rows, classes]
  targets: Int32Array, // [rows]
  rows: number,
  classes: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * classes;
    const target = targets[r]!;
    losses[r] = target < 0 ? 0 : logSumExp(logits, row, classes) - logits[row + target]!;
  }
}

/** dlogits[r, c] = rowScale[r] (softmax(logits[r])[c] - (c is the target ? 1 : 0)); 0 where the target is negative. */
export function crossEntropyBackward(
  dlogits: FloatArray, // [rows, classes]
  logits: FloatArray, // [rows, classes]
  targets: Int32Array, // [rows]
  rowScale: FloatArray, // [rows]
  rows: number,
  classes: number,
  accumulate: boolean,
): void {
  for (let r = 0; r < rows; r++) {
    const row = r * classes;
    const target = targets[r]!;
    const logSum = target < 0 ? 0 : logSumExp(logits, row, classes);
    for (let c = 0; c < classes; c++) {
      const p = Math.exp(logits[row + c]! - logSum);
      const gradient = target < 0 ? 0 : rowScale[r]! * (p - (c === target ? 1 : 0));
      dlogits[row + c] = (accumulate ? dlogits[row + c]! : 0) + gradient;
    }
  }
}
