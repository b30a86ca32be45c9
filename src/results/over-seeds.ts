/** @file Numbers of several seeds side by side. Chapter 13. */
import { type ContrastRow, FEATURES, type ShareRow } from '../probe/index.ts';
import { type Line, meanInterval } from '../probe/statistics/index.ts';
import {
  CONTENT_MEASURES,
  type ContentMeasure,
  lineThrough,
  type RegressionPoint,
  regressionsOf,
} from './regressions.ts';
import type { CheckpointResult, FeatureName, Results } from './results.ts';
import type {
  CheckpointOverSeeds,
  ContrastsOverSeeds,
  OverSeeds,
  RegressionOverSeeds,
  SharesOverSeeds,
  StudyResults,
} from './study-results.ts';

export function overSeeds(values: readonly (number | null | undefined)[]): OverSeeds {
  const known = values.filter((value) => value !== null && value !== undefined);
  const { mean, interval } = known.length > 0 ? meanInterval(known) : { mean: null, interval: null };
  return { values: values.map((value) => value ?? null), mean, interval };
}

/** Usable information (or accuracy) over the checkpoints of a run, of one feature or the mean over all, as `regressionsOf` takes it. */
function contentCurve(
  results: Results,
  hiddenLayers: number,
  feature: FeatureName | 'mean',
  measure: ContentMeasure = 'informationShare',
): RegressionPoint[] {
  const curves = regressionsOf(results).filter((one) => one.measure === measure && one.hiddenLayers === hiddenLayers);
  if (feature !== 'mean') return curves.find((one) => one.feature === feature)?.points.slice() ?? [];
  return results.checkpoints.flatMap(({ step, generativeAccuracy }) => {
    const shares = FEATURES.map((name) => {
      const curve = curves.find((one) => one.feature === name);
      return curve?.points.find((point) => point.step === step)?.y;
    });
    if (shares.some((share) => share === undefined)) return [];
    return [{ step, x: generativeAccuracy, y: shares.reduce((sum, share) => sum! + share!, 0)! / shares.length }];
  });
}

/** The line of that on generative accuracy over the checkpoints where there is any, as `lineThrough` takes it. */
export function contentLine(
  results: Results,
  hiddenLayers: number,
  feature: FeatureName | 'mean',
  measure?: ContentMeasure,
): Line | null {
  return lineThrough(contentCurve(results, hiddenLayers, feature, measure));
}

export function checkpointsOverSeeds(runs: readonly Results[]): CheckpointOverSeeds[] {
  const curvesOf = (measure: ContentMeasure) =>
    ([0, 1] as const).map((depth) => runs.map((run) => contentCurve(run, depth, 'mean', measure)));
  const [shares, gains] = [curvesOf('informationShare'), curvesOf('gain')];
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
      information: ([0, 1] as const).map((hiddenLayers) => {
        const at = (curves: readonly RegressionPoint[][]): OverSeeds =>
          overSeeds(curves.map((curve) => curve.find((point) => point.step === step)?.y));
        return { hiddenLayers, share: at(shares[hiddenLayers]!), gain: at(gains[hiddenLayers]!) };
      }),
    };
  });
}

export function sharesOverSeeds(runs: readonly Results[]): SharesOverSeeds[] {
  return joinShares(runs.map(({ evidence }) => evidence?.shares ?? []));
}

export function contrastsOverSeeds(runs: readonly Results[]): ContrastsOverSeeds[] {
  return joinContrasts(runs.map(({ evidence }) => evidence?.contrasts ?? []));
}

function joinShares(bySeed: readonly (readonly ShareRow[])[]): SharesOverSeeds[] {
  return rowsOverSeeds(
    bySeed,
    ({ share: _, converged: __, ...about }) => about,
    ({ share }) => share.estimate,
  );
}

function joinContrasts<Row extends ContrastRow>(bySeed: readonly (readonly Row[])[]) {
  return rowsOverSeeds(
    bySeed,
    ({ difference: _, p: __, ...about }) => about,
    ({ difference }) => difference.estimate,
  );
}

/** Where labels differ; undefined where no run was asked. */
export function differingOverSeeds(runs: readonly Results[]): StudyResults['differing'] {
  if (!runs.some(({ evidence }) => evidence?.differing)) return undefined;
  return joinContrasts(runs.map(({ evidence }) => evidence?.differing?.contrasts ?? []));
}

export function regressionsOverSeeds(runs: readonly Results[]): RegressionOverSeeds[] {
  return CONTENT_MEASURES.flatMap((measure) =>
    ([0, 1] as const).flatMap((hiddenLayers) =>
      ([...FEATURES, 'mean'] as const).map((feature) => {
        const lines = runs.map((run) => contentLine(run, hiddenLayers, feature, measure));
        return {
          measure,
          feature,
          hiddenLayers,
          rSquared: overSeeds(lines.map((line) => line?.rSquared)),
          slope: overSeeds(lines.map((line) => line?.slope)),
        };
      }),
    ),
  );
}

/** The same for the same entries, in whatever order they were made. */
function keyOf(about: object): string {
  return JSON.stringify(Object.entries(about).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Rows that are about the same thing, side by side: a row that only some seeds have is null in the others. */
function rowsOverSeeds<Row, About extends object>(
  bySeed: readonly (readonly Row[])[],
  aboutOf: (row: Row) => About,
  numberOf: (row: Row) => number,
): (About & OverSeeds)[] {
  const rows = new Map<string, { about: About; values: (number | null)[] }>();
  bySeed.forEach((ofSeed, seed) => {
    for (const row of ofSeed) {
      const about = aboutOf(row);
      const key = keyOf(about);
      const known = rows.get(key) ?? { about, values: bySeed.map(() => null) };
      rows.set(key, known);
      known.values[seed] = numberOf(row);
    }
  });
  return [...rows.values()].map(({ about, values }) => ({ ...about, ...overSeeds(values) }));
}
