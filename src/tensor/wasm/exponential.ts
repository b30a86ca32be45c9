/**
 * @file exp and log of four floats at once. Appendix A.
 *
 * Polynomials and the splitting of ln 2 are those of the Cephes library (Moshier, expf.c and logf.c).
 */
import type { FunctionBuilder } from './assembler.ts';
import {
  f32x4_add,
  f32x4_convert_i32x4_s,
  f32x4_mul,
  f32x4_pmax,
  f32x4_pmin,
  f32x4_splat,
  f32x4_sub,
  i32x4_add,
  i32x4_shl,
  i32x4_shr_s,
  i32x4_splat,
  i32x4_sub,
  type V128,
} from './instructions.ts';

const LN2_HIGH = 0.693359375; // 9 bits: n times this is exact
const LN2_LOW = -2.1219444e-4; // ln 2 - LN2_HIGH
const ROUND = 12582912; // 1.5 x 2^23: adding it rounds to a whole number, which is then in the lowest bits

/** Beyond these exp is held at about 2e-38 and 2e38, so it never leaves the normal numbers. NaN stays NaN. */
export const EXP_LOWEST = -86.6;
export const EXP_HIGHEST = 88.37;

/**
 * e^x for x <= 0, or for any x with `anySign`. e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln(2) / 2. Relative error below 2e-7 on [EXP_LOWEST, EXP_HIGHEST].
 *
 * Emitted in place: a call would cost more than the computation.
 */
export function exp(f: FunctionBuilder, argument: V128, anySign = false): V128 {
  // pmin and pmax return their first operand for NaN.
  const capped = anySign ? f32x4_pmin(argument, f32x4_splat(EXP_HIGHEST)) : argument;
  const x = f.v128(f32x4_pmax(capped, f32x4_splat(EXP_LOWEST)));
  const shifted = f.v128(f.madd(x, f32x4_splat(Math.LOG2E), f32x4_splat(ROUND)));
  const n = f.v128(f32x4_sub(shifted, f32x4_splat(ROUND)));
  const r = f.v128(f.madd(n, f32x4_splat(-LN2_HIGH), x));
  f.set(r, f.madd(n, f32x4_splat(-LN2_LOW), r));
  // e^r = 1 + r + r^2 p(r)
  const p = f.v128(f.madd(r, f32x4_splat(1.98756915e-4), f32x4_splat(1.3981999507e-3)));
  for (const c of [8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]) {
    f.set(p, f.madd(p, r, f32x4_splat(c)));
  }
  const y = f.v128(f32x4_add(f.madd(p, f32x4_mul(r, r), r), f32x4_splat(1)));
  return i32x4_add(y, i32x4_shl(shifted, 23)); // n onto the exponent
}

const SQRT_HALF_BITS = 0x3f3504f3;

/** Natural logarithm of normal positive numbers; NaN stays NaN. ln(2^e m) = e ln 2 + ln m with m in [sqrt(1/2), sqrt(2)). */
export function log(f: FunctionBuilder, argument: V128): V128 {
  const x = f.v128(argument);
  const exponent = f.v128(i32x4_shr_s(i32x4_sub(x, i32x4_splat(SQRT_HALF_BITS)), 23));
  const m = f.v128(f32x4_sub(i32x4_sub(x, i32x4_shl(exponent, 23)), f32x4_splat(1))); // ln(1 + m)
  const e = f.v128(f32x4_convert_i32x4_s(exponent));
  const square = f.v128(f32x4_mul(m, m));
  const p = f.v128(f.madd(m, f32x4_splat(7.0376836292e-2), f32x4_splat(-1.151461031e-1)));
  const coefficients = [1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1];
  for (const c of [...coefficients, -2.4999993993e-1, 3.3333331174e-1]) f.set(p, f.madd(p, m, f32x4_splat(c)));
  // ln(1 + m) = m - m^2 / 2 + m^3 p(m)
  const y = f.v128(f32x4_mul(p, f32x4_mul(m, square)));
  f.set(y, f.madd(e, f32x4_splat(LN2_LOW), y));
  f.set(y, f.madd(square, f32x4_splat(-0.5), y));
  f.set(y, f.madd(e, f32x4_splat(LN2_HIGH), f32x4_add(m, y)));
  return f32x4_add(y, f32x4_sub(x, x)); // + 0, or NaN
}
