/** @file Shares of usable information and their differences, with intervals and tests over programs. Chapter 9. */
import { FEATURES, type FeatureName } from './features.ts';
import { SOURCES, type Source } from './outcome.ts';
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

/** Bits of the pairs of one program, or of all, by {@link columnOf}. */
export type Sums = Readonly<Record<string, number>>;

/** Where the bits are that a source leaves unknown, or the class frequencies do; a control task has its own. */
export function columnOf(
  semantics: string,
  feature: FeatureName,
  of: Source | 'frequencies' | 'control frequencies',
): string {
  return `${semantics}/${feature}/${of}`;
}

/** One share with its sign in a difference of shares. */
interface Term {
  readonly feature: About['feature'];
  readonly semantics: string;
  readonly source: Source;
  /** 1 or -1. */
  readonly sign: number;
}

const ORIGINAL = 'original';
const RESAMPLES = 2_000;
const SIGN_FLIPS = 2_000;

/**
 * All shares and contrasts of these programs. A row is left out where something in it was not asked for, or where there
 * is nothing to know: the frequencies leave 0 bits. `random` gives numbers in [0, 1), for resamples, then for signs.
 *
 * Throws as `bootstrapInterval` and `signFlipTest`.
 */
export function summarise(
  programs: readonly Sums[],
  semantics: readonly string[],
  about: Omit<About, 'feature'>,
  random: () => number,
): EvidenceRows {
  const total = totalOf(programs);
  const features = [...FEATURES, 'mean'] as const;
  const shares = features
    .flatMap((feature) =>
      semantics.flatMap((meaning) => SOURCES.map((source): Term => ({ feature, semantics: meaning, source, sign: 1 }))),
    )
    .filter((term) => isKnowable(term, total));
  const contrasts = features
    .flatMap((feature) => contrastsOf(feature, semantics))
    .filter(({ terms }) => terms.every((term) => isKnowable(term, total)));
  if (shares.length === 0) return { shares: [], contrasts: [] };

  const shareName = ({ feature, semantics, source }: Term): string => `share of ${feature} ${semantics} ${source}`;
  const contrastName = ({ feature, over, against }: (typeof contrasts)[number]): string =>
    `difference of ${feature} over ${over} against ${against}`;
  const measured = withIntervals(
    programs,
    Object.fromEntries([
      ...shares.map((term) => [shareName(term), (totals: Sums) => shareOf(term, totals)] as const),
      ...contrasts.map((one) => [contrastName(one), (totals: Sums) => differenceOf(one.terms, totals)] as const),
    ]),
    random,
    RESAMPLES,
  );
  return {
    shares: shares.map((term) => {
      const { feature, semantics, source } = term;
      return { ...about, feature, semantics, source, share: measured[shareName(term)]! };
    }),
    contrasts: contrasts.map((contrast) => {
      const { feature, over, against } = contrast;
      const difference = measured[contrastName(contrast)]!;
      const test = (): number => {
        const parts = programs.map((program) => partOf(program, total, contrast));
        return signFlipTest(parts, { random, resamples: SIGN_FLIPS }).p;
      };
      return { ...about, feature, over, against, difference, p: about.actionsLeft === 'all' ? test() : null };
    }),
  };
}

type Compared = Pick<ContrastRow, 'feature' | 'over' | 'against'>;

function contrastsOf(feature: About['feature'], semantics: readonly string[]): (Compared & { terms: Term[] })[] {
  const overs = [null, ...SOURCES.filter((source) => source !== 'trained')];
  const againsts = [null, ...semantics.filter((one) => one !== ORIGINAL)];
  return againsts.flatMap((against) =>
    overs
      .filter((over) => over !== null || against !== null)
      .map((over) => ({
        feature,
        over,
        against,
        terms: [
          ...termsOf(feature, ORIGINAL, over),
          ...(against === null ? [] : termsOf(feature, against, over).map((one) => ({ ...one, sign: -one.sign }))),
        ],
      })),
  );
}

/** trained - over. */
function termsOf(feature: About['feature'], semantics: string, over: ContrastRow['over']): Term[] {
  const trained = { feature, semantics, source: 'trained', sign: 1 } as const;
  return over === null ? [trained] : [trained, { feature, semantics, source: over, sign: -1 }];
}

/** The bits by frequencies and by the source, of the feature, or of each for their mean. */
function columnsOf({ feature, semantics, source }: Term): { frequencies: string; bits: string }[] {
  return (feature === 'mean' ? FEATURES : [feature]).map((one) => ({
    frequencies: columnOf(semantics, one, source === 'control' ? 'control frequencies' : 'frequencies'),
    bits: columnOf(semantics, one, source),
  }));
}

function isKnowable(term: Term, total: Sums): boolean {
  return columnsOf(term).every(({ frequencies, bits }) => bits in total && total[frequencies]! > 0);
}

/** 1 - bits / bits by frequencies; the mean of it over features. */
function shareOf(term: Term, totals: Sums): number {
  const columns = columnsOf(term);
  return (
    columns.reduce((sum, { frequencies, bits }) => sum + (1 - totals[bits]! / totals[frequencies]!), 0) / columns.length
  );
}

function differenceOf(terms: readonly Term[], totals: Sums): number {
  return terms.reduce((sum, term) => sum + term.sign * shareOf(term, totals), 0);
}

/**
 * What a program adds to a difference of shares: over all programs it adds up to the difference. Swapping `trained` with
 * `over` for one program turns its sign. Where semantics are compared, a program that is as well known as both are on
 * average adds nothing, however much of what there is to know, under the one or the other, is its own.
 */
function partOf(program: Sums, total: Sums, { feature, over, against }: Compared): number {
  const features = feature === 'mean' ? FEATURES : [feature];
  const parts = features.map((one) => {
    const gainOf = (semantics: string, sums: Sums): number =>
      termsOf(one, semantics, over).reduce((gain, term) => {
        const { frequencies, bits } = columnsOf(term)[0]!;
        return gain + (term.sign * (sums[frequencies]! - sums[bits]!)) / total[frequencies]!;
      }, 0);
    const gain = gainOf(ORIGINAL, program);
    if (against === null) return gain;
    const level = (gainOf(ORIGINAL, total) + gainOf(against, total)) / 2;
    const beyond = (semantics: string): number => {
      const frequencies = columnOf(semantics, one, 'frequencies');
      return gainOf(semantics, program) - (level * program[frequencies]!) / total[frequencies]!;
    };
    return beyond(ORIGINAL) - beyond(against);
  });
  return parts.reduce((sum, part) => sum + part, 0) / features.length;
}

function totalOf(programs: readonly Sums[]): Sums {
  const columns = Object.keys(programs[0] ?? {});
  return Object.fromEntries(columns.map((column) => [column, programs.reduce((sum, one) => sum + one[column]!, 0)]));
}
