/** @file Holm's correction for asking many questions at once. Chapter 13. */
import { ProbeError } from '../errors.ts';

/**
 * Adjusted p-values in the order of `pValues`, as R `p.adjust(p, method = "holm")`. Rejecting those up to alpha makes
 * any false rejection at all with a probability of at most alpha, however the tests depend on each other. Holm 1979.
 *
 * Throws `ProbeError` for a p-value that is not in [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  const bad = pValues.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad !== -1) throw new ProbeError(`holm: p-value ${bad} is ${pValues[bad]}, it must lie in [0, 1]`);
  // #region corrected
  const smallestFirst = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = new Array<number>(pValues.length);
  let atLeast = 0; // an adjusted value is never below that of a smaller p-value
  smallestFirst.forEach((i, rank) => {
    atLeast = Math.max(atLeast, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = atLeast;
  });
  return adjusted;
  // #endregion
}
