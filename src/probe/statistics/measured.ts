/** @file Numbers with their intervals, as `results.json` has them. Chapter 13. */
import { bootstrapIntervals } from './bootstrap.ts';
import type { Interval } from './interval.ts';

/** A number with the interval that `bootstrapInterval` gives it, whole clusters being resampled: programs or specifications. */
export interface Measured {
  estimate: number;
  /** 95 %. Null for a single cluster; without width where all clusters are alike. */
  interval: Interval | null;
  /** How many clusters are behind it. */
  n: number;
}

/** A function of what the clusters add up to. */
export type Statistic<Totals> = (totals: Totals) => number;

/** The statistics, each with its bootstrap interval. Throws as `bootstrapIntervals`; so many `resamples`, 1000 by default. */
export function withIntervals<Totals extends Readonly<Record<keyof Totals, number>>, Name extends string>(
  clusters: readonly Totals[],
  statistics: Readonly<Record<Name, Statistic<Totals>>>,
  random: () => number,
  resamples?: number,
): Record<Name, Measured> {
  return bootstrapIntervals(clusters, statistics, { random, ...(resamples !== undefined && { resamples }) });
}
