/** @file Logarithms: natural, to base 2, and of 1 + x. Appendix D. */
import {
  add,
  type DoubleDouble,
  divide,
  doubled,
  exponentOf,
  multiply,
  polynomial,
  powerOfTwo,
  sumOf,
} from './double-double.ts';

export const LN2 = doubled(Math.LN2, 2.3190468138462996e-17);
/** 2 / (2 n + 1): the rest of the series is below 2^-71 of it where s^2 < 0.0295. */
const COEFFICIENTS = Array.from({ length: 14 }, (_, n) => divide(doubled(2), doubled(2 * n + 1)));

/** ln x; off by less than 0.501 units in the last place. NaN below 0. */
export function logarithm(x: number): number {
  return special(x) ?? logarithmOf(doubled(x)).high;
}

/** log2 x, likewise; exact for powers of 2. */
export function logarithm2(x: number): number {
  const known = special(x);
  if (known !== undefined) return known;
  const { k, of } = parts(doubled(x));
  return add(doubled(k), divide(of, LN2)).high;
}

/** ln(1 + x), likewise, however small x is. */
export function logarithmOfOnePlus(x: number): number {
  if (Math.abs(x) < 2 ** -60) return x;
  return special(1 + x) ?? logarithmOf(sumOf(1, x)).high;
}

/** ln x to some 70 bits; x is positive and finite. */
export function logarithmOf(x: DoubleDouble): DoubleDouble {
  const { k, of } = parts(x);
  return add(multiply(LN2, doubled(k)), of);
}

function special(x: number): number | undefined {
  if (x > 0 && x < Number.POSITIVE_INFINITY) return undefined;
  return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
}

/** x = 2^k m, with m from sqrt 1/2 to sqrt 2; `of` is ln m. */
function parts({ high, low }: DoubleDouble): { readonly k: number; readonly of: DoubleDouble } {
  if (high < 2 ** -1000) {
    const { k, of } = parts({ high: high * 2 ** 60, low: low * 2 ** 60 });
    return { k: k - 60, of };
  }
  const exponent = exponentOf(high);
  const scale = powerOfTwo(-Math.min(exponent, 1022));
  const inOctave = high * scale * (exponent === 1023 ? 0.5 : 1);
  const k = inOctave > Math.SQRT2 ? exponent + 1 : exponent;
  const half = inOctave > Math.SQRT2 ? 0.5 : 1;
  const m = inOctave * half;
  const rest = low * scale * half;
  // ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) for s = (m - 1) / (m + 1)
  const s = divide(sumOf(m - 1, rest), add(sumOf(m, 1), doubled(rest)));
  return { k, of: multiply(s, polynomial(multiply(s, s), COEFFICIENTS, 3)) };
}
