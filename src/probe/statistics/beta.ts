/** @file The regularised incomplete beta function, from which Student's t follows. Chapter 13. */

import { exponential } from '../../tensor/functions/exponential.ts';
import { logarithm, logarithmOfOnePlus } from '../../tensor/functions/logarithm.ts';
import { ProbeError } from '../errors.ts';

/** Lanczos' approximation with g = 7 and nine terms, after Godfrey 2001. */
const G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Gamma(x) for x >= 1/2, as R `lgamma(x)`. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const series = LANCZOS.reduce((sum, c, k) => (k === 0 ? c : sum + c / (shifted + k)), 0);
  const base = shifted + G + 0.5;
  return logarithm(2 * Math.PI) / 2 + (shifted + 0.5) * logarithm(base) - base + logarithm(series);
}

/**
 * I_x(a, b), the share of a beta distribution's mass below x, as R `pbeta(x, a, b)`. DLMF 8.17.22, whose fraction
 * converges fast on the left of the mean; on its right, I_x(a, b) = 1 - I_1-x(b, a).
 *
 * Throws `ProbeError` unless x is in [0, 1], and a and b are finite and at least 1/2.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  const valid = x >= 0 && x <= 1 && a >= 0.5 && b >= 0.5 && Number.isFinite(a + b);
  if (!valid) throw new ProbeError(`incomplete beta: x ${x}, a ${a}, b ${b}`);
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return exponential(a * logarithm(x) + b * logarithmOfOnePlus(-x) - logBeta) / a / betaFraction(x, a, b);
}

/** 1 + d1 / (1 + d2 / (1 + ...)), by Lentz' method: the ratio of two convergents is what one more term changes. */
function betaFraction(x: number, a: number, b: number): number {
  const nonzero = (value: number): number => (value === 0 ? Number.MIN_VALUE / Number.EPSILON : value);
  let value = 1;
  let numerator = 1; // of this convergent by that of the one before
  let denominator = 0; // of the convergent before by that of this one
  for (let k = 1; ; k++) {
    const m = Math.floor(k / 2);
    const d =
      k % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / nonzero(1 + d * denominator);
    numerator = nonzero(1 + d / numerator);
    value *= numerator * denominator;
    if (Math.abs(numerator * denominator - 1) <= 16 * Number.EPSILON) return value;
  }
}
