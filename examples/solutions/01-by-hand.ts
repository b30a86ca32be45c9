// Chapter 1, exercise 1: one program, three final worlds.
import { parseWorld, runActions, SEMANTICS, worldLines } from '../../src/karel/index.ts';

const world = parseWorld(`
#####
#>.1#
#.#.#
#...#
#####`);
const program = ['move', 'move', 'pickMarker', 'turnRight', 'move'] as const;
const finals = [SEMANTICS.original, SEMANTICS.flip, SEMANTICS.adversarial].map((s) => runActions(world, program, s));
for (const line of [0, 1, 2, 3, 4]) console.log(finals.map((final) => worldLines(final)[line]).join('  '));
// =>
// #####  #####  #####
// #...#  #..^#  #<.1#
// #.#v#  #.#.#  #.#.#
// #...#  #...#  #...#
// #####  #####  #####
console.log(finals.map(({ markers }) => markers[2]).join(' ')); // => 0 2 1
