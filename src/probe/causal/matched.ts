/** @file Edits compared at one place that is the same for all kinds, and not where any push breaks any program. Chapter 14. */
import type { EditPlace, EditScore, EditScores } from './edits.ts';
import { EDIT_KINDS, type EditContrast, type FlipDiffers, type MatchedEdit, type MatchedEdits } from './results.ts';
import { bestPlace, contrast, measureColumns, mostAt, shareOf } from './summary.ts';

/** At a gentle place random edits leave at least so many validation programs as they are. */
const GENTLE = 0.5;

/** Which place: see {@link MatchedEdits}. There must be a case. */
export function matchedPlace(
  places: readonly EditPlace[],
  { edited }: EditScores,
): { readonly at: number; readonly gentle: boolean; readonly difference: number } {
  // Whole numbers are added up before anything is divided, so that equals are equal.
  const differences = edited.probe.map(
    (scores, at) =>
      scores.reduce((sum, { success }, item) => sum + success - edited.random[at]![item]!.success, 0) / scores.length,
  );
  const gentleAt = edited.random.map((scores) => shareOf('unchanged', scores) >= GENTLE);
  const gentle = gentleAt.includes(true);
  const at = mostAt(
    places,
    differences.map((difference, place) => (gentle && !gentleAt[place] ? Number.NEGATIVE_INFINITY : difference)),
  );
  return { at, gentle, difference: differences[at]! };
}

/** The place is of the validation cases, all else of the test cases; there must be a case of each. `random`: see `summarizeEdits`. */
export function summarizeMatched(
  places: readonly EditPlace[],
  validation: EditScores,
  test: EditScores,
  random: () => number,
): MatchedEdits {
  const { at, gentle, difference } = matchedPlace(places, validation);
  const { layer, size } = places[at]!;
  const { probe, flip, random: drawn } = test.edited;
  return {
    layer,
    size,
    gentle,
    validationDifference: difference,
    validationUnchanged: shareOf('unchanged', validation.edited.random[at]!),
    edits: EDIT_KINDS.map((kind) => ({ kind, ...doneBy(test.edited[kind][at]!, random) })),
    contrasts: [contrast('random', probe[at]!, drawn[at]!, random), contrast('flip', probe[at]!, flip[at]!, random)],
  };
}

function doneBy(scores: readonly EditScore[], random: () => number): Omit<MatchedEdit, 'kind'> {
  const [success, unchanged] = measureColumns(
    [scores.map((score) => score.success), scores.map((score) => score.unchanged)],
    random,
  );
  const changed = scores.filter((score) => score.unchanged === 0).map((score) => score.success);
  const among = changed.length > 0 ? measureColumns([changed], random)[0]! : null;
  return { success: success!, unchanged: unchanged!, successAmongChanged: among };
}

/** `differs` says of each test case whether it counts: see {@link FlipDiffers}. */
export function summarizeFlipDiffers(
  places: readonly EditPlace[],
  validation: EditScores,
  test: EditScores,
  differs: readonly boolean[],
  random: () => number,
): FlipDiffers {
  const cases = differs.filter(Boolean).length;
  if (cases === 0) return { cases, chosen: null, matched: null };
  const { probe, flip } = test.edited;
  const among = (scores: readonly EditScore[]): EditScore[] => scores.filter((_, item) => differs[item]);
  const against = (probeAt: number, flipAt: number): EditContrast =>
    contrast('flip', among(probe[probeAt]!), among(flip[flipAt]!), random);
  const { at } = matchedPlace(places, validation);
  return {
    cases,
    chosen: against(bestPlace(places, validation.edited.probe), bestPlace(places, validation.edited.flip)),
    matched: against(at, at),
  };
}
