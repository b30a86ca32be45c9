/** @file Attention of one new token to a cache. Appendix D. */
import { type Kernels, qkvOffsets } from '../kernels.ts';
import type { Arithmetic } from './arithmetic.ts';
import { product, productOfRows, scaleOf } from './attention-heads.ts';
import { exp } from './exponential.ts';

/** A score is added up as {@link productOfRows} does; exponentials and values are added to 0 in order of the keys. */
export function attentionStep(arithmetic: Arithmetic): Kernels['attentionStep'] {
  const { add, sub, mul, div } = arithmetic;
  return (out, cache, lengths, batch, capacity, layout) => {
    const { heads, headSize } = layout;
    const width = 3 * heads * headSize;
    const scale = scaleOf(layout);
    const scores = new Float32Array(capacity);
    for (let sample = 0; sample < batch; sample++) {
      const row = sample * capacity * width;
      const length = lengths[sample]!;
      for (let head = 0; head < heads; head++) {
        const { query, key, value } = qkvOffsets(layout, head);
        const newest = row + (length - 1) * width + query;
        let largest = -Infinity;
        for (let s = 0; s < length; s++) {
          const dot = productOfRows(arithmetic, headSize, cache, newest, cache, row + s * width + key);
          scores[s] = mul(dot, scale);
          largest = Math.max(largest, scores[s]!);
        }
        let sum = 0;
        for (let s = 0; s < length; s++) {
          scores[s] = exp(arithmetic, sub(scores[s]!, largest));
          sum = add(sum, scores[s]!);
        }
        const factor = div(1, sum);
        for (let d = 0; d < headSize; d++) {
          const total = product(arithmetic, length, scores, 0, 1, cache, row + value + d, width);
          out[(sample * heads + head) * headSize + d] = mul(total, factor);
        }
      }
    }
  };
}
