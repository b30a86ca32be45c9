/** @file Ranks, and whether their sum over seeds could be chance. Chapter 13. */
import { ProbeError } from '../errors.ts';
import { checkSample } from './sample.ts';

/** The place of a value among all, from 1 for the largest. */
export interface Rank {
  /** Equals share the mean of their places. */
  readonly rank: number;
  /** The last place among its equals. */
  readonly worst: number;
  /** How many values there are. */
  readonly of: number;
}

/** The rank of `values[at]`. Throws `ProbeError` for a value that is not finite, or where there is none at `at`. */
export function rankOf(values: readonly number[], at: number): Rank {
  checkSample('rank', values);
  const value = values[at];
  if (value === undefined) throw new ProbeError(`rank: there is no value ${at} of ${values.length}`);
  const larger = values.filter((other) => other > value).length;
  const equal = values.filter((other) => other === value).length;
  return { rank: larger + (equal + 1) / 2, worst: larger + equal, of: values.length };
}

export interface RankSumTest {
  /** One-sided: how likely so small a sum, or a smaller one, would be. */
  readonly p: number;
  readonly sum: number;
}

/**
 * Whether ranks, one a seed, are smaller than chance gives: P(R_1 + ... + R_k <= their sum) for independent R_i that
 * are 1..of with equal probabilities, by convolution. A rank that ties have left between two whole ones counts as the
 * larger. Where ties are frequent, mean ranks lie closer together than equally likely ones and p is too small: give
 * {@link Rank.worst}, for which p is never below what it should be.
 *
 * Throws `ProbeError` for no ranks, `of` that is not a positive whole number, or a rank that is not in 1..of.
 */
export function rankSumTest(ranks: readonly number[], of: number): RankSumTest {
  checkSample('rank sum test', ranks);
  if (!(Number.isInteger(of) && of >= 1)) throw new ProbeError(`rank sum test: ranks of ${of}, expected 1 or more`);
  const bad = ranks.findIndex((rank) => !(rank >= 1 && rank <= of));
  if (bad !== -1) throw new ProbeError(`rank sum test: rank ${bad} is ${ranks[bad]}, it must lie in 1..${of}`);
  let distribution = [1]; // of the sum of no ranks; [s] is the probability of the sum s
  for (let k = 0; k < ranks.length; k++) distribution = withOneMore(distribution, of);
  const reached = ranks.reduce((sum, rank) => sum + Math.ceil(rank), 0);
  const p = distribution.slice(0, reached + 1).reduce((total, probability) => total + probability, 0);
  return { p: Math.min(1, p), sum: ranks.reduce((sum, rank) => sum + rank, 0) };
}

/** The distribution of a sum with one more rank of 1..of in it. */
function withOneMore(distribution: readonly number[], of: number): number[] {
  const longer = new Array<number>(distribution.length + of).fill(0);
  distribution.forEach((probability, sum) => {
    for (let rank = 1; rank <= of; rank++) longer[sum + rank]! += probability / of;
  });
  return longer;
}
