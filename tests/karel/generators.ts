/** @file Seeded randomness and arbitrary worlds for the tests of this folder. */

import fc from 'fast-check';
import {
  ACTIONS,
  type Action,
  type CorpusRecord,
  type CorpusSettings,
  cloneWorld,
  decodeRecord,
  generateSplit,
  type Program,
  randomInteger,
  randomProgram,
  randomWorld,
  recordLength,
  SpecificationSet,
  type Split,
  weightedActions,
} from '../../src/karel/index.ts';

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

/** A straight line of minLength to maxLength actions, drawn by the weights of the released code. */
export function randomActions(random: () => number, lengths: { minLength: number; maxLength: number }): Action[] {
  const { minLength, maxLength } = lengths;
  const urn = weightedActions('released');
  const length = minLength + randomInteger(random, maxLength - minLength + 1);
  return Array.from({ length }, () => urn[randomInteger(random, urn.length)]!);
}

/** The first records of a split that has no other beside it. */
export function corpusRecords(settings: CorpusSettings, split: Split, count: number, seed: number): CorpusRecord[] {
  const length = recordLength(settings, split);
  const request = { split, count, random: seeded(seed), taken: new SpecificationSet() };
  return [...generateSplit(settings, request)].flatMap((chunk) =>
    Array.from({ length: chunk.length / length }, (_, at) =>
      decodeRecord(settings, chunk.subarray(at * length, (at + 1) * length)),
    ),
  );
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
