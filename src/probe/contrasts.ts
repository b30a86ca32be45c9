/** @file Shares of usable information and their differences, with intervals and tests over programs. Chapter 9. */
import { FEATURES, type FeatureName } from './features.ts';
import { SOURCES, type Source } from './outcome.ts';
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
import { type Measured, signFlipTest, withIntervals } from './statistics/index.ts';

/** Pairs by how many actions the program still has after the state that is asked for. */
export const ACTIONS_LEFT = ['all', '0', '1', '2', '3+'] as const;
export type ActionsLeft = (typeof ACTIONS_LEFT)[number];

interface About {
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
}

/**
 * A difference of such shares: (trained - over) under the original semantics, minus the same under the semantics
 * `against`. Without `over` nothing is taken from trained; without `against` the original stands alone.
 */
export interface ContrastRow extends About {
  readonly over: Exclude<Source, 'trained'> | null;
  readonly against: string | null;
  readonly difference: Measured;
  /** Of the sign-flip test over programs, two-sided, not corrected; null for a part of the pairs, which is not tested. */
  readonly p: number | null;
}

export interface EvidenceRows {
  readonly shares: readonly ShareRow[];
  readonly contrasts: readonly ContrastRow[];
}

const ORIGINAL = 'original';
/** How often programs, and signs of their differences, are drawn. */
export const EVIDENCE_DRAWS = { resamples: 2_000, signs: 2_000 } as const;

/**
 * All shares and contrasts of these programs. A row is left out where something in it was not asked for, or where there
 * is nothing to know: the frequencies leave 0 bits. `random` gives numbers in [0, 1), for resamples, then for signs; those
 * of contrasts over `bestRecord` come from a stream of their own, so that the other rows are the same without them.
 *
 * Throws as `bootstrapInterval` and `signFlipTest`.
 */
export function summarize(
  programs: readonly Sums[],
  semantics: readonly string[],
  about: Omit<About, 'feature'>,
  random: () => number,
  signsOfBestRecord: () => number,
): EvidenceRows {
  const total = totalOf(programs);
  const features = [...FEATURES, 'mean'] as const;
  const shares = features
    .flatMap((feature) => semantics.flatMap((one) => SOURCES.map((source) => createShare(feature, one, source))))
    .filter((share) => isKnowable(share, total));
  const contrasts = features
    .flatMap((feature) => contrastsOf(feature, semantics))
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
      return { ...about, feature, semantics, source, share: measured[shareName(one)]! };
    }),
    contrasts: contrasts.map((one) => {
      const { feature, over, against } = one;
      const test = (): number => {
        const parts = programs.map((program) => partOf(program, total, one));
        const signs = over === 'bestRecord' ? signsOfBestRecord : random;
        return signFlipTest(parts, { random: signs, resamples: EVIDENCE_DRAWS.signs }).p;
      };
      const p = about.actionsLeft === 'all' ? test() : null;
      return { ...about, feature, over, against, difference: measured[contrastName(one)]!, p };
    }),
  };
}

type Contrast = Pick<ContrastRow, 'feature' | 'over' | 'against'> & Difference;

function contrastsOf(feature: About['feature'], semantics: readonly string[]): Contrast[] {
  const overs = [null, ...SOURCES.filter((source) => source !== 'trained')];
  const againsts = [null, ...semantics.filter((one) => one !== ORIGINAL)];
  const gain = (meaning: string, over: ContrastRow['over']) => ({
    trained: createShare(feature, meaning, 'trained'),
    over: over && createShare(feature, meaning, over),
  });
  return againsts.flatMap((against) =>
    overs
      .filter((over) => over !== null || against !== null)
      .map((over) => ({
        feature,
        over,
        against,
        own: gain(ORIGINAL, over),
        other: against === null ? null : gain(against, over),
      })),
  );
}

function totalOf(programs: readonly Sums[]): Sums {
  const columns = Object.keys(programs[0] ?? {});
  return Object.fromEntries(columns.map((column) => [column, programs.reduce((sum, one) => sum + one[column]!, 0)]));
}
