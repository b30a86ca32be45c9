// All meanings of five words that a trace can tell apart, and the place of the original among them.
import { ACTIONS, keepsMarkers } from '../src/karel/index.ts';
import { PERMUTATIONS, rankSemantics } from '../src/probe/index.ts';

const six = PERMUTATIONS.filter(keepsMarkers);
console.log(`${PERMUTATIONS.length} permutations, of which ${six.length} leave the marker words alone`);
for (const { name, map } of six) console.log(`${name}: ${ACTIONS.slice(0, 3).map((word) => map[word]).join(' ')}`); // biome-ignore format: a line of output
// =>
// 60 permutations, of which 6 leave the marker words alone
// original: move turnLeft turnRight
// flip: move turnRight turnLeft
// permutation2: turnLeft move turnRight
// permutation1: turnLeft turnRight move
// permutation3: turnRight move turnLeft
// move=turnRight,turnRight=move: turnRight turnLeft move

// Made-up information: one semantics is easier to read than the original, one is as easy.
const shares = Object.entries({ original: 0.5, flip: 0.4, permutation1: 0.6, permutation2: 0.5, permutation3: 0.3 });
const asked = { feature: 'direction', hiddenLayers: 0 } as const;
const [found] = rankSemantics(shares.map(([semantics, informationShare]) => ({ semantics, informationShare, ...asked })), 'original'); // biome-ignore format: one thought
console.log(`rank ${found!.rank} of ${found!.of}`); // => rank 2.5 of 5
