// Chapter 1, exercise 3: under how many semantics does `turnLeft; turnRight` change nothing?
import { ACTIONS, type Action, createWorld, type Facing, runActions, worldEquals } from '../../src/karel/index.ts';

// A robot in the middle of three by three cells: each facing, walls all around it or none, each number of markers.
const worlds = [0, 1, 2, 3].flatMap((facing) =>
  [0, 1].flatMap((walled) =>
    Array.from({ length: 10 }, (_, markers) => {
      const world = createWorld(3, 3, 1, 1, facing as Facing);
      if (walled) for (const cell of [1, 3, 5, 7]) world.walls[cell] = 1;
      world.markers[4] = markers;
      return world;
    }),
  ),
);
const changesNothing = (left: Action, right: Action): boolean =>
  worlds.every((world) => worldEquals(world, runActions(world, [left, right])));

let maps = 0;
let permutations = 0;
for (let number = 0; number < 5 ** 5; number++) {
  const meanings = [1, 5, 25, 125, 625].map((place) => ACTIONS[Math.floor(number / place) % 5]!);
  if (!changesNothing(meanings[1]!, meanings[2]!)) continue; // ACTIONS[1] is turnLeft, ACTIONS[2] turnRight
  maps++;
  if (new Set(meanings).size === 5) permutations++;
}
console.log(maps, permutations); // => 250 12
