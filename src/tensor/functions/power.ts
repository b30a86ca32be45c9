/** @file x to the power of y. Appendix D. */
import { doubled, multiply } from './double-double.ts';
import { exponentialOf } from './exponential.ts';
import { logarithmOf } from './logarithm.ts';

/**
 * x^y for finite x >= 0 and y, off by less than 0.51 units in the last place, and by one where the result is below 2^-1022: so
 * exact wherever x^y is a Float64 number. NaN for x < 0.
 */
export function power(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  const logarithm = logarithmOf(doubled(x));
  const size = logarithm.high * y;
  if (Math.abs(size) > 800) return size > 0 ? Number.POSITIVE_INFINITY : 0; // x^y = e^(y ln x)
  return exponentialOf(multiply(logarithm, doubled(y)));
}

/** x^2, rounded once, which `**` need not be. */
export const square = (x: number): number => x * x;
