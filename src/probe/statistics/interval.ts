/** @file An interval and its level. Chapter 13. */
/** From `low` to `high`, in the unit of the statistic. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of all intervals here: such intervals hold the true value in 95 % of repetitions. */
export const LEVEL = 0.95;
