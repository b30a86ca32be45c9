/** @file Numbers of several seeds side by side. Chapter 9. */
import { FEATURES } from '../probe/index.ts';
import { leastSquares, meanInterval } from '../probe/statistics/index.ts';
import type { CheckpointResult, Results } from './results.ts';
import type {
  CheckpointOverSeeds,
  ContrastsOverSeeds,
  OverSeeds,
  RegressionOverSeeds,
  SharesOverSeeds,
} from './study-results.ts';

export function overSeeds(values: readonly (number | null | undefined)[]): OverSeeds {
  const known = values.filter((value) => value !== null && value !== undefined);
  const { mean, interval } = known.length > 0 ? meanInterval(known) : { mean: null, interval: null };
  return { values: values.map((value) => value ?? null), mean, interval };
}

/**
 * Usable information at offset 0 under the original semantics, mean over the features, of the first probe seed; null where a
 * feature was not probed, has nothing to know, or has too few test pairs.
 */
export function meanInformation(results: Results, step: number, hiddenLayers: number): number | null {
  const shares = FEATURES.map((feature) => informationOf(results, step, hiddenLayers, feature));
  return shares.some((share) => share === null) ? null : shares.reduce((sum, share) => sum! + share!, 0)! / shares.length;
}

function informationOf(results: Results, step: number, hiddenLayers: number, feature: string): number | null {
  const found = results.probes.find(
    (probe) =>
      probe.step === step &&
      probe.hiddenLayers === hiddenLayers &&
      probe.feature === feature &&
      probe.offset === 0 &&
      probe.semantics === 'original' &&
      !probe.tooFew,
  );
  return found?.informationShare ?? null;
}

/** The line of information on generative accuracy over the checkpoints where there is any; null for fewer than three. */
export function contentLine(results: Results, hiddenLayers: number, feature: string | 'mean') {
  const points = results.checkpoints.flatMap(({ step, generativeAccuracy }) => {
    const share =
      feature === 'mean'
        ? meanInformation(results, step, hiddenLayers)
        : informationOf(results, step, hiddenLayers, feature);
    return share === null ? [] : [[generativeAccuracy, share] as const];
  });
  if (points.length < 3) return null;
  return leastSquares(
    points.map(([x]) => x),
    points.map(([, y]) => y),
  );
}

export function checkpointsOverSeeds(runs: readonly Results[]): CheckpointOverSeeds[] {
  return runs[0]!.checkpoints.map(({ step }) => {
    const of = (value: (checkpoint: CheckpointResult) => number): OverSeeds =>
      overSeeds(
        runs.map(({ checkpoints }) => {
          const found = checkpoints.find((checkpoint) => checkpoint.step === step);
          return found && value(found);
        }),
      );
    return {
      step,
      generativeAccuracy: of((checkpoint) => checkpoint.generativeAccuracy),
      unseenAccuracy: of((checkpoint) => checkpoint.unseenAccuracy),
      distinctPrograms: of((checkpoint) => checkpoint.distinctPrograms),
      meanLength: of((checkpoint) => checkpoint.meanLength),
      programPerplexity: of((checkpoint) => checkpoint.programPerplexity),
      information: ([0, 1] as const).map((hiddenLayers) => ({
        hiddenLayers,
        share: overSeeds(runs.map((run) => meanInformation(run, step, hiddenLayers))),
      })),
    };
  });
}

export function sharesOverSeeds(runs: readonly Results[]): SharesOverSeeds[] {
  return rowsOverSeeds(
    runs.map(({ evidence }) => evidence?.shares ?? []),
    ({ share: _, ...about }) => about,
    ({ share }) => share.estimate,
  );
}

export function contrastsOverSeeds(runs: readonly Results[]): ContrastsOverSeeds[] {
  return rowsOverSeeds(
    runs.map(({ evidence }) => evidence?.contrasts ?? []),
    ({ difference: _, p: __, ...about }) => about,
    ({ difference }) => difference.estimate,
  );
}

export function regressionsOverSeeds(runs: readonly Results[]): RegressionOverSeeds[] {
  return ([0, 1] as const).flatMap((hiddenLayers) =>
    [...FEATURES, 'mean'].map((feature) => {
      const lines = runs.map((run) => contentLine(run, hiddenLayers, feature));
      return {
        feature,
        hiddenLayers,
        rSquared: overSeeds(lines.map((line) => line?.rSquared)),
        slope: overSeeds(lines.map((line) => line?.slope)),
      };
    }),
  );
}

/** Rows that are about the same thing, side by side: a row that only some seeds have is null in the others. */
function rowsOverSeeds<Row, About extends object>(
  bySeed: readonly (readonly Row[])[],
  aboutOf: (row: Row) => About,
  valueOf: (row: Row) => number,
): (About & OverSeeds)[] {
  const rows = new Map<string, { about: About; values: (number | null)[] }>();
  bySeed.forEach((ofSeed, seed) => {
    for (const row of ofSeed) {
      const about = aboutOf(row);
      const key = JSON.stringify(about);
      const known = rows.get(key) ?? { about, values: bySeed.map(() => null) };
      rows.set(key, known);
      known.values[seed] = valueOf(row);
    }
  });
  return [...rows.values()].map(({ about, values }) => ({ ...about, ...overSeeds(values) }));
}
