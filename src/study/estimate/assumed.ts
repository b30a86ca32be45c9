/** @file What is assumed of the programs that a model will write, since only the run itself can tell. Chapter 8. */
import { alignPairs, type BySplit, bySplit } from '../../probe/index.ts';
import type { Settings } from '../settings.ts';

/** A program length and which share of the programs have it. */
export interface LengthShare {
  readonly length: number;
  readonly share: number;
}

/**
 * How long the programs are that a checkpoint writes.
 *
 * Untrained, a model goes on to the end: it writes `maxProgramLength` actions. Trained, it likes to end early: from the
 * shortest reference program on, each length is half as frequent as the one before. That is what runs of `tiny` and `small`
 * show: 57 %, 29 %, 11 % and 3 % of tiny's programs had 1 to 4 actions, where this says 53, 27, 13 and 7.
 */
export function assumedLengths(settings: Settings, trained: boolean): LengthShare[] {
  const { minLength, maxLength, maxProgramLength: most } = settings;
  const first = trained ? Math.min(minLength, most) : most;
  const last = trained ? Math.min(maxLength, most) : most;
  const weights = Array.from({ length: last - first + 1 }, (_, index) => 2 ** -index);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({ length: first + index, share: weight / total }));
}

/** The mean over all programs of something that depends on their length. */
export function meanOver(lengths: readonly LengthShare[], value: (length: number) => number): number {
  return lengths.reduce((sum, { length, share }) => sum + share * value(length), 0);
}

/** Which share of the programs have so many actions or more. */
export function shareFrom(lengths: readonly LengthShare[], fewest: number): number {
  return meanOver(lengths, (length) => (length >= fewest ? 1 : 0));
}

/** Programs with fewer actions have no pair at any offset, or, where they branch and loop, are read all the same. */
export function fewestActions({ lastState, programs }: Settings): number {
  return programs === 'straight' && lastState === 'dropped' ? 2 : 1;
}

/**
 * Pairs of so many programs of a checkpoint at this offset, by split. A program that is too short for the offset has none.
 * Where programs branch and loop these are too many: words other than actions have no pair.
 */
export function pairsOf(
  settings: Settings,
  programs: BySplit<number>,
  { offset, trained }: { readonly offset: number; readonly trained: boolean },
): BySplit<number> {
  const { lastState, labelExample, examples } = settings;
  const runs = labelExample === -1 ? examples : 1;
  const each = meanOver(
    assumedLengths(settings, trained),
    (length) => alignPairs([length], { offset, lastState, runs }).state.length,
  );
  return bySplit((split) => Math.round(programs[split] * each));
}

/**
 * Which share of the test specifications the trained model solves, and from which share of turned robots a program of the
 * allowed length still leads to the outputs: a run of `tiny` had 95 % and 91 %. A model that solves fewer has fewer cases.
 */
export const ASSUMED = { solved: 0.9, remainder: 0.9 } as const;

/**
 * What a probe needs to be trained to its end, which the labels decide: iterations of a linear probe over all penalties, the
 * mean of the features (in a run of `tiny` some 90 for direction, 260 for position and 20 for obstacle), and
 * intervals until validation has stopped improving.
 */
export const ASSUMED_PROBES = { iterations: 120, intervals: 16 } as const;

export const sumOf = ({ train, validation, test }: BySplit<number>): number => train + validation + test;
