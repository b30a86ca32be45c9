/** @file Whether seeds support a claim. Chapter 13. */

import { holm, rankSumTest, signTest, studentTest } from '../probe/statistics/index.ts';
import { power } from '../tensor/functions/power.ts';
import type { Claim } from './claims.ts';
import { overSeeds } from './over-seeds.ts';
import type { Results } from './results.ts';
import type { ClaimResult, ClaimTest, Verdict } from './study-results.ts';

/** Below this corrected p a claim is decided ... */
export const LEVEL = 0.05;
/** ... if there are so many seeds. */
export const FEWEST_SEEDS = 3;

/**
 * Tests the claims over the seeds, with Holm's correction over all of them. A claim that lacks the number of any seed is not
 * tested, and undecided; in the correction it counts as p = 1.
 */
export function testClaims(claims: readonly Claim[], runs: readonly Results[]): ClaimResult[] {
  const tested = claims.map((claim) => {
    const found = overSeeds(runs.map(claim.valueOf));
    const known = found.values.filter((value) => value !== null);
    const complete = known.length > 0 && known.length === runs.length;
    return { claim, found, ...(complete ? testOf(claim, known) : { test: claim.test, p: null }) };
  });
  const corrected = holm(tested.map(({ p }) => p ?? 1));
  return tested.map(({ claim, found, test, p }, at) => {
    const correctedP = p === null ? null : corrected[at]!;
    const { id, paper, number, ranks } = claim;
    return {
      id,
      claim: claim.claim,
      paper,
      number,
      ...found,
      // An interval of Student's says nothing of ranks, nor of values that mostly tie.
      interval: claim.test === 'Student' ? found.interval : null,
      seedsWithout: runs.filter((_, seed) => found.values[seed] === null).map(({ seed }) => seed),
      test,
      p,
      correctedP,
      fewestSeeds: fewestSeeds(claim, claims.length),
      verdict: verdictOf(runs.length, correctedP, found.mean, ranks),
    };
  });
}

/** All two-sided. Equal values have no deviation, so that Student's test cannot be made: their signs are counted. */
function testOf(claim: Claim, values: readonly number[]): { test: ClaimTest; p: number } {
  if (claim.test === 'rank sum') return { test: 'rank sum', p: pOfRanks(values, claim.ranks!) };
  const student = claim.test === 'Student' ? studentTest(values) : null;
  return student ? { test: 'Student', p: student.p } : { test: 'sign', p: signTest(values).p };
}

/** Twice the smaller of the two sides. */
function pOfRanks(ranks: readonly number[], of: number): number {
  const low = rankSumTest(ranks, of).p;
  const high = rankSumTest(
    ranks.map((rank) => of + 1 - rank),
    of,
  ).p;
  return Math.min(1, 2 * Math.min(low, high));
}

/**
 * With fewer seeds no outcome supports the claim by itself: the least p that its test can give, times the number of claims,
 * is not below {@link LEVEL}. Student's p has no least value.
 */
function fewestSeeds({ test, ranks }: Pick<Claim, 'test' | 'ranks'>, claims: number): number {
  const leastP = {
    Student: () => 0,
    sign: (k: number) => power(2, 1 - k),
    'rank sum': (k: number) => 2 * power(ranks!, -k),
  };
  let seeds = FEWEST_SEEDS;
  while (claims * leastP[test](seeds) >= LEVEL) seeds++;
  return seeds;
}

function verdictOf(seeds: number, p: number | null, mean: number | null, ranks: number | undefined): Verdict {
  if (seeds < FEWEST_SEEDS || p === null || mean === null || p >= LEVEL) return 'undecided';
  const asClaimed = ranks ? mean < (ranks + 1) / 2 : mean > 0;
  return asClaimed ? 'supported' : 'refuted';
}
