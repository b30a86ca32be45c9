/** @file Reproducible numbers for tests. */

/** Uniform numbers in [0, 1) from a seed: a linear congruential generator (Numerical Recipes), the high bits. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** `count` numbers between -1 and 1. */
export function values(count: number, seed = 1): Float64Array {
  const random = uniform(seed);
  return Float64Array.from({ length: count }, () => 2 * random() - 1);
}
