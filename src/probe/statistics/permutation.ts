/** @file Whether a mean difference could be chance: the sign-flip test over programs. Chapter 13. */
import { ProbeError } from '../errors.ts';
import { checkSample, mean } from './sample.ts';

/** Assignments of signs that are drawn by default. */
export const SIGN_FLIPS = 10_000;

export interface SignFlipOptions {
  /** All assignments of signs are enumerated for up to so many differences other than 0; 16 by default, 24 at most. */
  readonly exactUpTo?: number;
  /** Assignments that are drawn where there are more; {@link SIGN_FLIPS} by default. */
  readonly resamples?: number;
  /** Numbers in [0, 1) of 32 random bits: a bit for each difference that is not 0. Called once for 32 of them in each resample, never by an exact test. */
  readonly random: () => number;
}

export interface SignFlipTest {
  readonly n: number;
  readonly mean: number;
  /** Two-sided. */
  readonly p: number;
  /** How many of the `assignments` have a mean at least as far from 0 as the differences themselves. */
  readonly extreme: number;
  readonly assignments: number;
  /** Whether p is extreme / assignments, of all of them, or estimated from drawn ones. */
  readonly exact: boolean;
}

/**
 * Whether the mean of paired differences, one a cluster (a program), differs from 0. If the two sides were
 * exchangeable, each difference would as likely have had the other sign: p is the share of sign assignments whose mean
 * is at least as far from 0. Fisher 1935, *The Design of Experiments*, section 21.
 *
 * With too many differences to enumerate, the differences themselves count as one more draw, p = (extreme + 1) /
 * (resamples + 1), so that p is never 0 and the test never too eager; Phipson and Smyth 2010. Where the clusters have
 * different sizes, differences of sums test the difference of the totals.
 *
 * Throws `ProbeError` for no differences, one that is not finite, `resamples` that are not a positive whole number, or
 * `exactUpTo` that is not a whole number in 0..24.
 */
export function signFlipTest(
  differences: readonly number[],
  { exactUpTo = 16, resamples = SIGN_FLIPS, random }: SignFlipOptions,
): SignFlipTest {
  checkSample('sign-flip test', differences);
  if (!(Number.isInteger(resamples) && resamples > 0)) throw new ProbeError(`sign-flip test: ${resamples} resamples`);
  if (!(Number.isInteger(exactUpTo) && exactUpTo >= 0 && exactUpTo <= 24)) {
    throw new ProbeError(`sign-flip test: exact up to ${exactUpTo} differences, a whole number in 0..24 is needed`);
  }
  const flipped = Float64Array.from(differences.filter((difference) => difference !== 0)); // 0 has no sign to flip
  const exact = flipped.length <= exactUpTo;
  const assignments = exact ? 1 << flipped.length : resamples;
  const sum = flipped.reduce((total, difference) => total + difference, 0);
  const size = flipped.reduce((total, difference) => total + Math.abs(difference), 0);
  const reached = Math.abs(sum) - ROUNDING * size;

  const sums = sumsByByte(flipped);
  const bytes = sums.length / 256;
  // #region assignments
  let extreme = 0;
  for (let assignment = 0; assignment < assignments; assignment++) {
    let [total, signs] = [0, assignment];
    for (let byte = 0; byte < bytes; byte++) {
      if (!exact && byte % 4 === 0) signs = random() * 0x1_0000_0000;
      total += sums[256 * byte + ((signs >>> (8 * byte)) & 255)]!; // a shift counts modulo 32
    }
    if (Math.abs(total) >= reached) extreme++;
  }
  // #endregion
  const p = exact ? extreme / assignments : (extreme + 1) / (resamples + 1);
  return { n: differences.length, mean: mean(differences), p, extreme, assignments, exact };
}

/** What eight differences add up to with each assignment of signs, a bit for each: 1 turns it. [differences / 8, 256] */
function sumsByByte(differences: Float64Array): Float64Array {
  const sums = new Float64Array(256 * Math.ceil(differences.length / 8));
  differences.forEach((difference, i) => {
    const first = 256 * (i >>> 3);
    for (let signs = 0; signs < 256; signs++)
      sums[first + signs]! += (signs >>> (i & 7)) & 1 ? -difference : difference;
  });
  return sums;
}

/** Sums of other signs that should be equal may differ in their last bits: so near, as a part of all, is a tie. */
const ROUNDING = 1e-12;
