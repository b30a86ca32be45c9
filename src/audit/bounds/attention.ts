/** @file Bounds for attention, forward and backward. Appendix E. */
import { type FloatArray, type HeadLayout, type Kernels, qkvOffsets } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { add, type Bounded, constant, div, exact, exp, gamma, log, madd, mul, sub, sum, TINY } from './rounding.ts';

type Bounds = {
  readonly [K in 'causalAttention' | 'causalAttentionBackward']: (
    errors: Errors,
    ...args: Parameters<Kernels[K]>
  ) => void;
};

const FORMULA = 'each rounding; exp 2e-7, log 1e-7; products gamma(head size), sums gamma(tokens)';
/** Queries whose part in the gradients of keys and values is added up before it is added to the others'. */
const BLOCK = 16;

/** Product of two rows: each term is rounded once and passes through `additions`. */
function dot(size: number, additions: number, a: FloatArray, atA: number, b: FloatArray, atB: number): Bounded {
  let [value, magnitude] = [0, 0];
  for (let d = 0; d < size; d++) {
    const product = a[atA + d]! * b[atB + d]!;
    value += product;
    magnitude += Math.abs(product);
  }
  return { value, error: gamma(additions + 1) * magnitude + size * TINY };
}

/** Sum of factor x: each product is rounded and passes through at most as many additions as there are. */
function weightedSum(factors: readonly Bounded[], x: (s: number) => number): Bounded {
  let [value, magnitude, inherited] = [0, 0, 0];
  for (let s = 0; s < factors.length; s++) {
    const product = factors[s]!.value * x(s);
    value += product;
    magnitude += Math.abs(product);
    inherited += factors[s]!.error * Math.abs(x(s)) + TINY;
  }
  const growth = gamma(factors.length + 1);
  return { value, error: inherited * (1 + growth) + growth * magnitude };
}

interface Head {
  readonly head: number;
  readonly first: number;
  readonly length: number;
  /** Of this token of the sample: where its query, key and value are, and its output. */
  readonly query: (t: number) => number;
  readonly key: (t: number) => number;
  readonly value: (t: number) => number;
  readonly out: (t: number) => number;
}

function eachHead(starts: Int32Array, batch: number, layout: HeadLayout, body: (head: Head) => void): void {
  const { heads, headSize } = layout;
  const width = 3 * heads * headSize;
  for (let sample = 0; sample < batch; sample++) {
    const first = starts[sample]!;
    for (let head = 0; head < heads; head++) {
      const { query, key, value } = qkvOffsets(layout, head);
      const place = (offset: number) => (t: number) => (first + t) * width + offset;
      const out = (t: number) => ((first + t) * heads + head) * headSize;
      const length = starts[sample + 1]! - first;
      body({ head, first, length, query: place(query), key: place(key), value: place(value), out });
    }
  }
}

export const attentionBounds: Bounds = {
  /**
   * weights exp(score scale + shift) / sum. The fast kernel rounds shift = -largest scale, and takes that same number everywhere:
   * its rounding cancels, whatever it is.
   */
  causalAttention(errors, out, logSumExp, qkv, starts, batch, layout) {
    const { heads, headSize } = layout;
    const scale = constant(1 / Math.sqrt(headSize));
    const outputs: Bounded[] = [];
    const sums: Bounded[] = [];
    eachHead(starts, batch, layout, (at) => {
      for (let t = 0; t < at.length; t++) {
        const scores = Array.from({ length: t + 1 }, (_, s) =>
          dot(headSize, headSize - 1, qkv, at.query(t), qkv, at.key(s)),
        );
        const shift = exact(-Math.max(...scores.map(({ value }) => value)) * scale.value);
        const weights = scores.map((score) => exp(madd(score, scale, shift)));
        const total = sum(weights, t + 1);
        sums[(at.first + t) * heads + at.head] = add(log(total), exact(-shift.value));
        const factor = div(exact(1), total);
        for (let d = 0; d < headSize; d++) {
          outputs[at.out(t) + d] = mul(
            weightedSum(weights, (s) => qkv[at.value(s) + d]!),
            factor,
          );
        }
      }
    });
    errors.put(out, FORMULA, false, (i) => outputs[i]!);
    errors.put(logSumExp, FORMULA, false, (i) => sums[i]!);
  },

  /** See `reference/attention.ts` for the derivative. */
  causalAttentionBackward(errors, dqkv, dout, out, logSumExp, qkv, starts, batch, layout, accumulate) {
    const { heads, headSize } = layout;
    const scale = constant(1 / Math.sqrt(headSize));
    const value = new Float64Array(dqkv.length);
    const magnitude = new Float64Array(dqkv.length);
    const inherited = new Float64Array(dqkv.length);
    const additions = new Float64Array(dqkv.length);
    /** Adds factor x to what element `to` is the sum of. */
    const term = (to: number, factor: Bounded, x: number, count: number): void => {
      value[to]! += factor.value * x;
      magnitude[to]! += Math.abs(factor.value * x);
      inherited[to]! += factor.error * Math.abs(x) + TINY;
      additions[to] = count;
    };
    eachHead(starts, batch, layout, (at) => {
      const overQueries = BLOCK + Math.ceil(at.length / BLOCK);
      for (let t = 0; t < at.length; t++) {
        const average = dot(headSize, Math.ceil(headSize / 4) + 2, out, at.out(t), dout, at.out(t));
        const shift = exact(-logSumExp[(at.first + t) * heads + at.head]!);
        for (let s = 0; s <= t; s++) {
          const score = dot(headSize, headSize - 1, qkv, at.query(t), qkv, at.key(s));
          const p = exp(madd(score, scale, shift));
          const dp = dot(headSize, headSize - 1, dout, at.out(t), qkv, at.value(s));
          const dscore = mul(mul(p, sub(dp, average)), scale);
          for (let d = 0; d < headSize; d++) {
            term(at.query(t) + d, dscore, qkv[at.key(s) + d]!, t + 1);
            term(at.key(s) + d, dscore, qkv[at.query(t) + d]!, overQueries);
            term(at.value(s) + d, p, dout[at.out(t) + d]!, overQueries);
          }
        }
      }
    });
    errors.put(dqkv, FORMULA, accumulate, (i) => {
      const growth = gamma(additions[i]! + 1);
      return { value: value[i]!, error: inherited[i]! * (1 + growth) + growth * magnitude[i]! };
    });
  },
};
