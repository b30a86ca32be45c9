/** @file What the attention kernels share: how they multiply rows, and the samples and heads they go through. Appendix D. */
import { type HeadLayout, qkvOffsets } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import type { Arithmetic } from './arithmetic.ts';

/** What scores are multiplied by. */
export const scaleOf = ({ headSize }: HeadLayout): number => Math.fround(1 / Math.sqrt(headSize));

/**
 * Sum of `count` products, added to 0 in order, as a tile does for an element of a matrix product. The factors are found
 * from `atA` and `atB` on, `stepA` and `stepB` elements apart.
 */
export function product(
  { madd }: Arithmetic,
  count: number,
  a: FloatArray,
  atA: number,
  stepA: number,
  b: FloatArray,
  atB: number,
  stepB: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = madd(a[atA + i * stepA]!, b[atB + i * stepB]!, sum);
  return sum;
}

/** Sum of `count` products of neighbours: four sums, each of every fourth product, then (0 + 2) + (1 + 3). */
export function productOfRows(
  { add, madd }: Arithmetic,
  count: number,
  a: FloatArray,
  atA: number,
  b: FloatArray,
  atB: number,
): number {
  const lane = (first: number) => {
    let sum = 0;
    for (let i = first; i < count; i += 4) sum = madd(a[atA + i]!, b[atB + i]!, sum);
    // A last, partial vector has zeros in its other lanes.
    return count % 4 > 0 && first >= count % 4 ? add(sum, 0) : sum;
  };
  return add(add(lane(0), lane(2)), add(lane(1), lane(3)));
}

/** One head of one sample: the sample's first token and number of tokens, and where its numbers are in the first one's row. */
export interface Head {
  readonly head: number;
  readonly first: number;
  readonly length: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  /** Of the head's first output. */
  readonly out: number;
}

export function eachHead(starts: Int32Array, batch: number, layout: HeadLayout, body: (head: Head) => void): void {
  const { heads, headSize } = layout;
  for (let sample = 0; sample < batch; sample++) {
    const first = starts[sample]!;
    const length = starts[sample + 1]! - first;
    const row = first * 3 * heads * headSize;
    for (let head = 0; head < heads; head++) {
      const { query, key, value } = qkvOffsets(layout, head);
      const out = (first * heads + head) * headSize;
      body({ head, first, length, query: row + query, key: row + key, value: row + value, out });
    }
  }
}

/** Length of the longest sample. */
export function longestSample(starts: Int32Array, batch: number): number {
  let longest = 0;
  for (let sample = 0; sample < batch; sample++) longest = Math.max(longest, starts[sample + 1]! - starts[sample]!);
  return longest;
}
