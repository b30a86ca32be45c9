/**
 * @file Single-precision arithmetic on one number at a time, with the bits of a lane of a WebAssembly vector. Appendix D.
 *
 * Sums, products, quotients and square roots are rounded once by IEEE 754, so `Math.fround` of the result in double precision
 * has their bits: 53 bits are more than 2 x 24 + 1, enough that rounding twice makes no difference (Figueroa 1995). What
 * differs between the two kinds of arithmetic is how they multiply and add.
 */

export interface Arithmetic {
  readonly name: 'simd' | 'relaxed-simd';
  add(a: number, b: number): number;
  sub(a: number, b: number): number;
  mul(a: number, b: number): number;
  div(a: number, b: number): number;
  sqrt(a: number): number;
  /** a b + c: `relaxed-simd` rounds once, `simd` the product and then the sum. */
  madd(a: number, b: number, c: number): number;
}

const { fround } = Math;
const rounded = {
  add: (a: number, b: number) => fround(a + b),
  sub: (a: number, b: number) => fround(a - b),
  mul: (a: number, b: number) => fround(a * b),
  div: (a: number, b: number) => fround(a / b),
  sqrt: (a: number) => fround(Math.sqrt(a)),
};

export const ARITHMETIC: { readonly [N in Arithmetic['name']]: Arithmetic } = {
  simd: { name: 'simd', ...rounded, madd: (a, b, c) => fround(fround(a * b) + c) },
  'relaxed-simd': { name: 'relaxed-simd', ...rounded, madd: fusedMultiplyAdd },
};

/**
 * a b + c of three Float32 numbers, rounded once, ties to even. In double precision the product is exact and the sum rounded;
 * rounding that again goes wrong only where it lies just between two Float32 numbers and the exact sum, which then decides, does not.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const result = fround(sum);
  if (sum === result) return result;
  const other = result + 2 * (sum - result); // the next Float32 number if `sum` lies just between the two
  if (fround(other) !== other && Number.isFinite(result)) return result;
  return between(result, sum, sumError(product, c, sum));
}

/** By how much a + b is larger than `sum`, which is a + b rounded: exact (Knuth's TwoSum). */
function sumError(a: number, b: number, sum: number): number {
  const rest = sum - a;
  return a - (sum - rest) + (b - rest);
}

const LARGEST = 2 ** 128 - 2 ** 104;

/** The Float32 number nearest to sum + error, where `sum` lies just between `result` and another one. */
function between(result: number, sum: number, error: number): number {
  if (Number.isFinite(result)) {
    const towardsOther = sum > result ? error > 0 : error < 0;
    return towardsOther ? result + 2 * (sum - result) : result;
  }
  // Infinity, from just between the largest number and what would be the next.
  const inward = sum > 0 ? error < 0 : error > 0;
  return Math.abs(sum) === LARGEST + 2 ** 103 && inward ? Math.sign(sum) * LARGEST : result;
}

const floats = new Float32Array(1);
const integers = new Int32Array(floats.buffer);

/** The 32 bits of a Float32 number, as a signed integer. */
export function bitsOf(value: number): number {
  floats[0] = value;
  return integers[0]!;
}

/** The Float32 number of these 32 bits. */
export function floatOf(bits: number): number {
  integers[0] = bits;
  return floats[0]!;
}

/** `f32x4.pmin` and `pmax`: the first one unless the second is less, or greater; so NaN as the first stays. */
export const pmin = (a: number, b: number): number => (b < a ? b : a);
export const pmax = (a: number, b: number): number => (a < b ? b : a);
