/** @file e to the power of x. Appendix D. */
import { add, type DoubleDouble, divide, doubled, multiply, polynomial, powerOfTwo } from './double-double.ts';
import { LN2 } from './logarithm.ts';

/** 1 / n!, from 1 / 0! to 1 / 15!: the rest of the series is below 2^-68 where |r| < ln 2 / 2. */
const INVERSE_FACTORIALS: DoubleDouble[] = [doubled(1)];
for (let n = 1, factorial = 1; n <= 15; n++) {
  factorial *= n;
  INVERSE_FACTORIALS.push(divide(doubled(1), doubled(factorial)));
}

/** Off by less than 0.501 units in the last place, and by one where the result is below 2^-1022. */
export function exponential(x: number): number {
  return exponentialOf(doubled(x));
}

/** The same of a sum of two numbers. */
export function exponentialOf(x: DoubleDouble): number {
  if (!(x.high > -746)) return Number.isNaN(x.high) ? x.high : 0;
  if (x.high > 710) return Number.POSITIVE_INFINITY;
  const k = Math.round(x.high / LN2.high);
  const r = add(x, multiply(LN2, doubled(-k))); // e^x = 2^k e^r
  const { high } = polynomial(r, INVERSE_FACTORIALS, 6);
  const first = Math.min(Math.max(k, -1000), 1000); // 2^k itself may be no number
  return high * powerOfTwo(first) * powerOfTwo(k - first);
}
