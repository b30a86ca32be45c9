/** @file Causal attention. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { exponential } from '../../tensor/functions/exponential.ts';
import { type HeadLayout, qkvOffsets } from '../../tensor/kernels.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Node, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { qkvWidth } from './check.ts';
import { copied, dataOf, gradient, gradientOf, input, terms, within } from './element.ts';

export interface Attributes {
  /** Row of each sample's first token, and the number of tokens in all [samples + 1]. */
  readonly starts: Int32Array;
  readonly layout: HeadLayout;
}

export interface Saved {
  /** Logarithm of the sum of exp(score) of each token's head [tokens, heads]. */
  readonly logSumExp: FloatArray;
}

/**
 * Each token's heads attend to the tokens of the same sample up to itself: qkv [tokens, 3 x heads x headSize], already
 * rotated; starts [batch + 1] (from `engine.integers`), from 0 to tokens; result [tokens, heads x headSize]. As
 * `torch.nn.functional.scaled_dot_product_attention` with `is_causal`, sample by sample. Throws {@link ShapeError}.
 */
export function causalAttention(tape: Tape, qkv: Variable, starts: Int32Array, layout: HeadLayout): Variable {
  qkvWidth('causalAttention', qkv, layout);
  const tokens = qkv.value.shape[0]!;
  const batch = starts.length - 1;
  if (starts[0] !== 0 || starts[batch] !== tokens || starts.some((start, s) => s > 0 && start < starts[s - 1]!)) {
    throw new ShapeError(`causalAttention: starts ${starts.join(', ')} do not rise from 0 to ${tokens} tokens`);
  }
  return tape.apply(causalAttentionOp, [qkv], { starts, layout }).output;
}

export const causalAttentionOp: Op<Attributes, Saved> = {
  name: 'causalAttention',
  forward(engine, [qkv], { starts, layout }) {
    const tokens = qkv!.shape[0]!;
    const y = engine.empty([tokens, layout.heads * layout.headSize]);
    const logSumExp = engine.empty([tokens, layout.heads]).data;
    engine.kernels.causalAttention(y.data, logSumExp, qkv!.data, starts, starts.length - 1, layout);
    return { value: y, saved: { logSumExp } };
  },
  backward(tape, { inputs: [qkv], attributes: { starts, layout }, output, saved: { logSumExp } }, dy) {
    // forward: y = softmax(query key^T / sqrt(headSize)) value, so: see causalAttentionBackward of the reference kernels
    const { data, accumulate } = tape.gradientOf(qkv!);
    const [y, x, batch] = [output.value.data, qkv!.value.data, starts.length - 1];
    tape.engine.kernels.causalAttentionBackward(data, dy, y, logSumExp, x, starts, batch, layout, accumulate);
  },
  explain(node, at) {
    const { layout } = node.attributes;
    const width = layout.heads * layout.headSize;
    const [token, j] = [Math.floor(at / width), at % width];
    const [head, d] = [Math.floor(j / layout.headSize), j % layout.headSize];
    const { first } = sampleOf(node.attributes, token);
    const own = headOf(node, head, first, token + 1); // later tokens have no part in it
    const weights = attentionWeights(node, head, first, token);
    const value = qkvOffsets(layout, head).value + d;
    return {
      formula: 'sum over tokens s of weight[s] value[s], weight = softmax(query . key[s] / sqrt(head size))',
      terms: terms(own.length, (s) => ({
        source: input(0, (first + s) * 3 * width + value),
        times: within(`weight[${s}]`, weights[s]!),
      })),
      again: (engine) => forwardOfHead(engine, own).y[(token - first) * layout.headSize + d]!,
    };
  },
  explainGradient(node, _, at) {
    const { layout } = node.attributes;
    const width = 3 * layout.heads * layout.headSize;
    const [token, j] = [Math.floor(at / width), at % width];
    const { head, part, d } = placeInHead(layout, j);
    const { first, end } = sampleOf(node.attributes, token);
    const own = headOf(node, head, first, end);
    const { headSize } = layout;
    const dy = gradientOf(node);
    const place = (s: number, i: number): number => (first + s) * layout.heads * headSize + head * headSize + i;
    const formulas = {
      query: 'sum over tokens s of dscore[s] key[s] / sqrt(head size), dscore = weight (dy . value[s] - dy . y)',
      key: 'sum over later tokens t of dscore[t] query[t] / sqrt(head size), dscore = weight (dy[t] . value - dy[t] . y[t])',
      value: 'sum over later tokens t of weight[t] dy[t]',
    };
    const t = token - first;
    return {
      formula: formulas[part],
      terms:
        part === 'query'
          ? terms(headSize, (i) => ({ source: gradient(place(t, i)) }))
          : terms(own.length - t, (s) => ({
              source: gradient(place(t + s, d)),
              times: within(`weight[${t + s}]`, attentionWeights(node, head, first, token + s)[t]!),
            })),
      again: (engine, before) => {
        const { layout: alone, x, starts } = oneHead(engine, own);
        const dx = copied(engine, new Float64Array(x.length).fill(before ?? 0));
        const part_ = (data: FloatArray, each: number, start: number): FloatArray =>
          copied(
            engine,
            Float64Array.from({ length: own.length * each }, (_, i) => {
              return data[(first + Math.floor(i / each)) * layout.heads * each + start + (i % each)]!;
            }),
          );
        const [d_, y] = [dy, node.output.value.data].map((data) => part_(data, headSize, head * headSize)) as [
          FloatArray,
          FloatArray,
        ];
        const logSumExp = part_(node.saved.logSumExp, 1, head);
        engine.kernels.causalAttentionBackward(dx, d_, y, logSumExp, x, starts, 1, alone, before !== undefined);
        return dx[t * 3 * headSize + qkvOffsets(alone, 0)[part] + d]!;
      },
    };
  },
};

