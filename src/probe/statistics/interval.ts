/** @file An interval and its level. Chapter 9. */
import { ProbeError } from '../errors.ts';

/** From `low` to `high`, in the unit of the statistic. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The usual level: such intervals hold the true value in 95 % of repetitions. */
export const LEVEL = 0.95;

/** Throws `ProbeError` unless 0 < level < 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new ProbeError(`level: ${level}, it must lie between 0 and 1`);
}
