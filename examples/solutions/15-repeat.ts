// The pairs of a loop that runs twice, and how many actions are executed after each state.
import { actionsOf, ORIGINAL, type ProgramWord, parseWorld } from '../../src/karel/index.ts';
import { alignExecutions, executeUnder } from '../../src/probe/index.ts';

const words = 'repeat 2 { move turnLeft } putMarker'.split(' ') as ProgramWord[];
const actions = actionsOf(words);
const inputs = [parseWorld('######\n#>...#\n######')];
const table = executeUnder(ORIGINAL, [{ inputs, actions, words }]);
const alignment = { offset: 0, lastState: 'kept', runs: 1 } as const;
const { hidden, states, left } = alignExecutions([actions.length], [table], alignment);
console.log(Array.from(hidden, (row, pair) => `h${row + 1}-s${states[0]![pair]}, ${left[pair]} left`).join('; '));
// =>
// h1-s1, 4 left; h2-s2, 3 left; h3-s5, 0 left
