/** @file Shares of usable information and their differences, with intervals and tests over programs. Chapter 12. */
import { FEATURES, type FeatureName } from './features.ts';
import {
  createShare,
  type Difference,
  differenceOf,
  isKnowable,
  partOf,
  type Share,
  type Sums,
  shareOf,
  sharesOf,
} from './shares.ts';
import { type Comparison, comparisonOf, SOURCES, type Source } from './sources.ts';
import { type Measured, signFlipTest, withIntervals } from './statistics/index.ts';

/** Pairs by how many actions the program still has after the state that is asked for. */
export const ACTIONS_LEFT = ['all', '0', '1', '2', '3+'] as const;
export type ActionsLeft = (typeof ACTIONS_LEFT)[number];

interface About {
  /** -1: the state before the action that is being written; 0: the state after it. */
  readonly offset: number;
  /** `mean`: the mean over the three features. */
  readonly feature: FeatureName | 'mean';
  readonly hiddenLayers: 0 | 1;
  readonly actionsLeft: ActionsLeft;
}

/**
 * Usable information as a share of what the class frequencies of train leave unknown about these pairs. They are the
 * frequencies of all pairs, also for a part by actions left: what tells that a state belongs to the part counts too.
 */
export interface ShareRow extends About {
  readonly semantics: string;
  readonly source: Source;
  readonly share: Measured;
  /** Whether every probe behind it was trained to its end. */
  readonly converged: boolean;
}

/**
 * A difference of such shares: (trained - over) under the original semantics, minus the same under the semantics
 * `against`. Without `over` nothing is taken from trained; without `against` the original stands alone.
 */
export interface ContrastRow extends About {
  readonly over: Exclude<Source, 'trained'> | null;
  readonly against: string | null;
  /** What it can say of `trained`, see `comparisonOf`; without `over` nothing is compared that was read, so that it is fair. */
  readonly comparison: Comparison;
  readonly difference: Measured;
  /** Of the sign-flip test over programs, two-sided, not corrected; null for a part of the pairs, which is not tested. */
  readonly p: number | null;
}

export interface EvidenceRows {
  readonly shares: readonly ShareRow[];
  readonly contrasts: readonly ContrastRow[];
}

export const ORIGINAL = 'original';
/** How often programs, and signs of their differences, are drawn. */
export const EVIDENCE_DRAWS = { resamples: 2_000, signs: 2_000 } as const;

/** Which probes there are. */
export interface Asked {
  readonly semantics: readonly string[];
  /** Whether the probes of a source, for one feature under one semantics, were all trained to their end. */
  converged(hiddenLayers: number, semantics: string, feature: FeatureName, source: Source): boolean;
}

/**
 * All shares and contrasts of these programs. A row is left out where something in it was not asked for, where two sources
 * cannot be compared, or where there is nothing to know: the frequencies leave 0 bits. `random` gives numbers in [0, 1), for
 * resamples, then for signs.
 *
 * Throws as `bootstrapInterval` and `signFlipTest`.
 */
export function summarize(
  programs: readonly Sums[],
  { semantics, converged }: Asked,
  about: Omit<About, 'feature'>,
  random: () => number,
): EvidenceRows {
  const total = totalOf(programs);
  const features = [...FEATURES, 'mean'] as const;
  const shares = features
    .flatMap((feature) => semantics.flatMap((one) => SOURCES.map((source) => createShare(feature, one, source))))
    .filter((share) => isKnowable(share, total));
  const contrasts = features
    .flatMap((feature) => contrastsOf(feature, semantics, about.offset))
    .filter((contrast) => sharesOf(contrast).every((share) => isKnowable(share, total)));
  if (shares.length === 0) return { shares: [], contrasts: [] };

  const shareName = ({ feature, semantics, source }: Share): string => `share of ${feature} ${semantics} ${source}`;
  const contrastName = ({ feature, over, against }: Contrast): string =>
    `difference of ${feature} over ${over} against ${against}`;
  const measured = withIntervals(
    programs,
    Object.fromEntries([
      ...shares.map((one) => [shareName(one), (totals: Sums) => shareOf(one, totals)] as const),
      ...contrasts.map((one) => [contrastName(one), (totals: Sums) => differenceOf(one, totals)] as const),
    ]),
    random,
    EVIDENCE_DRAWS.resamples,
  );
  return {
    shares: shares.map((one) => {
      const { feature, semantics, source } = one;
      const features = feature === 'mean' ? FEATURES : [feature];
      const all = features.every((name) => converged(about.hiddenLayers, semantics, name, source));
      return { ...about, feature, semantics, source, share: measured[shareName(one)]!, converged: all };
    }),
    contrasts: contrasts.map((one) => {
      const { feature, over, against, comparison } = one;
      const test = (): number => {
        const parts = programs.map((program) => partOf(program, total, one));
        return signFlipTest(parts, { random, resamples: EVIDENCE_DRAWS.signs }).p;
      };
      const p = about.actionsLeft === 'all' ? test() : null;
      return { ...about, feature, over, against, comparison, difference: measured[contrastName(one)]!, p };
    }),
  };
}

type Contrast = Pick<ContrastRow, 'feature' | 'over' | 'against' | 'comparison'> & Difference;

function contrastsOf(feature: About['feature'], semantics: readonly string[], offset: number): Contrast[] {
  const overs = [null, ...SOURCES.filter((source) => source !== 'trained')];
  const againsts = [null, ...semantics.filter((one) => one !== ORIGINAL)];
  const gain = (meaning: string, over: ContrastRow['over']) => ({
    trained: createShare(feature, meaning, 'trained'),
    over: over && createShare(feature, meaning, over),
  });
  return againsts.flatMap((against) =>
    overs.flatMap((over) => {
      const comparison = over === null ? 'fair' : comparisonOf('trained', over, offset);
      if (comparison === null || (over === null && against === null)) return [];
      const other = against === null ? null : gain(against, over);
      return [{ feature, over, against, comparison, own: gain(ORIGINAL, over), other }];
    }),
  );
}

function totalOf(programs: readonly Sums[]): Sums {
  const columns = Object.keys(programs[0] ?? {});
  return Object.fromEntries(columns.map((column) => [column, programs.reduce((sum, one) => sum + one[column]!, 0)]));
}
