/** @file The AdamW update and the norm that clipping needs. Chapter 7. */
import type { AdamWOptions } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

/** Sum of x[i]^2. */
export function sumOfSquares(x: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}

/**
 * Loshchilov and Hutter (2019), algorithm 2, in the order of operations of `torch.optim.AdamW`: the decay multiplies the
 * parameter itself and never enters the averages m and v.
 */
export function adamw(
  parameter: FloatArray,
  gradient: FloatArray,
  m: FloatArray,
  v: FloatArray,
  options: AdamWOptions,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale } = options;
  // m and v start at 0 and are therefore too small at first: by these factors.
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]! * gradientScale;
    const decayed = parameter[i]! * (1 - learningRate * weightDecay);
    const average = beta1 * m[i]! + (1 - beta1) * g;
    const averageSquare = beta2 * v[i]! + (1 - beta2) * g * g;
    const denominator = Math.sqrt(averageSquare) / Math.sqrt(correction2) + epsilon;
    parameter[i] = decayed - (learningRate / correction1) * (average / denominator);
    m[i] = average;
    v[i] = averageSquare;
  }
}
