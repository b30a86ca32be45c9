/** @file A mean over seeds with Student's t interval and test. Chapter 13. */
import { square } from '../../tensor/functions/power.ts';
import { ProbeError } from '../errors.ts';
import { incompleteBeta } from './beta.ts';
import { bisect } from './bisection.ts';
import { type Interval, LEVEL } from './interval.ts';
import { checkSample, mean } from './sample.ts';

export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  /** Of the sample, with n - 1; null for a single value. */
  readonly deviation: number | null;
  /** Null for a single value, and where all values are the same: neither says how much seeds differ. */
  readonly interval: Interval | null;
}

export interface StudentTest {
  readonly n: number;
  readonly mean: number;
  readonly degreesOfFreedom: number;
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * The mean of independent values, one a seed, in their unit, with its 95 % t interval. As R `t.test(x)$conf.int`, which
 * stops with "data are essentially constant" where this has null.
 *
 * Throws `ProbeError` for no values, and for a value that is not finite.
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  checkSample('mean', values);
  const n = values.length;
  const { center, deviation, standardError } = spread(values);
  if (standardError === null) return { n, mean: center, deviation, interval: null };
  const half = criticalT(LEVEL, n - 1) * standardError;
  return { n, mean: center, deviation, interval: { low: center - half, high: center + half } };
}

/**
 * Whether the mean of the values differs from 0; null where {@link meanInterval} has no interval. As R `t.test(x)`.
 *
 * Throws `ProbeError` for no values, and for a value that is not finite.
 */
export function studentTest(values: readonly number[]): StudentTest | null {
  checkSample('t test', values);
  const { center, standardError } = spread(values);
  if (standardError === null) return null;
  const n = values.length;
  const t = center / standardError;
  return { n, mean: center, degreesOfFreedom: n - 1, t, p: tailsBeyond(t, n - 1) };
}

/**
 * The share of Student's distribution beyond -|t| and |t|, as R `2 * pt(-abs(t), df)`. Throws `ProbeError` for a t that
 * is not a number, and for degrees of freedom that are not a finite number of at least 1.
 */
export function tailsBeyond(t: number, degreesOfFreedom: number): number {
  checkDegrees(degreesOfFreedom);
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/**
 * The t that a share `level` of Student's distribution does not exceed in size, as R `qt((1 + level) / 2, df)`.
 * Throws `ProbeError` for a level outside (0, 1), and degrees of freedom that are not a finite number of at least 1.
 */
export function criticalT(level: number, degreesOfFreedom: number): number {
  if (!(level > 0 && level < 1)) throw new ProbeError(`t: level ${level}, it must lie between 0 and 1`);
  checkDegrees(degreesOfFreedom);
  // x = df / (df + t^2), so
  const x = bisect((at) => incompleteBeta(at, degreesOfFreedom / 2, 0.5), 1 - level, 0, 1);
  return Math.sqrt((degreesOfFreedom * (1 - x)) / x);
}

function checkDegrees(degreesOfFreedom: number): void {
  if (degreesOfFreedom >= 1 && Number.isFinite(degreesOfFreedom)) return;
  throw new ProbeError(`t: ${degreesOfFreedom} degrees of freedom, at least 1 needed`);
}

interface Spread {
  readonly center: number;
  readonly deviation: number | null;
  /** Of the mean; null for a single value and for values that differ by rounding alone, R's criterion. */
  readonly standardError: number | null;
}

function spread(values: readonly number[]): Spread {
  const n = values.length;
  const center = mean(values);
  if (n < 2) return { center, deviation: null, standardError: null };
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + square(x - center), 0) / (n - 1));
  const standardError = deviation / Math.sqrt(n);
  const constant = standardError <= 10 * Number.EPSILON * Math.abs(center);
  return { center, deviation, standardError: constant ? null : standardError };
}
