/** @file A share of usable information, from bits summed over pairs, and what a program adds to a difference. Chapter 12. */
import { FEATURES, type FeatureName } from './features.ts';
import type { Source } from './sources.ts';

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

/** What a share is computed from. */
export interface Share {
  readonly feature: FeatureName | 'mean';
  readonly semantics: string;
  readonly source: Source;
  /** Of the feature, or of each for their mean. */
  readonly columns: readonly { readonly frequencies: string; readonly bits: string }[];
}

export function createShare(feature: Share['feature'], semantics: string, source: Source): Share {
  const columns = (feature === 'mean' ? FEATURES : [feature]).map((one) => ({
    frequencies: columnOf(semantics, one, source === 'control' ? 'control frequencies' : 'frequencies'),
    bits: columnOf(semantics, one, source),
  }));
  return { feature, semantics, source, columns };
}

/** Whether it was asked for, and there is something to know: the frequencies leave more than 0 bits. */
export function isKnowable({ columns }: Share, total: Sums): boolean {
  return columns.every(({ frequencies, bits }) => bits in total && total[frequencies]! > 0);
}

/** 1 - bits / bits by frequencies; the mean of it over the columns. */
export function shareOf({ columns }: Share, totals: Sums): number {
  let sum = 0;
  for (const { frequencies, bits } of columns) sum += 1 - totals[bits]! / totals[frequencies]!;
  return sum / columns.length;
}

/** trained - over, under one semantics; without `over`, trained alone. */
export interface Gain {
  readonly trained: Share;
  readonly over: Share | null;
}

/** own - other; without `other`, own alone. */
export interface Difference {
  readonly own: Gain;
  readonly other: Gain | null;
}

/** The shares that it is made of. */
export function sharesOf({ own, other }: Difference): Share[] {
  return [own, other].flatMap((gain) => (gain ? [gain.trained, ...(gain.over ? [gain.over] : [])] : []));
}

export function differenceOf({ own, other }: Difference, totals: Sums): number {
  const gain = ({ trained, over }: Gain): number => shareOf(trained, totals) - (over ? shareOf(over, totals) : 0);
  return gain(own) - (other ? gain(other) : 0);
}

/**
 * What a program adds to a difference: over all programs it adds up to the difference. Swapping `trained` with `over` for
 * one program turns its sign. Where semantics are compared, a program that is as well known as both are on average adds
 * nothing, however much of what there is to know, under the one or the other, is its own.
 */
export function partOf(program: Sums, total: Sums, { own, other }: Difference): number {
  const features = own.trained.columns.length;
  /** Bits gained by these programs, as a share of all that there is to know. */
  const gained = ({ trained, over }: Gain, feature: number, sums: Sums): number => {
    const of = ({ columns }: Share): number => {
      const { frequencies, bits } = columns[feature]!;
      return (sums[frequencies]! - sums[bits]!) / total[frequencies]!;
    };
    return of(trained) - (over ? of(over) : 0);
  };
  let sum = 0;
  for (let feature = 0; feature < features; feature++) {
    if (!other) {
      sum += gained(own, feature, program);
      continue;
    }
    const level = (gained(own, feature, total) + gained(other, feature, total)) / 2;
    const beyondLevel = (gain: Gain): number => {
      const { frequencies } = gain.trained.columns[feature]!;
      return gained(gain, feature, program) - (level * program[frequencies]!) / total[frequencies]!;
    };
    sum += beyondLevel(own) - beyondLevel(other);
  }
  return sum / features;
}
