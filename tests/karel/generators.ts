/** @file Seeded randomness and arbitrary worlds for the tests of this folder. Chapter 1. */

import fc from 'fast-check';
import { ACTIONS, cloneWorld, type Program, randomProgram, randomWorld } from '../../src/karel/index.ts';

/** Marsaglia's xorshift32 as numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let skip = 0; skip < 8; skip++) next();
  return next;
}

const seed = fc.integer({ min: 1 });

export const anyActions = fc.array(fc.constantFrom(...ACTIONS), { maxLength: 30 });

/** A world of 1x1 to 6x5 cells with up to nine markers on any cell but a wall, the robot's own included. */
export const anyWorld = fc
  .record({ seed, width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 5 }) })
  .map(({ seed, width, height }) => {
    const random = seeded(seed);
    const world = randomWorld(random, { width, height, wallRatio: 0.2 });
    for (let cell = 0; cell < width * height; cell++) {
      if (world.walls[cell] === 0 && random() < 0.3) world.markers[cell] = Math.floor(random() * 10);
    }
    return world;
  });

/** `anyWorld` without markers under the robot: what a drawing can show. */
export const drawnWorld = anyWorld.map((world) => {
  const drawn = cloneWorld(world);
  drawn.markers[drawn.y * drawn.width + drawn.x] = 0;
  return drawn;
});

export const anyProgram: fc.Arbitrary<Program> = seed.map((value) => randomProgram(seeded(value)));
