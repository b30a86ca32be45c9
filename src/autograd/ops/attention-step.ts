/** @file One new token's attention to all before it: what generation with a cache computes. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { exponential } from '../../tensor/functions/exponential.ts';
import { type HeadLayout, qkvOffsets } from '../../tensor/kernels.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Node, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { qkvWidth } from './check.ts';
import { copied, dataOf, input, terms, within } from './element.ts';

export interface Attributes {
  readonly layout: HeadLayout;
}

/**
 * Attention of the last row of `rows` to all rows up to itself: each of `rows` is qkv [tokens, 3 x heads x headSize], already
 * rotated, one after the other, of a single sequence; result [1, heads x headSize]. The same numbers as the last row of
 * `causalAttention`, added up in another order. Has no derivative. Throws {@link ShapeError}.
 */
export function attentionStep(tape: Tape, rows: readonly Variable[], layout: HeadLayout): Variable {
  for (const one of rows) qkvWidth('attentionStep', one, layout);
  if (rows.at(-1)?.value.shape[0] !== 1) throw new ShapeError('attentionStep: the last of its inputs is not one row');
  return tape.apply(attentionStepOp, rows, { layout }).output;
}

export const attentionStepOp: Op<Attributes> = {
  name: 'attentionStep',
  forward(engine, rows, { layout }) {
    const y = engine.empty([1, layout.heads * layout.headSize]);
    const cache = joined(
      engine,
      rows.map((one) => one!),
    );
    const length = cache.shape[0]!;
    engine.kernels.attentionStep(y.data, cache.data, engine.integers([length]), 1, length, layout);
    return { value: y, saved: undefined };
  },
  backward() {
    throw new Error('attentionStep: no derivative, it is for generation alone');
  },
  explain(node, at) {
    const { layout } = node.attributes;
    const { headSize } = layout;
    const [head, d] = [Math.floor(at / headSize), at % headSize];
    const { query, key, value } = qkvOffsets(layout, head);
    const rows = rowsOf(node);
    const own = rows.at(-1)!;
    const scores = rows.map(({ data }) => {
      let sum = 0;
      for (let i = 0; i < headSize; i++) sum += own.data[query + i]! * data[key + i]!;
      return sum / Math.sqrt(headSize);
    });
    const most = Math.max(...scores);
    const powers = scores.map((score) => exponential(score - most));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return {
      formula: 'sum over tokens s of weight[s] value[s], weight = softmax(query . key[s] / sqrt(head size))',
      terms: terms(rows.length, (s) => ({
        source: input(rows[s]!.input, rows[s]!.first + value + d),
        times: within(`weight[${s}]`, powers[s]! / total),
      })),
      again: (engine) => {
        const alone: HeadLayout = { heads: 1, headSize, groups: 1 };
        const to = qkvOffsets(alone, 0);
        const cache = new Float64Array(rows.length * 3 * headSize);
        rows.forEach(({ data }, s) => {
          for (const [from, start] of [
            [query, to.query],
            [key, to.key],
            [value, to.value],
          ] as const) {
            for (let i = 0; i < headSize; i++) cache[s * 3 * headSize + start + i] = data[from + i]!;
          }
        });
        const y = copied(engine, new Float64Array(headSize));
        const lengths = engine.integers([rows.length]);
        engine.kernels.attentionStep(y, copied(engine, cache), lengths, 1, rows.length, alone);
        return y[d]!;
      },
    };
  },
  explainGradient() {
    throw new Error('attentionStep: no derivative, it is for generation alone');
  },
};

/** All rows in one matrix. */
function joined(engine: Engine, rows: readonly Tensor[]): Tensor {
  const width = rows[0]!.shape[1]!;
  const all = engine.empty([rows.reduce((sum, { shape }) => sum + shape[0]!, 0), width]);
  let at = 0;
  for (const { data } of rows) {
    all.data.set(data, at);
    at += data.length;
  }
  return all;
}

/** Each row, in which input it lies, and at which of its elements it begins. */
function rowsOf(node: Node<Attributes>) {
  return node.inputs.flatMap((v, number) => {
    const width = v!.value.shape[1]!;
    return Array.from({ length: v!.value.shape[0]! }, (_, r) => ({
      input: number,
      first: r * width,
      data: dataOf(node, number).subarray(r * width, (r + 1) * width),
    }));
  });
}
