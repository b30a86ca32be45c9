/** @file Babbling, syntax, meaning: a stated rule that splits a run in phases. Chapter 10. */

import type { CheckpointResult, Results } from '../study/results.ts';

export type PhaseName = 'babbling' | 'syntax' | 'meaning';

/** A stretch of training, in steps. */
export interface Phase {
  name: PhaseName;
  from: number;
  to: number;
}

/** The rule's thresholds. Ours: the paper names the phases but no rule. */
export const PHASE_RULE = {
  /** Syntax begins where distinct programs stay above this share of their maximum ... */
  distinctShare: 0.2,
  /** ... and at or above this many, so that one program in place of another is not called diversity. */
  distinctFloor: 5,
  /** Meaning begins where accuracy stays at or above this share of its final value ... */
  accuracyShare: 0.5,
  /** ... and at or above this share of the specifications, which the plateau before it does not reach. */
  accuracyFloor: 0.3,
} as const;

/** Index of the first checkpoint from which on `holds` is true to the end, or the number of checkpoints. */
function holdsFrom(checkpoints: readonly CheckpointResult[], holds: (checkpoint: CheckpointResult) => boolean): number {
  let index = checkpoints.length;
  while (index > 0 && holds(checkpoints[index - 1]!)) index--;
  return index;
}

/**
 * The phases of a run in order, from the first checkpoint to the last; those that the rule does not find are left out, so
 * a run that never came to solve its specifications has no `meaning`. Empty for fewer than two checkpoints.
 */
export function findPhases(results: Pick<Results, 'checkpoints'>): Phase[] {
  const { checkpoints } = results;
  if (checkpoints.length < 2) return [];
  const last = checkpoints.length - 1;
  const mostDistinct = Math.max(...checkpoints.map((checkpoint) => checkpoint.distinctPrograms));
  const distinctBar = PHASE_RULE.distinctShare * mostDistinct;
  const finalAccuracy = checkpoints[last]!.generativeAccuracy;
  const accuracyBar = Math.max(PHASE_RULE.accuracyShare * finalAccuracy, PHASE_RULE.accuracyFloor);

  const syntax = holdsFrom(
    checkpoints,
    ({ distinctPrograms }) => distinctPrograms > distinctBar && distinctPrograms >= PHASE_RULE.distinctFloor,
  );
  const meaningAlone = holdsFrom(checkpoints, ({ generativeAccuracy }) => generativeAccuracy >= accuracyBar);
  const meaning = Math.max(meaningAlone, syntax);

  const bounds: [PhaseName, number, number][] = [
    ['babbling', 0, syntax],
    ['syntax', syntax, meaning],
    ['meaning', meaning, last],
  ];
  const stepAt = (index: number) => checkpoints[Math.min(index, last)]!.step;
  return bounds
    .map(([name, from, to]) => ({ name, from: stepAt(from), to: stepAt(to) }))
    .filter(({ from, to }) => to > from);
}
