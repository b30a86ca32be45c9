/** @file Whether seeds support a claim. Chapter 10. */
import { holm, rankSumTest, studentTest } from '../probe/statistics/index.ts';
import type { Claim } from './claims.ts';
import { overSeeds } from './over-seeds.ts';
import type { Results } from './results.ts';
import type { ClaimResult, Verdict } from './study-results.ts';

/** Below this corrected p a claim is decided ... */
export const LEVEL = 0.05;
/** ... if there are so many seeds. */
export const FEWEST_SEEDS = 3;

/** Tests the claims over the seeds, with Holm's correction over all of them: one that cannot be tested counts as p = 1 in it. */
export function testClaims(claims: readonly Claim[], runs: readonly Results[]): ClaimResult[] {
  const tested = claims.map((claim) => {
    const found = overSeeds(runs.map(claim.valueOf));
    const known = found.values.filter((value) => value !== null);
    return { claim, found, known, p: claim.ranks ? pOfRanks(known, claim.ranks) : pOfMean(known) };
  });
  const corrected = holm(tested.map(({ p }) => p ?? 1));
  return tested.map(({ claim, found, known, p }, at) => {
    const correctedP = p === null ? null : corrected[at]!;
    const { id, paper, number, ranks } = claim;
    return {
      id,
      claim: claim.claim,
      paper,
      number,
      ...found,
      test: ranks ? 'rank sum' : 'Student',
      p,
      correctedP,
      verdict: verdictOf(known.length, correctedP, found.mean, ranks),
    };
  });
}

function pOfMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : (studentTest(values)?.p ?? null);
}

/** Two-sided, as all tests here: twice the smaller of the two sides. */
function pOfRanks(ranks: readonly number[], of: number): number | null {
  if (ranks.length === 0) return null;
  const low = rankSumTest(ranks, of).p;
  const high = rankSumTest(
    ranks.map((rank) => of + 1 - rank),
    of,
  ).p;
  return Math.min(1, 2 * Math.min(low, high));
}

function verdictOf(seeds: number, p: number | null, mean: number | null, ranks: number | undefined): Verdict {
  if (seeds < FEWEST_SEEDS || p === null || mean === null || p >= LEVEL) return 'undecided';
  const asClaimed = ranks ? mean < (ranks + 1) / 2 : mean > 0;
  return asClaimed ? 'supported' : 'refuted';
}
