/** @file Which of a question's records is the fairer baseline: the one that is read better on validation. Chapter 12. */
import type { ValidatedScore } from './score.ts';
import type { RecordKind } from './sources.ts';

/**
 * The score of the record with the lower cross-entropy on validation traces, of equals that of the smaller record; undefined
 * unless there are both, of those `withAction` or of those without.
 *
 * `grids` holds all that `input` does. A perfect reader would never read less from it, but a probe that is trained on a
 * few thousand pairs does, where the many columns of the second grid cost it more than they tell. By how much differs
 * from semantics to semantics, so that a contrast over either record alone can be one of overfitting. Test traces take no
 * part in the choice.
 */
export function bestRecord(
  scores: Readonly<Partial<Record<RecordKind, ValidatedScore>>>,
  withAction: boolean,
): ValidatedScore | undefined {
  const input = scores[withAction ? 'input+action' : 'input'];
  const grids = scores[withAction ? 'grids+action' : 'grids'];
  if (!input || !grids) return undefined;
  return grids.validationCrossEntropy < input.validationCrossEntropy ? grids : input;
}
