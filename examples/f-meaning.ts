// A meaning of one's own: pickMarker and turnLeft trade places.
import { formatWorld, parseWorld, runActions, semanticsFromText, semanticsToText } from '../src/karel/index.ts';

const world = parseWorld('#####\n#>.1#\n#####');
const program = ['move', 'pickMarker', 'move'] as const;

// #region meaning
// A semantics says which action each word performs; a word that is left out keeps its meaning.
const semantics = semanticsFromText('pickMarker=turnLeft,turnLeft=pickMarker');
console.log(formatWorld(runActions(world, program, semantics)));
// =>
// #####
// #.^1#
// #####

// #endregion

console.log(semanticsToText(semantics)); // => turnLeft=pickMarker,pickMarker=turnLeft
try {
  semanticsFromText('pickMarker=turnAround');
} catch (error) {
  console.log((error as Error).message);
}
// =>
// semantics: 'turnAround' in 'pickMarker=turnAround' is not an action (move, turnLeft, turnRight, pickMarker, putMarker)
