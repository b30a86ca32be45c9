/** @file Sine and cosine. Appendix D. */
import { add, type DoubleDouble, divide, doubled, multiply, polynomial, sumOf } from './double-double.ts';

/** pi / 2 in four parts; whole numbers below 2^20 times one of the first three are exact. */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];
/** So far does the product of parts of pi / 2 stay exact. */
const LARGEST = 2 ** 20;

/** (-1)^n / (2 n + first)!: the rest of either series is below 2^-71 where |r| <= pi / 4. */
function alternating(first: 0 | 1): DoubleDouble[] {
  let factorial = 1;
  return Array.from({ length: 11 - first }, (_, n) => {
    if (n > 0) factorial *= (2 * n + first - 1) * (2 * n + first);
    return divide(doubled(n % 2 === 0 ? 1 : -1), doubled(factorial));
  });
}
const SINE = alternating(1);
const COSINE = alternating(0);

/** Off by less than 0.501 units in the last place. Throws `RangeError` for an angle beyond 2^20. */
export function sine(angle: number): number {
  return turned(angle, 0);
}

/** Likewise. */
export function cosine(angle: number): number {
  return turned(angle, 1);
}

/** The sine of angle + quarters pi / 2. */
function turned(angle: number, quarters: number): number {
  if (!(Math.abs(angle) <= LARGEST)) {
    if (Number.isNaN(angle)) return angle;
    throw new RangeError(`sine or cosine of ${angle}: angles go to 2^20`);
  }
  const n = Math.round(angle / (Math.PI / 2));
  const r = n === 0 ? doubled(angle) : lessQuarters(angle, n);
  const quadrant = (((n + quarters) % 4) + 4) % 4;
  const value = quadrant % 2 === 0 ? sineOf(r) : polynomial(multiply(r, r), COSINE, 5).high;
  return quadrant < 2 ? value : -value;
}

function sineOf(r: DoubleDouble): number {
  if (Math.abs(r.high) < 2 ** -40) return r.high;
  return multiply(r, polynomial(multiply(r, r), SINE, 4)).high;
}

/** angle - n pi / 2: the first difference is exact, and so are the products but the last. */
function lessQuarters(angle: number, n: number): DoubleDouble {
  const [first = 0, second = 0, third = 0, fourth = 0] = HALF_PI;
  const near = sumOf(angle - n * first, -n * second);
  return add(add(near, doubled(-n * third)), doubled(-n * fourth));
}
