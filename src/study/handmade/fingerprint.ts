/**
 * @file A fingerprint of a prompt, as five heads and a layer of switches compute it: bits that tell specifications apart. Appendix J.
 *
 * Each head weighs the tokens before CODE by how far back they are, by rotary position embedding alone, and gives the weighted
 * share of each kind of cell. A bit says in which quarter, or other part, a random sum of those shares lies: 0, 1, 0 or 1, so that neighbours differ.
 */
import { TOKEN } from '../../karel/index.ts';
import type { RandomStream } from '../../random.ts';
import { exponential } from '../../tensor/functions/exponential.ts';
import { power } from '../../tensor/functions/power.ts';
import { cosine } from '../../tensor/functions/trigonometry.ts';
import { standardNormal } from '../../transformer/index.ts';
import { StudyError } from '../errors.ts';

/** Kinds of cells that count, each with its channel; an empty cell is none. Several markers count as often. */
export const KINDS = 6;

/** By which kind, and how much, this token counts; undefined for one that does not. */
export function kindOf(token: number): { readonly kind: number; readonly count: number } | undefined {
  if (token === TOKEN.WALL) return { kind: 0, count: 1 };
  if (token >= TOKEN.MARKERS_1 && token <= TOKEN.MARKERS_9) return { kind: 1, count: token - TOKEN.EMPTY };
  if (token >= TOKEN.ROBOT_UP && token <= TOKEN.ROBOT_LEFT) return { kind: 2 + token - TOKEN.ROBOT_UP, count: 1 };
  return undefined;
}

/** For each head and frequency an amplitude [nats] and a phase: the score of a token so far back is the sum of cosines. */
export type Profile = readonly { readonly amplitude: number; readonly phase: number }[];

export interface Fingerprints {
  /** [heads][rotary / 2] */
  readonly profiles: readonly Profile[];
  /** Each bit's random sum of shares [heads x kinds], and where it changes from 0 to 1 or back. */
  readonly bits: readonly {
    readonly weights: readonly number[];
    readonly thresholds: readonly number[];
    readonly gap: number;
  }[];
  /** Of each prompt, 0 or 1. [prompts][bits] */
  readonly codes: readonly Uint8Array[];
}

export interface FingerprintSizes {
  readonly heads: number;
  readonly rotary: number;
  readonly bits: number;
}

/** Nats: wide enough for heads to differ, narrow enough for each token to count. */
const AMPLITUDE = 0.7;
/** Of a random sum's deviation: so near to its threshold a bit may be neither 0 nor 1. */
const GAP = 0.001;
/**
 * Where a bit changes, in shares of the prompts: at the quarters; or, for more specifications, in the tails as well, where those lie
 * that are alike in what is rare.
 */
const QUANTILES = [
  [0.25, 0.5, 0.75],
  [0.03, 0.14, 0.38, 0.62, 0.86, 0.97],
] as const;
/** In how many bits any two prompts must differ at least, so that one that wavers does no harm. */
export const LEAST_DIFFERENCE = 3;

/** Throws {@link StudyError} when two prompts have nearly the same bits. */
export function fingerprintsOf(
  prompts: readonly Uint8Array[],
  { heads, rotary, bits }: FingerprintSizes,
  random: RandomStream,
): Fingerprints {
  const profiles = Array.from({ length: heads }, () =>
    Array.from({ length: rotary / 2 }, () => ({
      amplitude: AMPLITUDE * (1 + random()),
      phase: 2 * Math.PI * random(),
    })),
  );
  const weights = profiles.map((profile) => attentionTo(profile, prompts[0]!.length));
  const shares = prompts.map((prompt) => sharesOf(prompt, weights));
  let least = 0;
  for (const quantiles of QUANTILES) {
    const { silent, ...found } = bitsOf(shares, bits, quantiles, random);
    least = leastDifference([silent, ...found.codes]);
    if (least >= LEAST_DIFFERENCE) return { profiles, ...found };
  }
  throw new StudyError(
    `handmade: two of ${prompts.length} specifications differ in ${least} bits, ${LEAST_DIFFERENCE} are needed`,
  );
}

/** Bits of random sums of the shares [prompts][heads x kinds]; `silent` is the code of a token that gathers nothing. */
function bitsOf(
  shares: readonly (readonly number[])[],
  count: number,
  quantiles: readonly number[],
  random: RandomStream,
): Omit<Fingerprints, 'profiles'> & { readonly silent: Uint8Array } {
  const deviations = shares[0]!.map((_, at) => deviation(shares.map((row) => row[at]!)));
  const normal = standardNormal(random);
  const drawn = Array.from({ length: count }, () => {
    const sums = deviations.map((size) => (size > 0 ? normal() / size : 0));
    const values = shares.map((row) => row.reduce((sum, share, at) => sum + share * sums[at]!, 0));
    const sorted = values.toSorted((a, b) => a - b);
    const thresholds = quantiles.map((share) => {
      const at = Math.floor(share * sorted.length);
      return ((sorted[at - 1] ?? sorted[0]!) + sorted[at]!) / 2; // between two prompts, on none
    });
    return { weights: sums, thresholds, gap: GAP * (deviation(values) || 1), values };
  });
  const bitOf = (value: number, thresholds: readonly number[]): number =>
    thresholds.filter((threshold) => value > threshold).length % 2;
  return {
    bits: drawn.map(({ values: _, ...bit }) => bit),
    codes: shares.map((_, index) =>
      Uint8Array.from(drawn, ({ values, thresholds }) => bitOf(values[index]!, thresholds)),
    ),
    silent: Uint8Array.from(drawn, ({ thresholds }) => bitOf(0, thresholds)),
  };
}

/** How much of its attention CODE, the last of `length` tokens, gives to each. [length] */
function attentionTo(profile: Profile, length: number): number[] {
  const scores = Array.from({ length }, (_, at) =>
    profile.reduce(
      (sum, { amplitude, phase }, i) =>
        sum + amplitude * cosine((length - 1 - at) / power(10000, i / profile.length) - phase),
      0,
    ),
  );
  const exponentials = scores.map(exponential);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

/** The attention that goes to each kind. [heads x kinds] */
function sharesOf(prompt: Uint8Array, weights: readonly (readonly number[])[]): number[] {
  const shares: number[] = new Array(weights.length * KINDS).fill(0);
  prompt.forEach((token, at) => {
    const found = kindOf(token);
    if (found)
      weights.forEach((toward, head) => void (shares[head * KINDS + found.kind]! += toward[at]! * found.count));
  });
  return shares;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}

/** The least number of bits in which two codes differ. */
function leastDifference(codes: readonly Uint8Array[]): number {
  const words = Math.ceil(codes[0]!.length / 32);
  const packed = new Uint32Array(codes.length * words);
  codes.forEach((code, index) => {
    code.forEach((bit, at) => {
      packed[index * words + (at >> 5)]! |= bit << (at & 31);
    });
  });
  let least = codes[0]!.length;
  for (let a = 1; a < codes.length; a++) {
    for (let b = 0; b < a; b++) {
      let different = 0;
      for (let word = 0; word < words; word++) different += ones(packed[a * words + word]! ^ packed[b * words + word]!);
      if (different < least) least = different;
    }
  }
  return least;
}

/** How many bits of a 32-bit word are 1: pairs, fours and eights are added up side by side. */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
