/** @file From what has been written to the logits of the next token: with a cache, or computing all of it again. Chapter 8. */
import { causalAttention, Tape, type Variable } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { lastRows, type PackedBatch, pack } from './batch.ts';
import { KeyValueCache } from './cache.ts';
import type { CodeGen, ForwardOptions } from './model.ts';
import type { TapName, Taps } from './taps.ts';

/** A prompt, what was generated after it, and whether it is complete. */
export interface Prefix {
  readonly prompt: ArrayLike<number>;
  readonly tokens: number[];
  done: boolean;
}

/** What is known about the next token of each sample that is still of interest. */
export interface NextToken {
  /** Which sample each row is about [rows]. */
  readonly rowOf: readonly number[];
  /** [rows, vocab_size] */
  readonly logits: FloatArray;
  /** For each tap, its activation at the last token [rows, width]. */
  readonly activations: ReadonlyMap<TapName, { readonly data: FloatArray; readonly width: number }>;
}

/**
 * What it returns lives in the engine's current scope. `edits` may replace activations of the tokens that this call
 * runs; with a cache their keys and values stay replaced.
 */
export type Decoder = (taps: readonly TapName[], edits?: Taps) => NextToken;

/** Runs the whole of every unfinished sample through the model, for each token again. */
export function uncachedDecoder(engine: Engine, model: CodeGen, samples: readonly Prefix[]): Decoder {
  return (taps, edits) => {
    const rowOf = samples.flatMap(({ done }, index) => (done ? [] : [index]));
    const batch = pack(
      engine,
      rowOf.map((index) => [...Array.from(samples[index]!.prompt), ...samples[index]!.tokens]),
    );
    return { rowOf, ...run(engine, model, batch, new Tape(engine, { recording: false }), taps, edits) };
  };
}

/**
 * Runs the prompts through the model once, then one token of each sample at a time. Complete samples stay in the batch,
 * overwriting their last row, and are not looked at. The cache lives in the scope in which this is called.
 */
export function cachedDecoder(
  engine: Engine,
  model: CodeGen,
  samples: readonly Prefix[],
  maxNewTokens: number,
): Decoder {
  const longest = samples.reduce((most, { prompt }) => Math.max(most, prompt.length), 0);
  const cache = new KeyValueCache(engine, model, samples.length, longest + maxNewTokens);
  const rowOf = samples.map((_, index) => index);

  const prefill: Decoder = (taps, edits) => {
    const batch = pack(
      engine,
      samples.map(({ prompt }) => prompt),
    );
    const tape = new Tape(engine, { recording: false });
    const attend = (layer: number, qkv: Variable): Variable => {
      cache.fill(layer, qkv, batch.starts);
      return causalAttention(tape, qkv, batch.starts, model.layout);
    };
    return { rowOf, ...run(engine, model, batch, tape, taps, edits, attend) };
  };

  const step: Decoder = (taps, edits) => {
    const lengths = samples.map(({ prompt, tokens, done }) => prompt.length + tokens.length - (done ? 1 : 0));
    cache.lengths.set(lengths);
    const tape = new Tape(engine, { recording: false });
    const attend = (layer: number, qkv: Variable): Variable => tape.constant(cache.step(layer, qkv));
    const batch = {
      ids: engine.integers(samples.map(({ tokens }) => tokens.at(-1)!)),
      positions: engine.integers(lengths.map((length) => length - 1)),
      starts: engine.integers(samples.map((_, index) => index).concat(samples.length)), // each token by itself
    };
    return { rowOf, ...run(engine, model, batch, tape, taps, edits, attend) };
  };

  let filled = false;
  return (taps, edits) => {
    if (filled) return step(taps, edits);
    filled = true;
    return prefill(taps, edits);
  };
}

function run(
  engine: Engine,
  model: CodeGen,
  batch: PackedBatch,
  tape: Tape,
  names: readonly TapName[],
  edits: Taps = {},
  attend?: ForwardOptions['attend'],
): Omit<NextToken, 'rowOf'> {
  const rows = lastRows(engine, batch);
  const activations = new Map<TapName, { data: FloatArray; width: number }>();
  const taps: { -readonly [name in TapName]?: Taps[name] } = { ...edits };
  for (const name of names) {
    taps[name] = (activation) => {
      const edited = edits[name]?.(activation);
      const { value } = edited ?? activation;
      const width = value.shape[1]!;
      const all = name === 'logits' ? value : gather(engine, value.data, rows, width);
      activations.set(name, { data: all.data.slice(), width });
      return edited;
    };
  }
  const options = { taps, logitsAt: rows, ...(attend && { attend }) };
  const logits = model.forward(tape, batch, options).value.data; // [rows, vocab_size]
  return { logits, activations };
}

function gather(engine: Engine, data: FloatArray, rows: Int32Array, width: number): { readonly data: FloatArray } {
  const selected = engine.empty([rows.length, width]);
  engine.kernels.embedding(selected.data, data, rows, rows.length, width);
  return selected;
}
