/** @file A model reads one sequence, and nothing of it is forgotten: every activation of every token. Appendix C. */
import { causalAttention, Tape, type Variable } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import { exponential } from '../tensor/functions/exponential.ts';
import { qkvOffsets } from '../tensor/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { pack } from './batch.ts';
import type { CodeGen } from './model.ts';
import { type TapName, type Taps, tapNames } from './taps.ts';

/** Queries, keys and values as attention reads them: `attn.qkv_proj` after the rotary embedding. [tokens, 3 n_embd] */
export type RotatedName = `h.${number}.attn.rotated`;
export type ActivationName = TapName | RotatedName;

export interface Activation {
  /** [tokens, width], outside of the engine's memory. */
  readonly data: FloatArray;
  readonly width: number;
}

export interface Reading {
  readonly tokens: readonly number[];
  /** Those of `tapNames`, and the rotated queries, keys and values of each block. */
  readonly activations: ReadonlyMap<ActivationName, Activation>;
}

/**
 * One forward pass over a whole sequence. `edits` may replace activations, see `Taps`; what is returned is what the model went
 * on with. Throws `BatchError` for an unknown token or too long a sequence, `ConfigError` for an unknown tap.
 */
export function readSequence(engine: Engine, model: CodeGen, tokens: ArrayLike<number>, edits: Taps = {}): Reading {
  const activations = new Map<ActivationName, Activation>();
  const keep = (name: ActivationName, { value }: Variable): void => {
    activations.set(name, { data: value.data.slice(), width: value.shape[1]! });
  };
  engine.scope(() => {
    const batch = pack(engine, [tokens]);
    const tape = new Tape(engine, { recording: false });
    const taps = tapNames(model.config).map((name) => [
      name,
      (activation: Variable): Variable | undefined => {
        const edited = edits[name]?.(activation);
        keep(name, edited ?? activation);
        return edited;
      },
    ]);
    model.forward(tape, batch, {
      taps: Object.fromEntries(taps) as Taps,
      attend: (layer, qkv) => {
        keep(`h.${layer}.attn.rotated`, qkv);
        return causalAttention(tape, qkv, batch.starts, model.layout);
      },
    });
  });
  return { tokens: Array.from(tokens), activations };
}

/** query[token] . key[s] / sqrt(head size) for each s up to the token itself, in Float64. [token + 1] */
export function attentionScores(
  reading: Reading,
  model: CodeGen,
  layer: number,
  head: number,
  token: number,
): Float64Array {
  const { data, width } = reading.activations.get(`h.${layer}.attn.rotated`)!;
  const { query, key } = qkvOffsets(model.layout, head);
  const { headSize } = model.layout;
  return Float64Array.from({ length: token + 1 }, (_, s) => {
    let sum = 0;
    for (let d = 0; d < headSize; d++) sum += data[token * width + query + d]! * data[s * width + key + d]!;
    return sum / Math.sqrt(headSize);
  });
}

/** How much a token reads of each token up to itself: softmax of the scores, which adds up to 1. [token + 1] */
export function attentionWeights(
  reading: Reading,
  model: CodeGen,
  layer: number,
  head: number,
  token: number,
): Float64Array {
  return softmax(attentionScores(reading, model, layer, head, token));
}

/** exp(x) / sum of exp(x), in Float64; the largest is taken out first, so that nothing overflows. */
export function softmax(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const most = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = all.map((value) => exponential(value - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Probabilities of the token after this one, over the whole vocabulary, in Float64. */
export function nextTokenProbabilities({ activations }: Reading, token: number): Float64Array {
  const { data, width } = activations.get('logits')!;
  return softmax(data.subarray(token * width, (token + 1) * width));
}
