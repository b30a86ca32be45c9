/** @file Random worlds, and the samples of a corpus, have the shares that they promise. */

import { describe, expect, test } from 'vitest';
import {
  ACTION_WEIGHTS,
  ACTIONS,
  formatWorld,
  parseWorld,
  randomProgram,
  randomWorld,
  type World,
} from '../../src/karel/index.ts';
import { corpusRecords, seeded } from './generators.ts';

/** How far a share of `n` draws may be from `p`: five standard deviations. */
const fiveSigma = (p: number, n: number) => 5 * Math.sqrt((p * (1 - p)) / n);

const randomWorlds = (wallRatio: number, markerRatio: number): World[] => {
  const random = seeded(7);
  return Array.from({ length: 3000 }, () => randomWorld(random, { width: 4, height: 3, wallRatio, markerRatio }));
};

/** In worlds of 4x3: shares of walls among cells but the robot's, of markers among those without a wall, of robots on each cell. */
function shares(worlds: readonly World[]) {
  const counts = { walls: 0, free: 0, marked: 0, others: 0, impossible: 0 };
  const places = new Float64Array(12 * 4);
  for (const world of worlds) {
    const robot = world.y * 4 + world.x;
    places[robot * 4 + world.facing]! += 1 / worlds.length;
    counts.impossible += world.walls[robot]! + world.markers[robot]!;
    for (let cell = 0; cell < 12; cell++) {
      if (cell === robot) continue;
      counts.others++;
      counts.walls += world.walls[cell]!;
      counts.impossible += world.walls[cell]! * world.markers[cell]!;
      counts.free += 1 - world.walls[cell]!;
      counts.marked += world.markers[cell]!;
    }
  }
  expect(counts.impossible).toBe(0); // walls and markers under a robot, markers in a wall
  const { others, free } = counts;
  return { walls: counts.walls / others, marked: counts.marked / free, places, others, free };
}

function expectShares(worlds: readonly World[], wallRatio: number, markerRatio: number): void {
  const { walls, others, free, marked, places } = shares(worlds);
  expect(Math.abs(walls - wallRatio)).toBeLessThanOrEqual(fiveSigma(wallRatio, others));
  if (free > 0) expect(Math.abs(marked - markerRatio)).toBeLessThanOrEqual(fiveSigma(markerRatio, free));
  for (const place of places) expect(Math.abs(place - 1 / 48)).toBeLessThan(fiveSigma(1 / 48, worlds.length));
}

test.each([
  [0.1, 0.1],
  [0.35, 0.6],
  [0, 1],
  [1, 0.5],
])('walls %d and markers %d: shares within five standard deviations, robot uniform', (wallRatio, markerRatio) => {
  expectShares(randomWorlds(wallRatio, markerRatio), wallRatio, markerRatio);
});

const settings = { width: 4, height: 3, examples: 2, minLength: 2, maxLength: 5, wallRatio: 0.3, markerRatio: 0.15 };

describe.each([
  ['released', [5, 3, 3, 2, 2]],
  ['uniform', [1, 1, 1, 1, 1]],
] as const)(
  '4,000 samples of a corpus with %s weights, each share within five standard deviations',
  (name, weights) => {
    const records = corpusRecords({ ...settings, actionWeights: name }, 'train', 4000, 11);
    const programs = records.map(({ program }) => program);

    test(`actions are ${weights.join(':')} to each other`, () => {
      const words = programs.flat();
      const total = weights.reduce((sum: number, weight) => sum + weight, 0);
      ACTIONS.forEach((action, index) => {
        const share = weights[index]! / total;
        const seen = words.filter((word) => word === action).length / words.length;
        expect(Math.abs(seen - share)).toBeLessThan(fiveSigma(share, words.length));
      });
    });

    test('lengths of 2 to 5 are equally frequent, and there are no others', () => {
      for (let length = 0; length < 8; length++) {
        const share = length >= 2 && length <= 5 ? 1 / 4 : 0;
        const seen = programs.filter((program) => program.length === length).length / programs.length;
        expect(Math.abs(seen - share)).toBeLessThanOrEqual(fiveSigma(share, programs.length));
      }
    });

    test.each([0, 1])('input %d of each: walls 0.3 and markers 0.15, robot uniform', (example) => {
      expectShares(
        records.map(({ inputs }) => inputs[example]!),
        settings.wallRatio,
        settings.markerRatio,
      );
    });
  },
);

test('the weights are those of the released code, 5:3:3:2:2', () => {
  expect(ACTIONS.map((action) => ACTION_WEIGHTS.released[action])).toEqual([5, 3, 3, 2, 2]);
});

test('the share test fails for a world from other ratios', () => {
  const { walls, others } = shares(randomWorlds(0.12, 0.1));
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
