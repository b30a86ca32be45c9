/** @file Causal self-attention over packed samples. Chapter 3. */
import { type HeadLayout, qkvOffsets } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

/** Sum over d of a[atA + d] b[atB + d]. */
function dot(a: FloatArray, atA: number, b: FloatArray, atB: number, size: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += a[atA + d]! * b[atB + d]!;
  return sum;
}

/**
 * out[t] = sum over s <= t of p[t, s] value[s] with p[t, .] = softmax(query[t] . key[s] / sqrt(headSize)), for each head and
 * within each sample. Vaswani et al. (2017), section 3.2.1.
 */
export function causalAttention(
  out: FloatArray, // [tokens, heads x headSize]
  logSumExp: FloatArray, // [tokens, heads]
  qkv: FloatArray, // [tokens, 3 x heads x headSize], queries and keys rotated
  starts: Int32Array, // [batch + 1]
  batch: number,
  layout: HeadLayout,
): void {
  const { heads, headSize } = layout;
  for (let sample = 0; sample < batch; sample++) {
    const begin = starts[sample]!;
    const end = starts[sample + 1]!;
    for (let head = 0; head < heads; head++) {
      for (let t = begin; t < end; t++) {
        const result = (t * heads + head) * headSize;
        logSumExp[t * heads + head] = attend(out, result, qkv, t, begin, t + 1, layout, head);
      }
    }
  }
}

/**
 * One query: token `t` attends to the tokens `begin` to `end` (not included) of qkv. Writes headSize numbers at `result`;
 * returns the logarithm of the sum of the scores' exponentials.
 */
function attend(
  out: FloatArray,
  result: number,
  qkv: FloatArray,
  t: number,
  begin: number,
  end: number,
  layout: HeadLayout,
  head: number,
): number {
  const { heads, headSize } = layout;
  const width = 3 * heads * headSize;
  const { query, key, value } = qkvOffsets(layout, head);
  const scores: number[] = [];
  for (let s = begin; s < end; s++) {
    scores.push(dot(qkv, t * width + query, qkv, s * width + key, headSize) / Math.sqrt(headSize));
  }
  // The largest score is taken out of the softmax, so that no exponential overflows.
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const total = exponentials.reduce((sum, exponential) => sum + exponential, 0);
  for (let d = 0; d < headSize; d++) {
    let sum = 0;
    for (let s = begin; s < end; s++) sum += exponentials[s - begin]! * qkv[s * width + value + d]!;
    out[result + d] = sum / total;
  }
  return largest + Math.log(total);
}

/**
 * The derivative, with the probabilities recomputed from logSumExp. Per query t and key s <= t:
 *
 *     out[t] = sum over s of p[t, s] value[s], so        dvalue[s] += p[t, s] dout[t]  and  dp[t, s] = dout[t] . value[s]
 *     p[t, .] = softmax(score[t, .]), so                 dscore[t, s] = p[t, s] (dp[t, s] - sum over u of p[t, u] dp[t, u])
 *     score[t, s] = query[t] . key[s] / sqrt(size), so   dquery[t] += dscore key[s] / sqrt(size), and likewise dkey[s]
 *
 * The sum over u is dout[t] . out[t]: one product of two rows (Dao et al. 2022, FlashAttention, appendix B).
 */
export function causalAttentionBackward(
  dqkv: FloatArray, // [tokens, 3 x heads x headSize]
  dout: FloatArray, // [tokens, heads x headSize]
  out: FloatArray, // [tokens, heads x headSize]
  logSumExp: FloatArray, // [tokens, heads]
  qkv: FloatArray, // [tokens, 3 x heads x headSize]
  starts: Int32Array, // [batch + 1]
  batch: number,
  layout: HeadLayout,
  accumulate: boolean,
): void {
  const { heads, headSize } = layout;
  const width = 3 * heads * headSize;
  const scale = 1 / Math.sqrt(headSize);
  for (let sample = 0; sample < batch; sample++) {
    const begin = starts[sample]!;
    const end = starts[sample + 1]!;
    if (!accumulate) dqkv.fill(0, begin * width, end * width);
    for (let head = 0; head < heads; head++) {
      const { query, key, value } = qkvOffsets(layout, head);
      for (let t = begin; t < end; t++) {
        const result = (t * heads + head) * headSize;
        const average = dot(dout, result, out, result, headSize);
        for (let s = begin; s <= t; s++) {
          const score = scale * dot(qkv, t * width + query, qkv, s * width + key, headSize);
          const p = Math.exp(score - logSumExp[t * heads + head]!);
          const dp = dot(dout, result, qkv, s * width + value, headSize);
          const dscore = p * (dp - average);
          for (let d = 0; d < headSize; d++) {
            dqkv[s * width + value + d]! += p * dout[result + d]!;
            dqkv[t * width + query + d]! += scale * dscore * qkv[s * width + key + d]!;
            dqkv[s * width + key + d]! += scale * dscore * qkv[t * width + query + d]!;
          }
        }
      }
    }
  }
}

/** Each sample's newest token, the last of its lengths[s] cached rows, attends to all of them, itself included. */
export function attentionStep(
  out: FloatArray, // [batch, heads x headSize]
  cache: FloatArray, // [batch, capacity, 3 x heads x headSize]
  lengths: Int32Array, // [batch]
  batch: number,
  capacity: number,
  layout: HeadLayout,
): void {
  for (let sample = 0; sample < batch; sample++) {
    const begin = sample * capacity;
    const end = begin + lengths[sample]!;
    for (let head = 0; head < layout.heads; head++) {
      const result = (sample * layout.heads + head) * layout.headSize;
      attend(out, result, cache, end - 1, begin, end, layout, head);
    }
  }
}
