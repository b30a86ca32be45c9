// Which hidden state is asked about which state of the robot.
import { FACINGS, ORIGINAL, parseWorld, semanticsFromText } from '../src/karel/index.ts';
import { alignPairs, executeUnder } from '../src/probe/index.ts';

const inputs = [parseWorld('######\n#>...#\n######')];
const actions = ['move', 'turnLeft', 'move'] as const;

// One program of three actions: rows 0 to 2 are h_1 to h_3, states 0 to 3 are s_0 to s_3.
const pairs = (offset: number, lastState: 'dropped' | 'kept') => {
  const { hidden, state } = alignPairs([3], { offset, lastState, runs: 1 });
  return Array.from(hidden, (row, pair) => `h${row + 1}-s${state[pair]}`).join(' ');
};
console.log(pairs(0, 'dropped')); // => h1-s1 h2-s2
console.log(pairs(0, 'kept')); // => h1-s1 h2-s2 h3-s3
console.log(pairs(1, 'dropped')); // => h1-s2
console.log(pairs(-1, 'dropped')); // => h2-s1 h3-s2

// The states themselves: the way from the start, and the direction, under two semantics.
for (const semantics of [ORIGINAL, semanticsFromText('flip')]) {
  const table = executeUnder(semantics, [{ inputs, actions }]);
  const states = Array.from(table.facing, (facing, s) => `${table.dx[s]},${table.dy[s]} ${FACINGS[facing]}`);
  console.log(`${semantics.name}: ${states.join('; ')}`);
}
// =>
// original: 0,0 right; 1,0 right; 1,0 up; 1,0 up
// flip: 0,0 right; 1,0 right; 1,0 down; 1,0 down
