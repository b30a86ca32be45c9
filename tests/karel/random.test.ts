/** @file Random worlds and programs have the shares that they promise. Chapter 1. */

import { expect, test } from 'vitest';
import {
  ACTION_WEIGHTS,
  ACTIONS,
  type ActionWeights,
  formatWorld,
  parseWorld,
  randomActions,
  randomProgram,
  randomWorld,
} from '../../src/karel/index.ts';
import { seeded } from './generators.ts';

/** How far a share of `n` draws may be from `p`: five standard deviations. */
const fiveSigma = (p: number, n: number) => 5 * Math.sqrt((p * (1 - p)) / n);

/** Shares of walls among the cells but the robot's, of markers among those without a wall, of robots on each cell. */
function shares(wallRatio: number, markerRatio: number, worlds: number) {
  const random = seeded(7);
  const counts = { walls: 0, free: 0, marked: 0, others: 0 };
  const places = new Float64Array(12 * 4);
  for (let index = 0; index < worlds; index++) {
    const world = randomWorld(random, { width: 4, height: 3, wallRatio, markerRatio });
    const robot = world.y * 4 + world.x;
    places[robot * 4 + world.facing]! += 1 / worlds;
    expect([world.walls[robot], world.markers[robot]]).toEqual([0, 0]);
    for (let cell = 0; cell < 12; cell++) {
      if (cell === robot) continue;
      counts.others++;
      counts.walls += world.walls[cell]!;
      if (world.walls[cell] === 1) expect(world.markers[cell]).toBe(0);
      else counts.free++;
      counts.marked += world.markers[cell]!;
    }
  }
  const { others, free } = counts;
  return { walls: counts.walls / others, marked: counts.marked / free, places, others, free };
}

test.each([
  [0.1, 0.1],
  [0.35, 0.6],
  [0, 1],
  [1, 0.5],
])('walls %d and markers %d: shares within five standard deviations, robot uniform', (wallRatio, markerRatio) => {
  const worlds = 3000;
  const { walls, others, free, marked, places } = shares(wallRatio, markerRatio, worlds);
  expect(Math.abs(walls - wallRatio) <= fiveSigma(wallRatio, others)).toBe(true);
  if (free > 0) expect(Math.abs(marked - markerRatio) <= fiveSigma(markerRatio, free)).toBe(true);
  for (const place of places) expect(Math.abs(place - 1 / 48)).toBeLessThan(fiveSigma(1 / 48, worlds));
});

test.each(Object.keys(ACTION_WEIGHTS) as ActionWeights[])('%s weights: actions and lengths in their shares', (name) => {
  const random = seeded(11);
  const programs = Array.from({ length: 4000 }, () =>
    randomActions(random, { minLength: 2, maxLength: 5, actionWeights: name }),
  );
  const all = programs.flat();
  const total = ACTIONS.reduce((sum, action) => sum + ACTION_WEIGHTS[name][action], 0);
  for (const action of ACTIONS) {
    const share = ACTION_WEIGHTS[name][action] / total;
    const seen = all.filter((each) => each === action).length / all.length;
    expect(Math.abs(seen - share)).toBeLessThan(fiveSigma(share, all.length));
  }
  for (let length = 0; length < 8; length++) {
    const share = length >= 2 && length <= 5 ? 1 / 4 : 0;
    const seen = programs.filter((program) => program.length === length).length / programs.length;
    expect(Math.abs(seen - share)).toBeLessThanOrEqual(fiveSigma(share, programs.length));
  }
});

test('the weights are those of the released code, 5:3:3:2:2', () => {
  expect(ACTIONS.map((action) => ACTION_WEIGHTS.released[action])).toEqual([5, 3, 3, 2, 2]);
});

test('the share test fails for a world from other ratios', () => {
  const { walls, others } = shares(0.12, 0.1, 3000);
  expect(Math.abs(walls - 0.1) <= fiveSigma(0.1, others)).toBe(false);
});

test('the same seed gives the same world and program, another seed others', () => {
  const draw = (seed: number) => {
    const random = seeded(seed);
    return [formatWorld(randomWorld(random, { width: 5, height: 5 })), JSON.stringify(randomProgram(random))];
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)[0]).not.toBe(draw(4)[0]);
  expect(formatWorld(parseWorld(draw(3)[0]!))).toBe(draw(3)[0]);
});
