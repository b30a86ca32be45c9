/**
 * @file How far single precision may be off: each number with a bound on its error. Appendix E.
 *
 * The standard model (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 2.2): fl(a op b) = (a op b)(1 + d)
 * with |d| <= u = 2^-24, and by at most half the smallest number more where a product or quotient underflows. Carried along
 * with the computation this bounds the error of any of its results: running error analysis (section 3.3).
 */

/** Unit roundoff of single precision. */
export const U = 2 ** -24;
/** Half the smallest number above 0: what underflow can add to an error. */
export const TINY = 2 ** -150;
/** Of `exp`, relative: `tensor/wasm/exponential.ts`. */
export const EXP_ERROR = 2e-7;
/** Of `log` from 1 up, relative. */
export const LOG_ERROR = 1e-7;
/** What `exp` may be off below its smallest result. */
const EXP_FLOOR = 3e-38;

/** Relative error of n roundings one after the other: (1 + u)^n - 1 <= n u / (1 - n u). Higham, lemma 3.1. */
export const gamma = (n: number): number => (n * U) / (1 - n * U);

/** A result in double precision, and how far the same result of single precision may lie from it. */
export interface Bounded {
  readonly value: number;
  readonly error: number;
}

export const exact = (value: number): Bounded => ({ value, error: 0 });
/** A constant that is rounded to single precision before it is used. */
export const constant = (value: number): Bounded => ({ value, error: Math.abs(Math.fround(value) - value) });

/** What an operation rounds off, on top of `inherited`, what its operands had been off. */
const after = (value: number, inherited: number, tiny = 0): Bounded => ({
  value,
  error: inherited * (1 + U) + U * Math.abs(value) + tiny,
});

export const add = (a: Bounded, b: Bounded): Bounded => after(a.value + b.value, a.error + b.error);
export const sub = (a: Bounded, b: Bounded): Bounded => after(a.value - b.value, a.error + b.error);

export function mul(a: Bounded, b: Bounded): Bounded {
  const inherited = Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error;
  return after(a.value * b.value, inherited, TINY);
}

/** a b + c, whether it is rounded once or twice. */
export const madd = (a: Bounded, b: Bounded, c: Bounded): Bounded => add(mul(a, b), c);

/** a' / b' - a / b = ((a' - a) - (a / b)(b' - b)) / b' */
export function div(a: Bounded, b: Bounded): Bounded {
  const value = a.value / b.value;
  const least = Math.abs(b.value) - b.error;
  return after(value, least > 0 ? (a.error + Math.abs(value) * b.error) / least : Number.POSITIVE_INFINITY, TINY);
}

/** sqrt(a') - sqrt(a) = (a' - a) / (sqrt(a') + sqrt(a)) */
export function sqrt(a: Bounded): Bounded {
  const value = Math.sqrt(a.value);
  const sum = value + Math.sqrt(Math.max(0, a.value - a.error));
  return after(value, a.error === 0 ? 0 : sum > 0 ? Math.min(a.error / sum, Math.sqrt(a.error)) : Math.sqrt(a.error));
}

/** exp(a') - exp(a) = exp(a)(exp(a' - a) - 1) */
export function exp(a: Bounded): Bounded {
  const value = Math.exp(a.value);
  const inherited = value === 0 ? Math.exp(a.value + a.error) : value * Math.expm1(a.error);
  return { value, error: inherited * (1 + EXP_ERROR) + EXP_ERROR * value + EXP_FLOOR };
}

/** Of numbers from 1 up: log(a') - log(a) <= (a' - a) / least of both. */
export function log(a: Bounded): Bounded {
  const value = Math.log(a.value);
  const inherited = a.error / (a.value - a.error);
  return { value, error: inherited + LOG_ERROR * (value + inherited) };
}

/** A sum in which each term passes through at most `additions` of them, in whatever order. Higham, section 4.2. */
export function sum(terms: readonly Bounded[], additions: number): Bounded {
  let [value, size, inherited] = [0, 0, 0];
  for (const term of terms) {
    value += term.value;
    size += Math.abs(term.value);
    inherited += term.error;
  }
  const growth = gamma(additions);
  return { value, error: inherited * (1 + growth) + growth * size };
}
