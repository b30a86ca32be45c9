/** @file Bounds for the kernels that treat each element by itself: their roundings, one by one. Appendix E. */
import type { FloatArray, Kernels } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { add, type Bounded, constant, div, exact, exp, madd, mul, sqrt, sub } from './rounding.ts';

type Bounds = {
  readonly [K in 'add' | 'add3' | 'scale' | 'gelu' | 'geluBackward' | 'adamw']: (
    errors: Errors,
    ...args: Parameters<Kernels[K]>
  ) => void;
};

const ROOT = Math.sqrt(2 / Math.PI);
const MINUS_2U = constant(-2 * ROOT);
const MINUS_2U_CUBE = constant(-2 * ROOT * 0.044715);
const SLOPE_2U = constant(2 * ROOT);
const SLOPE_2U_SQUARE = constant(6 * ROOT * 0.044715);
const ONE = exact(1);
/** Beyond this argument the fast `exp` is held, and 1 / (1 + exp) is below 1e-38. */
const HELD = 88;
/** The reference takes 1 + tanh(u) in Float64, which near -1 is off by so much, whatever the size of the result. */
const REFERENCE = 2 ** -51;

/** -2 u, u = sqrt(2 / pi) (x + 0.044715 x^3), and x^2, as `exact/elementwise.ts` rounds them. */
function minus2U(x: number): { readonly argument: Bounded; readonly square: Bounded } {
  const square = mul(exact(x), exact(x));
  return { argument: mul(exact(x), madd(square, MINUS_2U_CUBE, MINUS_2U)), square };
}

/** x / (1 + exp(-2 u)) */
function gelu(x: number): Bounded {
  const { argument } = minus2U(x);
  const own = REFERENCE * Math.abs(x);
  if (argument.value > HELD) return { value: 0, error: 1e-38 * Math.abs(x) + own };
  const { value, error } = div(exact(x), add(ONE, exp(argument)));
  return { value, error: error + own };
}

/** dy (s + e s (x slope)) with e = exp(-2 u), s = 1 / (1 + e), slope = 2 u'. */
function geluGradient(dy: number, x: number): Bounded {
  const { argument, square } = minus2U(x);
  const slope = madd(square, SLOPE_2U_SQUARE, SLOPE_2U);
  const own = REFERENCE * Math.abs(dy) * (1 + Math.abs(x) * slope.value);
  if (argument.value > HELD) return { value: 0, error: 1e-38 * Math.abs(dy * x * slope.value) + own };
  const e = exp(argument);
  const s = div(ONE, add(ONE, e));
  const bent = mul(mul(e, s), mul(exact(x), slope));
  const { value, error } = mul(exact(dy), madd(bent, s, s));
  return { value, error: error + own };
}

/** x factor; by 1 or -1 nothing is rounded. */
function times(x: Bounded, factor: number): Bounded {
  if (Math.abs(factor) === 1) return { value: x.value * factor, error: x.error };
  return mul(x, constant(factor));
}

export const elementwiseBounds: Bounds = {
  add: (errors, out, a, b) => errors.put(out, 'u |a + b|', false, (i) => add(errors.at(a, i), errors.at(b, i))),
  add3: (errors, out, a, b, c) =>
    errors.put(out, 'u (|a + b| + |a + b + c|)', false, (i) =>
      add(add(errors.at(a, i), errors.at(b, i)), errors.at(c, i)),
    ),
  scale(errors, out, x, factor, accumulate) {
    const own = Math.abs(factor) === 1 ? (errors.of(x)?.formula ?? 'nothing is rounded') : '2 u |factor x|';
    const inputs = errors.of(x) ? (i: number) => errors.at(x, i) : (i: number) => exact(x[i]!);
    errors.put(out, accumulate ? `${own}; u |sum|` : own, accumulate, (i) => times(inputs(i), factor));
  },
  gelu: (errors, out, x) => errors.put(out, 'each rounding; exp 2e-7', false, (i) => gelu(x[i]!)),
  geluBackward: (errors, dx, dout, x, accumulate) =>
    errors.put(dx, 'each rounding; exp 2e-7', accumulate, (i) => geluGradient(dout[i]!, x[i]!)),

  adamw(errors, parameter, gradient, m, v, options) {
    const steps = Array.from(parameter, (_, i) =>
      adamwStep({ parameter: parameter[i]!, gradient: gradient[i]!, m: m[i]!, v: v[i]! }, options),
    );
    const put = (out: FloatArray, part: 'parameter' | 'm' | 'v') =>
      errors.put(out, 'each rounding', false, (i) => steps[i]![part]);
    put(parameter, 'parameter');
    put(m, 'm');
    put(v, 'v');
  },
};

/** parameter keep - (m rate) / (sqrt(v) correction + epsilon), as `exact/elementwise.ts` rounds it. */
function adamwStep(
  one: { readonly parameter: number; readonly gradient: number; readonly m: number; readonly v: number },
  options: Parameters<Kernels['adamw']>[4],
): { readonly parameter: Bounded; readonly m: Bounded; readonly v: Bounded } {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale } = options;
  const g = mul(exact(one.gradient), constant(gradientScale));
  const m = madd(exact(one.m), constant(beta1), mul(g, constant(1 - beta1)));
  const v = madd(exact(one.v), constant(beta2), mul(mul(g, g), constant(1 - beta2)));
  const root = madd(sqrt(v), constant(1 / Math.sqrt(1 - beta2 ** step)), constant(epsilon));
  const decayed = mul(exact(one.parameter), constant(1 - learningRate * weightDecay));
  const change = div(mul(m, constant(learningRate / (1 - beta1 ** step))), root);
  return { parameter: sub(decayed, change), m, v };
}
