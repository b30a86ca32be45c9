/** @file Intervals from resampled programs. Chapter 13. */
import { ProbeError } from '../errors.ts';
import { type Interval, LEVEL } from './interval.ts';

/** Resamples by default. */
export const BOOTSTRAP_RESAMPLES = 1_000;
/** One order statistic in each tail: 2 / (1 - {@link LEVEL}) - 1. */
const FEWEST_RESAMPLES = 39;

export interface BootstrapOptions {
  /** {@link BOOTSTRAP_RESAMPLES} by default. */
  readonly resamples?: number;
  /** Numbers in [0, 1), one for each cluster and each resample. */
  readonly random: () => number;
}

export interface BootstrapInterval {
  /** The statistic of the clusters themselves. */
  readonly estimate: number;
  /** 95 %; null for a single cluster, which says nothing of others. */
  readonly interval: Interval | null;
  /** How many clusters there are. */
  readonly n: number;
}

/**
 * The interval of a statistic where whole clusters are resampled. A cluster is a program with the sums of its tokens,
 * such as `{ right: 5, pairs: 8 }`, and the statistic a function of the totals, such as `(t) => t.right / t.pairs`. The
 * tokens of one program depend on each other, so to draw them one by one would give too narrow an interval. The ends of
 * the interval are those of R `quantile(replicates, type = 6)`. Efron 1979; Davison and Hinkley 1997, section 5.3.
 *
 * It knows only what the clusters show: where all are equal the interval has no width, and with few it is too narrow.
 *
 * Throws `ProbeError` for no clusters, a sum that is not finite, a statistic that is not finite on the clusters or on a
 * resample, and `resamples` that are not a whole number of at least 39.
 */
export function bootstrapInterval<T extends Readonly<Record<keyof T, number>>>(
  clusters: readonly T[],
  statistic: (totals: T) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const name = 'the statistic';
  return bootstrapIntervals(clusters, { [name]: statistic }, options)[name];
}

/**
 * The intervals of several statistics, all from the same resampled clusters: each the same as it would be alone, in the
 * time that one takes. Throws as {@link bootstrapInterval}, naming the statistic.
 */
export function bootstrapIntervals<T extends Readonly<Record<keyof T, number>>, Name extends string>(
  clusters: readonly T[],
  statistics: Readonly<Record<Name, (totals: T) => number>>,
  { resamples = BOOTSTRAP_RESAMPLES, random }: BootstrapOptions,
): Record<Name, BootstrapInterval> {
  checkResamples(resamples);
  const { keys, sums } = columnsOf(clusters);
  const names = Object.keys(statistics) as Name[];
  const n = clusters.length;
  const width = keys.length;
  const sumOf = {} as Record<keyof T, number>; // one object for all resamples: a new one for each would cost more than the sums
  const evaluate = (totals: Float64Array, where: string): number[] => {
    for (let column = 0; column < width; column++) sumOf[keys[column]!] = totals[column]!;
    return names.map((name) => {
      const value = statistics[name](sumOf as T);
      if (!Number.isFinite(value)) throw new ProbeError(`bootstrap: ${name} is ${value} on ${where}`);
      return value;
    });
  };
  const all = new Float64Array(width);
  for (let at = 0; at < sums.length; at++) all[at % width]! += sums[at]!;
  const estimates = evaluate(all, 'the clusters');
  const named = <Value>(value: (index: number) => Value): Record<Name, Value> =>
    Object.fromEntries(names.map((name, index) => [name, value(index)])) as Record<Name, Value>;
  if (n === 1) return named((index) => ({ estimate: estimates[index]!, interval: null, n }));

  // #region resamples
  const totals = new Float64Array(width);
  const drawn = Array.from({ length: resamples }, (_, resample) => {
    totals.fill(0);
    for (let draw = 0; draw < n; draw++) {
      const row = Math.floor(random() * n) * width;
      for (let column = 0; column < width; column++) totals[column]! += sums[row + column]!;
    }
    return evaluate(totals, `resample ${resample}`);
  }); // [resamples, statistics]
  // #endregion
  return named((index) => {
    const replicates = Float64Array.from(drawn, (row) => row[index]!).sort();
    const [low, high] = [quantile(replicates, (1 - LEVEL) / 2), quantile(replicates, (1 + LEVEL) / 2)];
    return { estimate: estimates[index]!, interval: { low, high }, n };
  });
}

function checkResamples(resamples: number): void {
  if (Number.isInteger(resamples) && resamples >= FEWEST_RESAMPLES) return;
  throw new ProbeError(`bootstrap: ${resamples} resamples, at least ${FEWEST_RESAMPLES} needed`);
}

/** The clusters' sums, row by row. sums [clusters, keys] */
function columnsOf<T extends Readonly<Record<keyof T, number>>>(
  clusters: readonly T[],
): { keys: (keyof T)[]; sums: Float64Array } {
  if (clusters.length === 0) throw new ProbeError('bootstrap: no clusters');
  const keys = Object.keys(clusters[0]!) as (keyof T)[];
  const sums = new Float64Array(clusters.length * keys.length);
  clusters.forEach((cluster, row) => {
    keys.forEach((key, column) => {
      const sum = cluster[key];
      if (!Number.isFinite(sum)) throw new ProbeError(`bootstrap: ${String(key)} of cluster ${row} is ${sum}`);
      sums[row * keys.length + column] = sum;
    });
  });
  return { keys, sums };
}

/** Of sorted numbers, as R `quantile(type = 6)`: the (n + 1) share-th, in between by interpolation, the ends beyond. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = Math.min(sorted.length, Math.max(1, (sorted.length + 1) * share));
  const below = Math.floor(rank);
  const [a, b] = [sorted[below - 1]!, sorted[Math.min(below, sorted.length - 1)]!];
  return a === b ? a : a + (rank - below) * (b - a);
}
