// A world, a program, and what the program means.
import { formatWorld, parseProgram, parseWorld, run, runActions, SEMANTICS } from '../src/karel/index.ts';

const world = parseWorld(`
#####
#>.1#
#.#.#
#...#
#####`);

const { trace } = run(parseProgram('turnRight; move; move; turnLeft; move'), world);
for (const { action, state } of trace) console.log(action, state.x, state.y, state.facing);
// =>
// turnRight 0 0 2
// move 0 1 2
// move 0 2 2
// turnLeft 0 2 1
// move 1 2 1

console.log(formatWorld(trace.at(-1)!.state));
// =>
// #####
// #..1#
// #.#.#
// #.>.#
// #####

// The whole language has loops and conditions too. This program walks to the wall and takes what lies there.
const walk = run(parseProgram('while (frontIsClear) { move }  if (markersPresent) { pickMarker }'), world);
for (const { action } of walk.trace) console.log(action);
// =>
// move
// move
// pickMarker

// The same words, read otherwise: left is right and right is left.
const words = ['turnRight', 'move', 'move', 'turnLeft', 'move'] as const;
console.log(formatWorld(runActions(world, words, SEMANTICS.flip)));
// =>
// #####
// #.>1#
// #.#.#
// #...#
// #####
