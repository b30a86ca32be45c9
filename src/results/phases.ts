/** @file Babbling, syntax, meaning: a stated rule that splits a run in phases. Chapter 11. */
import { changePoint } from '../probe/statistics/index.ts';
import type { CheckpointResult } from './results.ts';

export type PhaseName = 'babbling' | 'syntax' | 'meaning';

/** A stretch of training, in steps. */
export interface Phase {
  name: PhaseName;
  from: number;
  to: number;
}

/**
 * What a change point must show to begin a phase. Ours: the paper names the phases but gives no rule.
 *
 * Babbling lasts until the change point of distinct programs, syntax from there to that of generative accuracy, meaning
 * from there on. Where accuracy changes first, or at the same checkpoint, there is no syntax.
 */
export const PHASE_RULE = {
  /** Share of the variance that the two levels explain at least. A straight ramp reaches it, noise seldom. */
  explained: 0.7,
  /** Distinct programs after it, mean: fewer are one program in place of another, not variety. */
  distinctPrograms: 5,
  /** Generative accuracy after it, mean: who solves fewer than half of the specifications has not come to solve them. */
  generativeAccuracy: 0.5,
} as const;

/** A change point that {@link PHASE_RULE} counts. Levels are in the curve's unit. */
export interface CurveChange {
  /** Training steps of the first checkpoint of the upper level: the change lies between the one before and this. */
  readonly step: number;
  readonly before: number;
  readonly after: number;
  readonly explained: number;
}

/** Null where the curve has no change point, or none that counts. */
export interface CurveChanges {
  readonly distinctPrograms: CurveChange | null;
  readonly generativeAccuracy: CurveChange | null;
}

type Curves = Pick<CheckpointResult, 'step' | 'distinctPrograms' | 'generativeAccuracy'>;

/**
 * The change points of the two curves over the checkpoints, which must be in order of their steps.
 *
 * Throws `ProbeError` for a value that is not finite.
 */
export function changePointsOf(checkpoints: readonly Curves[]): CurveChanges {
  const changeOf = (name: keyof CurveChanges): CurveChange | null => {
    const found = changePoint(checkpoints.map((checkpoint) => checkpoint[name]));
    if (!found || found.explained < PHASE_RULE.explained || found.after < PHASE_RULE[name]) return null;
    const { index, ...levels } = found;
    return { step: checkpoints[index]!.step, ...levels };
  };
  return { distinctPrograms: changeOf('distinctPrograms'), generativeAccuracy: changeOf('generativeAccuracy') };
}

/**
 * The phases of a run in order, from the first checkpoint to the last; those that the rule does not find, and those that
 * would begin at the last checkpoint, are left out. Empty for fewer than three checkpoints, where nothing can be split.
 *
 * Throws as {@link changePointsOf}.
 */
export function findPhases({ checkpoints }: { readonly checkpoints: readonly Curves[] }): Phase[] {
  if (checkpoints.length < 3) return [];
  const [first, last] = [checkpoints[0]!.step, checkpoints.at(-1)!.step];
  const changes = changePointsOf(checkpoints);
  const meaning = changes.generativeAccuracy?.step ?? last;
  const syntax = Math.min(changes.distinctPrograms?.step ?? last, meaning);
  const phases: Phase[] = [
    { name: 'babbling', from: first, to: syntax },
    { name: 'syntax', from: syntax, to: meaning },
    { name: 'meaning', from: meaning, to: last },
  ];
  return phases.filter(({ from, to }) => to > from);
}
