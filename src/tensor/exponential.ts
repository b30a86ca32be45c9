/**
 * @file e to the power of x, from additions and products alone: `Math.exp` has other last bits in other engines, as ECMAScript
 * allows. Chapter 3.
 */

/** ln 2 in two parts: the first has so few bits that k times it is exact for |k| < 2^20. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 1 / n!, from 1 / 13! to 1 / 0!: the rest of the series is below 2^-57 where |r| < ln 2 / 2. */
const INVERSE_FACTORIALS = Array.from({ length: 14 }, (_, i) => {
  let product = 1;
  for (let n = 2; n <= 13 - i; n++) product *= n;
  return 1 / product;
});

/** In Float64, off by less than 2^-51 of its value; 0 below the smallest normal number. */
export function exponential(x: number): number {
  if (!(x > -708)) return Number.isNaN(x) ? x : 0;
  if (x > 709) return Number.POSITIVE_INFINITY;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW; // e^x = 2^k e^r
  let sum = 0;
  for (const coefficient of INVERSE_FACTORIALS) sum = sum * r + coefficient;
  return sum * powerOfTwo(k);
}

const words = new Uint32Array(2);
const number = new Float64Array(words.buffer);

/** 2^k for -1022 <= k <= 1023, by its exponent bits. */
function powerOfTwo(k: number): number {
  words[1] = (k + 1023) << 20; // little-endian, as wherever WebAssembly runs
  return number[0]!;
}
