/** @file Normally distributed numbers out of uniform ones. Chapter 6. */

import { logarithm } from '../tensor/functions/logarithm.ts';
import { cosine, sine } from '../tensor/functions/trigonometry.ts';

/**
 * Numbers from N(0, 1), by Box and Muller (1958): two uniform numbers give a point in the plane whose coordinates are
 * independent and normal. `random` gives numbers in [0, 1).
 */
export function standardNormal(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second;
    }
    const radius = Math.sqrt(-2 * logarithm(1 - random())); // 1 - u is in (0, 1]: its logarithm is finite
    const angle = 2 * Math.PI * random();
    spare = radius * sine(angle);
    return radius * cosine(angle);
  };
}
