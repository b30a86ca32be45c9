/** @file Sums and activation functions, one number at a time. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/** out = a + b */
export function add(out: FloatArray, a: FloatArray, b: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!;
}

/** out = a + b + c */
export function add3(out: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]! + c[i]!;
}

/** out = factor x, or out += factor x */
export function scale(out: FloatArray, x: FloatArray, factor: number, accumulate: boolean): void {
  for (let i = 0; i < out.length; i++) out[i] = accumulate ? out[i]! + factor * x[i]! : factor * x[i]!;
}

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** gelu_new of Hugging Face (`NewGELUActivation`): 0.5 x (1 + tanh(u)) with u = sqrt(2 / pi) (x + 0.044715 x^3). */
export function gelu(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) {
    const value = x[i]!;
    const u = SQRT_2_OVER_PI * (value + CUBIC * value ** 3);
    out[i] = 0.5 * value * (1 + Math.tanh(u));
  }
}

/** dx = dout (0.5 (1 + tanh u) + 0.5 x (1 - tanh^2 u) du/dx) */
export function geluBackward(dx: FloatArray, dout: FloatArray, x: FloatArray, accumulate: boolean): void {
  for (let i = 0; i < dx.length; i++) {
    const value = x[i]!;
    const t = Math.tanh(SQRT_2_OVER_PI * (value + CUBIC * value ** 3));
    const slopeOfU = SQRT_2_OVER_PI * (1 + 3 * CUBIC * value ** 2);
    const slope = 0.5 * (1 + t) + 0.5 * value * (1 - t * t) * slopeOfU;
    dx[i] = (accumulate ? dx[i]! : 0) + dout[i]! * slope;
  }
}

/** out = max(x, 0) */
export function relu(out: FloatArray, x: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i]!, 0);
}

/** dx = dout where x > 0, else 0 */
export function reluBackward(dx: FloatArray, dout: FloatArray, x: FloatArray, accumulate: boolean): void {
  for (let i = 0; i < dx.length; i++) dx[i] = (accumulate ? dx[i]! : 0) + (x[i]! > 0 ? dout[i]! : 0);
}
