/** @file Causal attention, forward, one query at a time. Appendix D. */
import type { Kernels } from '../kernels.ts';
import { type Arithmetic, pmax } from './arithmetic.ts';
import { causalAttentionBackward } from './attention-backward.ts';
import { eachHead, longestSample, product, scaleOf } from './attention-heads.ts';
import { attentionStep } from './attention-step.ts';
import { exp, log } from './exponential.ts';

/** Queries that the fast kernel treats at a time. */
const BLOCK = 8;

/**
 * Scores are added up over the size of a head, exponentials and values over the keys, each from 0 in order. The fast kernel
 * multiplies the values of all keys that any query of its block of eight sees: of a later key than the query, by 0.
 */
function causalAttention(arithmetic: Arithmetic): Kernels['causalAttention'] {
  const { add, mul, div, madd } = arithmetic;
  return (out, logSumExp, qkv, starts, batch, layout) => {
    const { heads, headSize } = layout;
    const width = 3 * heads * headSize;
    const scale = scaleOf(layout);
    const scores = new Float32Array(longestSample(starts, batch));
    eachHead(starts, batch, layout, (at) => {
      for (let q = 0; q < at.length; q++) {
        const end = Math.min(at.length, q - (q % BLOCK) + BLOCK);
        let largest = -Infinity;
        for (let s = 0; s <= q; s++) {
          scores[s] = product(arithmetic, headSize, qkv, at.key + s * width, 1, qkv, at.query + q * width, 1);
          largest = pmax(scores[s]!, largest);
        }
        const shift = -mul(largest, scale);
        let sum = 0;
        for (let s = 0; s <= q; s++) {
          scores[s] = exp(arithmetic, madd(scores[s]!, scale, shift));
          sum = add(sum, scores[s]!);
        }
        scores.fill(0, q + 1, end);
        logSumExp[(at.first + q) * heads + at.head] = add(log(arithmetic, sum), -shift);
        const factor = div(1, sum);
        for (let d = 0; d < headSize; d++) {
          const total = product(arithmetic, end, scores, 0, 1, qkv, at.value + d, width);
          out[at.out + q * heads * headSize + d] = mul(total, factor);
        }
      }
    });
  };
}

type AttentionKernels = Pick<Kernels, 'causalAttention' | 'causalAttentionBackward' | 'attentionStep'>;

export function attentionKernels(arithmetic: Arithmetic): AttentionKernels {
  return {
    causalAttention: causalAttention(arithmetic),
    causalAttentionBackward: causalAttentionBackward(arithmetic),
    attentionStep: attentionStep(arithmetic),
  };
}
