/** @file The sign test: whether values lie on one side of 0 more often than chance gives. Chapter 13. */
import { power } from '../../tensor/functions/power.ts';
import { checkSample } from './sample.ts';

export interface SignTest {
  readonly above: number;
  readonly below: number;
  /** Two-sided, exact. */
  readonly p: number;
}

/**
 * Of the values that are not 0, how many lie above it; if both sides were equally likely, at least as uneven a count would
 * have the probability p, which is 1 where all are 0. It asks nothing of how the values are spread: equal ones are as good as
 * others. As R `binom.test(above, above + below)`.
 *
 * Throws `ProbeError` for no values, and for a value that is not finite.
 */
export function signTest(values: readonly number[]): SignTest {
  checkSample('sign test', values);
  const above = values.filter((value) => value > 0).length;
  const below = values.filter((value) => value < 0).length;
  const n = above + below;
  let tail = 0; // P(X <= the smaller count)
  let probability = power(0.5, n); // of X = k: n choose k / 2^n
  for (let k = 0; k <= Math.min(above, below); k++) {
    tail += probability;
    probability *= (n - k) / (k + 1);
  }
  return { above, below, p: Math.min(1, 2 * tail) };
}
