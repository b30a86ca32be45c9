// A world, a program, and what the program means.
import { parseProgram, parseWorld, run, SEMANTICS, worldLines } from '../src/karel/index.ts';

const world = parseWorld('#####\n#>.1#\n#.#.#\n#...#\n#####');
const program = parseProgram('turnRight; move; move; turnLeft; move');
for (const { action, state } of run(program, world).trace) console.log(action, state.x, state.y, state.facing);
// =>
// turnRight 0 0 2
// move 0 1 2
// move 0 2 2
// turnLeft 0 2 1
// move 1 2 1

// Loops and conditions: walk to the wall and take what lies there.
const walk = parseProgram('while (frontIsClear) { move }  if (markersPresent) { pickMarker }');
const actions = run(walk, world).trace.map(({ action }) => action);
console.log(actions.join(' ')); // => move move pickMarker

// The first program again, left for right and right for left; the lines of the final world side by side.
const { final } = run(program, world, { semantics: SEMANTICS.flip });
console.log(worldLines(final).join(' ')); // => ##### #.>1# #.#.# #...# #####
