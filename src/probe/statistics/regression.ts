/** @file The straight line of least squares. Chapter 13. */
import { checkPaired, checkSample, mean } from './sample.ts';

export interface Line {
  readonly n: number;
  /** In units of y for a unit of x. */
  readonly slope: number;
  readonly intercept: number;
  /** The share of the variance of y that the line explains, in 0..1; null where y has none. Two points give 1. */
  readonly rSquared: number | null;
}

/**
 * The line through the points (x, y) that leaves the least squares of y, as R `lm(y ~ x)`; null where x has no
 * variance, so also for fewer than two points.
 *
 * Throws `ProbeError` for different numbers of x and y, and for a value that is not finite.
 */
export function leastSquares(x: readonly number[], y: readonly number[]): Line | null {
  checkPaired('regression', x, y);
  checkSample('regression, x', x, 0);
  checkSample('regression, y', y, 0);
  if (isConstant(x)) return null;
  const [xMean, yMean] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    const [dx, dy] = [value - xMean, y[i]! - yMean];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  });
  const slope = xy / xx;
  const rSquared = isConstant(y) ? null : Math.min(1, (slope * xy) / yy); // rounding may exceed 1
  return { n: x.length, slope, intercept: yMean - slope * xMean, rSquared };
}

/** By equality: the variance of equal numbers need not round to 0. */
const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);
