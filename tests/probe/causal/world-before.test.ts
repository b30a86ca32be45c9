import { expect, test } from 'vitest';
import {
  ACTIONS,
  createWorld,
  type Facing,
  randomWorld,
  runActions,
  type World,
  worldEquals,
} from '../../../src/karel/index.ts';
import { turnRobots, worldBefore, worldsBefore } from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { integer } from '../toys.ts';

/** All worlds with these walls that the corpus can draw. */
function drawable({ width, height, walls }: World): World[] {
  const cells = [...walls.keys()].filter((cell) => walls[cell] === 0);
  return cells.flatMap((robot) =>
    [0, 1, 2, 3].flatMap((facing) =>
      Array.from({ length: 2 ** cells.length }, (_, subset) => {
        const world = createWorld(width, height, robot % width, Math.floor(robot / width), facing as Facing);
        world.walls.set(walls);
        cells.forEach((cell, bit) => {
          world.markers[cell] = (subset >> bit) & 1;
        });
        return world;
      }).filter((world) => world.markers[robot] === 0),
    ),
  );
}

test('worldBefore: on 2 x 2 worlds it finds a world that could be drawn and leads there, exactly where one exists', () => {
  const random = uniform(12);
  const found = { yes: 0, no: 0 };
  for (let trial = 0; trial < 150; trial++) {
    const start = randomWorld(random, { width: 2, height: 2, wallRatio: 0.2, markerRatio: 0.4 });
    const actions = Array.from({ length: 1 + integer(random, 4) }, () => ACTIONS[integer(random, 5)]!);
    const after = turnRobots([runActions(start, actions)], 2)[0]!;
    const all = drawable(start);
    const leading = all.filter((world) => worldEquals(runActions(world, actions), after));
    const before = worldBefore(after, actions);
    found[before ? 'yes' : 'no']++;
    if (before) expect(leading.some((world) => worldEquals(world, before))).toBe(true);
    else expect(leading).toEqual([]);
  }
  expect(Math.min(found.yes, found.no)).toBeGreaterThan(10);
});

test('worldsBefore: one for each example, or none at all', () => {
  const [free, facingEast] = [createWorld(2, 2, 1, 0, 1), createWorld(2, 2, 0, 0, 1)];
  // To stand on the left cell and face right, a move cannot have been the last action.
  expect(worldsBefore([free, free], ['move'])).toHaveLength(2);
  expect(worldsBefore([free, facingEast], ['move'])).toBeUndefined();
});
