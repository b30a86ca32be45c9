/** @file Numbers with their intervals, as `results.json` has them. Chapter 8. */
import type { Random } from '../karel/index.ts';
import { bootstrapIntervals } from '../probe/statistics/index.ts';
import type { Measured } from './results.ts';

/** A function of what the specifications add up to. */
export type Statistic<Totals> = (totals: Totals) => number;

/** The statistics, each with its bootstrap interval; a cluster is a test specification. */
export function withIntervals<Totals extends Readonly<Record<keyof Totals, number>>, Name extends string>(
  clusters: readonly Totals[],
  statistics: Readonly<Record<Name, Statistic<Totals>>>,
  random: Random,
): Record<Name, Measured> {
  const found = bootstrapIntervals(clusters, statistics, { random });
  const names = Object.keys(statistics) as Name[];
  const entries = names.map((name) => {
    const { estimate, interval, n } = found[name];
    return [name, { estimate, interval, n }];
  });
  return Object.fromEntries(entries);
}
