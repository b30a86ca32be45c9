/**
 * @file Numbers of twice the precision, as sums of two Float64 numbers. Appendix D.
 *
 * ECMAScript leaves the last bits of `Math.sin`, `Math.log`, `**` and their like to the engine, and engines differ. The functions
 * of this folder are made of sums, products, quotients and bits alone, which IEEE 754 settles: they have the same bits everywhere.
 * Each computes with about 106 bits and rounds once, so its error is that rounding, 2^-53 of the value, and a thousandth more.
 */

/** high + low, where `low` is at most half a unit in the last place of `high`. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** a + b, exactly; Knuth's TwoSum. */
export function sumOf(a: number, b: number): DoubleDouble {
  const high = a + b;
  const rest = high - a;
  return { high, low: a - (high - rest) + (b - rest) };
}

/** 2^27 + 1 cuts 53 bits into two parts whose products are exact; Veltkamp. */
const CUT = 134217729;

/** a b, exactly, where neither is so large that 2^27 times it overflows; Dekker 1971. */
export function productOf(a: number, b: number): DoubleDouble {
  const high = a * b;
  const aCut = CUT * a;
  const aHigh = aCut - (aCut - a);
  const aLow = a - aHigh;
  const bCut = CUT * b;
  const bHigh = bCut - (bCut - b);
  const bLow = b - bHigh;
  return { high, low: aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow) };
}

export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const high = sumOf(x.high, y.high);
  const low = sumOf(x.low, y.low);
  const first = sumOf(high.high, high.low + low.high);
  return sumOf(first.high, first.low + low.low);
}

export function multiply(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const { high, low } = productOf(x.high, y.high);
  return sumOf(high, low + (x.high * y.low + x.low * y.high));
}

export function divide(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const high = x.high / y.high;
  const product = multiply(y, { high, low: 0 });
  const rest = add(x, { high: -product.high, low: -product.low });
  return sumOf(high, rest.high / y.high);
}

export const doubled = (high: number, low = 0): DoubleDouble => ({ high, low });

/** The sum of coefficients[n] z^n, by Horner's rule; those from `plain` on count for so little that Float64 is enough. */
export function polynomial(z: DoubleDouble, coefficients: readonly DoubleDouble[], plain: number): DoubleDouble {
  let tail = 0;
  for (let n = coefficients.length - 1; n >= plain; n--) tail = tail * z.high + coefficients[n]!.high;
  let sum = doubled(tail);
  for (let n = plain - 1; n >= 0; n--) sum = add(multiply(sum, z), coefficients[n]!);
  return sum;
}

const words = new Uint32Array(2);
const number = new Float64Array(words.buffer);

/** 2^k for -1022 <= k <= 1023, by its exponent bits. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20; // little-endian, as wherever WebAssembly runs
  return number[0]!;
}

/** The k for which 2^k <= x < 2^(k + 1); x is positive, finite, and at least 2^-1022. */
export function exponentOf(x: number): number {
  number[0] = x;
  return (words[1]! >>> 20) - 1023;
}
