/** @file Causal attention, backward, sixteen queries at a time. Appendix D. */
import type { Kernels } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';
import { eachHead, type Head, longestSample, product, productOfRows, scaleOf } from './attention-heads.ts';
import { exp } from './exponential.ts';

/** Queries whose probabilities are kept at once: sums over queries are cut here. */
const BLOCK = 16;
/** Keys up to the last one that any of so many queries sees count for each of them, if only as a product with 0. */
const HALF = 8;

/**
 * Sums over the size of a head and over keys run from 0 in order. Sums over queries are cut every sixteen: each part is
 * added up from 0 in order, and the parts are added in order. out.dout is added up as {@link productOfRows} does.
 */
export function causalAttentionBackward(arithmetic: Arithmetic): Kernels['causalAttentionBackward'] {
  const { add, sub, mul, madd } = arithmetic;
  return (dqkv, dout, out, logSumExp, qkv, starts, batch, layout, accumulate) => {
    const { heads, headSize } = layout;
    const outWidth = heads * headSize;
    const width = 3 * outWidth;
    const scale = scaleOf(layout);
    const longest = longestSample(starts, batch);
    const probabilities = new Float32Array(longest * BLOCK); // [key][16 queries]
    const dscores = new Float32Array(longest * BLOCK);
    const put = (to: number, value: number, adding: boolean): void => {
      dqkv[to] = adding ? add(dqkv[to]!, value) : value;
    };

    /** Query `q` with keys 0 to end - 1: its probabilities, and the gradients of its scores, times scale. */
    const scoreGradients = (at: Head, q: number, end: number): void => {
      const query = at.query + q * width;
      const result = at.out + q * outWidth;
      const shift = -logSumExp[(at.first + q) * heads + at.head]!;
      const average = productOfRows(arithmetic, headSize, out, result, dout, result);
      for (let s = 0; s < end; s++) {
        const score = product(arithmetic, headSize, qkv, at.key + s * width, 1, qkv, query, 1);
        const p = s <= q ? exp(arithmetic, madd(score, scale, shift)) : 0;
        const dp = product(arithmetic, headSize, qkv, at.value + s * width, 1, dout, result, 1);
        probabilities[s * BLOCK + (q % BLOCK)] = p;
        dscores[s * BLOCK + (q % BLOCK)] = mul(mul(p, sub(dp, average)), scale);
      }
    };

    eachHead(starts, batch, layout, (at) => {
      for (let block = 0; block < at.length; block += BLOCK) {
        const blockEnd = Math.min(at.length, block + BLOCK);
        for (let q = block; q < blockEnd; q++) {
          const end = Math.min(at.length, q - (q % HALF) + HALF);
          scoreGradients(at, q, end);
          for (let d = 0; d < headSize; d++) {
            const sum = product(arithmetic, end, dscores, q % BLOCK, BLOCK, qkv, at.key + d, width);
            put(at.query + q * width + d, sum, accumulate);
          }
          for (let s = end; s < blockEnd; s++) {
            probabilities[s * BLOCK + (q % BLOCK)] = 0;
            dscores[s * BLOCK + (q % BLOCK)] = 0;
          }
        }
        const count = blockEnd - block;
        for (let s = 0; s < blockEnd; s++) {
          // A key of an earlier block has the beginning of its gradient already.
          const adding = s < block || accumulate;
          for (let d = 0; d < headSize; d++) {
            const query = at.query + block * width + d;
            const result = at.out + block * outWidth + d;
            const dkey = product(arithmetic, count, dscores, s * BLOCK, 1, qkv, query, width);
            const dvalue = product(arithmetic, count, probabilities, s * BLOCK, 1, dout, result, outWidth);
            put(at.key + s * width + d, dkey, adding);
            put(at.value + s * width + d, dvalue, adding);
          }
        }
      }
    });
  };
}
