/** @file The normal distribution and its quantiles. Chapter 9. */
import { bisect } from './bisection.ts';

/** Beyond this many deviations lies less than half of the last bit of 1. */
const FAR = 8.3;

/** P(Z <= z) for a standard normal Z, as R `pnorm(z)`, to about 1e-15. The series is Marsaglia's, 2004. */
export function normalCdf(z: number): number {
  if (z < -FAR) return 0;
  if (z > FAR) return 1;
  let sum = 0;
  for (let term = z, k = 1; sum !== sum + term; k += 2) {
    sum += term;
    term *= (z * z) / (k + 2);
  }
  return 0.5 + sum * Math.exp((-z * z) / 2 - Math.log(2 * Math.PI) / 2);
}

/** The z with P(Z <= z) = p, as R `qnorm(p)`, for p in (0, 1). */
export const normalQuantile = (p: number): number => bisect(normalCdf, p, -FAR, FAR);
