/** @file Cross-entropy where each row is a class and the samples of a batch lie side by side. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/** Softmax of head h of sample r: its classes' logits stand below each other. [classes] */
function softmax(logits: FloatArray, bias: FloatArray, h: number, r: number, classes: number, rows: number): number[] {
  const biased = Array.from(
    { length: classes },
    (_, c) => logits[(h * classes + c) * rows + r]! + bias[h * classes + c]!,
  );
  const largest = Math.max(...biased);
  const powers = biased.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** losses[h, r] = -log softmax(logits[h, all classes, r] + bias[h])[targets[h, r]], natural log. */
export function columnCrossEntropy(
  losses: FloatArray, // [heads, rows]
  logits: FloatArray, // [heads, classes, rows]
  bias: FloatArray, // [heads, classes]
  targets: Int32Array, // [heads, rows]
  heads: number,
  classes: number,
  rows: number,
): void {
  for (let h = 0; h < heads; h++) {
    for (let r = 0; r < rows; r++) {
      losses[h * rows + r] = -Math.log(softmax(logits, bias, h, r, classes, rows)[targets[h * rows + r]!]!);
    }
  }
}

/** dlogits[h, c, r] = factor (softmax(logits[h, all classes, r] + bias[h])[c] - (c is the target ? 1 : 0)), dbias the sums over r. */
export function columnCrossEntropyBackward(
  dlogits: FloatArray, // [heads, classes, rows]
  dbias: FloatArray, // [heads, classes]
  logits: FloatArray, // [heads, classes, rows]
  bias: FloatArray, // [heads, classes]
  targets: Int32Array, // [heads, rows]
  factor: number,
  heads: number,
  classes: number,
  rows: number,
): void {
  const sums = new Float64Array(heads * classes);
  for (let h = 0; h < heads; h++) {
    for (let r = 0; r < rows; r++) {
      softmax(logits, bias, h, r, classes, rows).forEach((p, c) => {
        const gradient = factor * (p - (c === targets[h * rows + r] ? 1 : 0));
        dlogits[(h * classes + c) * rows + r] = gradient;
        sums[h * classes + c]! += gradient;
      });
    }
  }
  dbias.set(sums);
}
