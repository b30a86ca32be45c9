/**
 * @file Kernels that treat each element by itself, with the bits of `wasm/elementwise.ts`. Appendix D.
 *
 * Nothing is summed over elements: what counts is where a product is rounded by itself (`mul`) and where it may be fused
 * with a sum (`madd`). Every constant and factor is rounded to single precision first.
 */
import { power } from '../functions/power.ts';
import type { Kernels } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';
import { exp } from './exponential.ts';

const { fround } = Math;
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;
const MINUS_2U = fround(-2 * SQRT_2_OVER_PI);
const MINUS_2U_CUBE = fround(-2 * SQRT_2_OVER_PI * CUBE);
const SLOPE_2U = fround(2 * SQRT_2_OVER_PI);
const SLOPE_2U_SQUARE = fround(6 * SQRT_2_OVER_PI * CUBE);

type ElementwiseKernels = Pick<
  Kernels,
  'add' | 'add3' | 'scale' | 'gelu' | 'geluBackward' | 'relu' | 'reluBackward' | 'adamw'
>;

export function elementwiseKernels(arithmetic: Arithmetic): ElementwiseKernels {
  const { add, sub, mul, div, sqrt, madd } = arithmetic;

  /** exp(-2 u) with u = sqrt(2 / pi) (x + 0.044715 x^3). */
  const expOfMinus2U = (x: number, square: number): number =>
    exp(arithmetic, mul(x, madd(square, MINUS_2U_CUBE, MINUS_2U)), true);

  return {
    add(out, a, b) {
      for (let i = 0; i < out.length; i++) out[i] = add(a[i]!, b[i]!);
    },
    /** (a + b) + c */
    add3(out, a, b, c) {
      for (let i = 0; i < out.length; i++) out[i] = add(add(a[i]!, b[i]!), c[i]!);
    },
    /** With `accumulate` the product is rounded before it is added. */
    scale(out, x, factor, accumulate) {
      const single = fround(factor);
      for (let i = 0; i < out.length; i++) {
        const value = mul(x[i]!, single);
        out[i] = accumulate ? add(out[i]!, value) : value;
      }
    },

    /** x / (1 + exp(-2 u)) */
    gelu(out, x) {
      for (let i = 0; i < out.length; i++) {
        const value = x[i]!;
        out[i] = div(value, add(1, expOfMinus2U(value, mul(value, value))));
      }
    },
    /** dout (s + e s (x slope)) with e = exp(-2 u), s = 1 / (1 + e), slope = 2 u'. */
    geluBackward(dx, dout, x, accumulate) {
      for (let i = 0; i < dx.length; i++) {
        const value = x[i]!;
        const square = mul(value, value);
        const e = expOfMinus2U(value, square);
        const s = div(1, add(1, e));
        const slope = madd(square, SLOPE_2U_SQUARE, SLOPE_2U);
        const bent = mul(mul(e, s), mul(value, slope));
        const gradient = mul(dout[i]!, madd(bent, s, s));
        dx[i] = accumulate ? add(dx[i]!, gradient) : gradient;
      }
    },
    relu(out, x) {
      for (let i = 0; i < out.length; i++) out[i] = x[i]! > 0 ? x[i]! : 0;
    },
    reluBackward(dx, dout, x, accumulate) {
      for (let i = 0; i < dx.length; i++) {
        const gradient = x[i]! > 0 ? dout[i]! : 0;
        dx[i] = accumulate ? add(dx[i]!, gradient) : gradient;
      }
    },

    /** parameter keep - (m rate) / (sqrt(v) correction + epsilon); in both averages what is new is rounded, then added. */
    adamw(parameter, gradient, m, v, options) {
      const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale } = options;
      const scale = fround(gradientScale);
      const keep = fround(1 - learningRate * weightDecay);
      const rate = fround(learningRate / (1 - power(beta1, step)));
      const rootCorrection2 = fround(1 / Math.sqrt(1 - power(beta2, step)));
      const [keep1, rest1, keep2, rest2] = [fround(beta1), fround(1 - beta1), fround(beta2), fround(1 - beta2)];
      const tiny = fround(epsilon);
      for (let i = 0; i < parameter.length; i++) {
        const g = mul(gradient[i]!, scale);
        const average = madd(m[i]!, keep1, mul(g, rest1));
        const averageSquare = madd(v[i]!, keep2, mul(mul(g, g), rest2));
        const root = madd(sqrt(averageSquare), rootCorrection2, tiny);
        parameter[i] = sub(mul(parameter[i]!, keep), div(mul(average, rate), root));
        m[i] = average;
        v[i] = averageSquare;
      }
    },
  };
}
