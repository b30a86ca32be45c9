/** @file All permutations of the five actions that a trace can tell apart. Chapter 10. */
import { ACTIONS, type Action, SEMANTICS, type Semantics, semanticsToText } from '../karel/index.ts';

/**
 * The 60 permutations of the actions' meanings that differ in what probes are asked for. `pickMarker` and `putMarker`
 * change neither direction nor position nor obstacle, so two of the 120 permutations that differ by exchanging these two
 * meanings label every straight-line program alike, and one of them stands for both: the one that has a name in
 * `SEMANTICS`, else the one in which the word that means `pickMarker` comes first in `ACTIONS`.
 *
 * Each is named as `semanticsToText` names it. The first is the original; the others follow in lexicographic order of
 * the meanings of `ACTIONS`, each pair at the place of its earlier member.
 *
 * A feature may tell fewer apart: direction depends on the two turns alone, so that its labels are the same under three
 * permutations at a time, and there are 20 different ones.
 */
export const PERMUTATIONS: readonly Semantics[] = distinctPermutations();

function distinctPermutations(): Semantics[] {
  const named = new Set(Object.keys(SEMANTICS));
  const chosen: Semantics[] = [];
  const taken = new Set<string>();
  for (const meanings of ordersOf(ACTIONS)) {
    const semantics = permutation(meanings);
    const twin = permutation(meanings.map(exchangeMarkers));
    if (taken.has(semantics.name)) continue;
    taken.add(semantics.name).add(twin.name);
    // Meanings come in the order of ACTIONS, so of the two this one has the earlier word for pickMarker.
    chosen.push(named.has(twin.name) ? twin : semantics);
  }
  return chosen;
}

/** `meanings[i]` is what the word `ACTIONS[i]` means. */
function permutation(meanings: readonly Action[]): Semantics {
  const map = Object.fromEntries(ACTIONS.map((word, at) => [word, meanings[at]!])) as Record<Action, Action>;
  return { name: semanticsToText({ name: '', map }), map };
}

function exchangeMarkers(meaning: Action): Action {
  if (meaning === 'pickMarker') return 'putMarker';
  return meaning === 'putMarker' ? 'pickMarker' : meaning;
}

/** Every order of `items`, lexicographically by their places. */
function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}