/** A head's rows of one sample, as if it were the only one: [length, 3 x headSize]. */
interface OneHead {
  readonly rows: Float64Array;
  readonly length: number;
  readonly headSize: number;
}

function headOf(node: Node<Attributes, Saved>, head: number, first: number, end: number): OneHead {
  const { layout } = node.attributes;
  const { headSize } = layout;
  const [x, width, from] = [dataOf(node, 0), 3 * layout.heads * headSize, qkvOffsets(layout, head)];
  const to = qkvOffsets({ heads: 1, headSize, groups: 1 }, 0);
  const rows = new Float64Array((end - first) * 3 * headSize);
  for (let s = 0; s < end - first; s++) {
    for (const part of ['query', 'key', 'value'] as const) {
      for (let d = 0; d < headSize; d++) {
        rows[s * 3 * headSize + to[part] + d] = x[(first + s) * width + from[part] + d]!;
      }
    }
  }
  return { rows, length: end - first, headSize };
}

function oneHead(engine: Engine, { rows, length, headSize }: OneHead) {
  return { x: copied(engine, rows), starts: engine.integers([0, length]), layout: { heads: 1, headSize, groups: 1 } };
}

function forwardOfHead(engine: Engine, own: OneHead): { readonly y: FloatArray } {
  const { x, starts, layout } = oneHead(engine, own);
  const y = engine.empty([own.length, own.headSize]).data;
  engine.kernels.causalAttention(y, engine.empty([own.length, 1]).data, x, starts, 1, layout);
  return { y };
}

/** First row of the token's sample, and the one behind its last. */
function sampleOf({ starts }: Attributes, token: number): { first: number; end: number } {
  const behind = starts.findIndex((start) => start > token);
  return { first: starts[behind - 1]!, end: starts[behind]! };
}

function placeInHead(layout: HeadLayout, j: number): { head: number; part: 'query' | 'key' | 'value'; d: number } {
  for (let head = 0; head < layout.heads; head++) {
    const offsets = qkvOffsets(layout, head);
    for (const part of ['query', 'key', 'value'] as const) {
      if (j >= offsets[part] && j < offsets[part] + layout.headSize) return { head, part, d: j - offsets[part] };
    }
  }
  throw new Error(`causalAttention: a row has no number ${j}`);
}

/** How much the token's head reads of each token of its sample up to itself, in Float64: exp(score - logSumExp). */
function attentionWeights(node: Node<Attributes, Saved>, head: number, first: number, token: number): Float64Array {
  const { layout } = node.attributes;
  const [x, width, { query, key }] = [dataOf(node, 0), 3 * layout.heads * layout.headSize, qkvOffsets(layout, head)];
  return Float64Array.from({ length: token - first + 1 }, (_, s) => {
    let score = 0;
    for (let d = 0; d < layout.headSize; d++) {
      score += x[token * width + query + d]! * x[(first + s) * width + key + d]!;
    }
    return exponential(score / Math.sqrt(layout.headSize) - node.saved.logSumExp[token * layout.heads + head]!);
  });
}
