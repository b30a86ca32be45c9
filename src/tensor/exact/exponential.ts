/** @file exp and log with the bits of `wasm/exponential.ts`, which says how they work. Appendix D. */
import { type Arithmetic, bitsOf, floatOf, pmax, pmin } from './arithmetic.ts';

const { fround } = Math;
const LOG2E = fround(Math.LOG2E);
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const ROUND = 12582912;
const LOWEST = fround(-86.6);
const HIGHEST = fround(88.37);
const EXP = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1].map(
  fround,
);

/** e^x for x <= 0, or for any x with `anySign`. */
export function exp({ add, sub, mul, madd }: Arithmetic, argument: number, anySign = false): number {
  const x = pmax(anySign ? pmin(argument, HIGHEST) : argument, LOWEST);
  const shifted = madd(x, LOG2E, ROUND);
  const n = sub(shifted, ROUND);
  const r = madd(n, -LN2_LOW, madd(n, -LN2_HIGH, x));
  let p = EXP[0]!;
  for (let i = 1; i < EXP.length; i++) p = madd(p, r, EXP[i]!);
  if (Number.isNaN(x)) return x;
  const y = add(madd(p, mul(r, r), r), 1);
  return floatOf(bitsOf(y) + (bitsOf(shifted) << 23)); // n onto the exponent
}

const SQRT_HALF_BITS = 0x3f3504f3;
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);

/** Natural logarithm of a normal positive number. */
export function log({ add, sub, mul, madd }: Arithmetic, x: number): number {
  if (Number.isNaN(x)) return x;
  const exponent = (bitsOf(x) - SQRT_HALF_BITS) >> 23;
  const m = sub(floatOf(bitsOf(x) - (exponent << 23)), 1);
  const square = mul(m, m);
  let p = LOG[0]!;
  for (let i = 1; i < LOG.length; i++) p = madd(p, m, LOG[i]!);
  let y = mul(p, mul(m, square));
  y = madd(exponent, LN2_LOW, y);
  y = madd(square, -0.5, y);
  y = madd(exponent, LN2_HIGH, add(m, y));
  return add(y, sub(x, x));
}
