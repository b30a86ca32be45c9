// Which hidden state is asked about which state of the robot.
import { FACINGS, ORIGINAL, parseWorld } from '../src/karel/index.ts';
import { alignPairs, executeUnder } from '../src/probe/index.ts';

const inputs = [parseWorld('######\n#>...#\n######')];
const actions = ['move', 'turnLeft', 'move'] as const;

// The states: the way from the start, to the right and down, and the direction.
const { dx, dy, facing } = executeUnder(ORIGINAL, [{ inputs, actions }]);
console.log(Array.from(facing, (direction, s) => `s${s} ${dx[s]},${dy[s]} ${FACINGS[direction]}`).join('; '));
// =>
// s0 0,0 right; s1 1,0 right; s2 1,0 up; s3 1,0 up

// One program of three actions: rows 0 to 2 are h_1 to h_3, states 0 to 3 are s_0 to s_3.
const pairs = (offset: number, lastState: 'dropped' | 'kept') => {
  const { hidden, state } = alignPairs([3], { offset, lastState, runs: 1 });
  return Array.from(hidden, (row, pair) => `h${row + 1}-s${state[pair]}`).join(' ');
};
console.log(`offset 0: ${pairs(0, 'dropped')}`); // => offset 0: h1-s1 h2-s2
console.log(`offset 0, last state kept: ${pairs(0, 'kept')}`); // => offset 0, last state kept: h1-s1 h2-s2 h3-s3
console.log(`offset +1: ${pairs(1, 'dropped')}`); // => offset +1: h1-s2
console.log(`offset -1: ${pairs(-1, 'dropped')}`); // => offset -1: h2-s1 h3-s2
