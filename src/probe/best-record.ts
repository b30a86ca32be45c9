/** @file Which of a question's records is the fairer baseline: the one that is read better on validation. Chapter 9. */
import type { RecordKind } from './record.ts';
import type { ValidatedScore } from './score.ts';

/**
 * The score of the record with the lower cross-entropy on validation traces, of equals that of the smaller record; undefined
 * unless there are both.
 *
 * `prompt` holds all that `input` does. A perfect reader would never read less from it, but a probe that is trained on a
 * few thousand pairs does, where the many columns of the second grid cost it more than they tell. By how much differs
 * from semantics to semantics, so that a contrast over either record alone can be one of overfitting. Test traces take no
 * part in the choice.
 */
export function bestRecord(scores: Readonly<Partial<Record<RecordKind, ValidatedScore>>>): ValidatedScore | undefined {
  const { input, prompt } = scores;
  if (!input || !prompt) return undefined;
  return prompt.validationCrossEntropy < input.validationCrossEntropy ? prompt : input;
}
