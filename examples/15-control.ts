// Programs that branch and loop: what they are written with, what may come next, and which states their actions are asked about.
import {
  actionsOf,
  allowedNextWords,
  PROGRAM_WORDS,
  type ProgramWord,
  parseWorld,
  programText,
  semanticsFromText,
  tokenOfWord,
} from '../src/karel/index.ts';
import { alignExecutions, executeUnder } from '../src/probe/index.ts';

const words = (text: string): ProgramWord[] => text.split(' ') as ProgramWord[];

// #region tokens
// A word is a token; parentheses are left out, since they tell nothing.
const program = words('while frontIsClear { move } turnLeft');
console.log(program.map(tokenOfWord).join(' ')); // => 27 32 37 21 38 22
console.log(programText(program)); // => while (frontIsClear) { move }; turnLeft
console.log(PROGRAM_WORDS.join(' '));
// =>
// move turnLeft turnRight pickMarker putMarker repeat while if ifelse else not frontIsClear leftIsClear rightIsClear markersPresent noMarkersPresent { } 2 3 4

// #endregion

// #region mask
// Four words of six are written: one more action, then the brace; or the brace at once. No room for another loop.
const allowed = allowedNextWords(words('while frontIsClear { move').map(tokenOfWord), 6);
console.log(PROGRAM_WORDS.filter((word) => allowed[tokenOfWord(word)] === 1).join(' ')); // => move turnLeft turnRight pickMarker putMarker }
// #endregion

// #region small
// In this corridor move, move, move, turnLeft are executed. The model writes the word move from h1, and turnLeft from h2.
const corridor = parseWorld('######\n#>...#\n######');
const pairs = (text: string, semantics: string, offset = 0) => {
  const actions = actionsOf(words(text));
  const tables = semantics
    .split(' ')
    .map((name) => executeUnder(semanticsFromText(name), [{ inputs: [corridor], actions, words: words(text) }]));
  const alignment = { offset, lastState: 'kept', runs: 1 } as const;
  const { hidden, states, lost } = alignExecutions([actions.length], tables, alignment);
  const shown = Array.from(hidden, (row, pair) => `h${row + 1}-s${states[0]![pair]}`);
  return [...shown, `lost ${lost}`].join(' ');
};
console.log(pairs('while frontIsClear { move } turnLeft', 'original')); // => h1-s1 h2-s4 lost 0
console.log(pairs('while frontIsClear { move } turnLeft', 'original', 1)); // => h1-s2 lost 0
console.log(pairs('ifelse frontIsClear { move } else { turnLeft } putMarker', 'original')); // => h1-s1 h3-s2 lost 0

// Flipped, putMarker picks, and this loop never ends: none of its actions can be asked about under both semantics.
console.log(pairs('while noMarkersPresent { putMarker }', 'original')); // => h1-s1 lost 0
console.log(pairs('while noMarkersPresent { putMarker }', 'original flip')); // => lost 1
// #endregion
