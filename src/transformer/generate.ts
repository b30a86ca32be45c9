/** @file Greedy generation, many prompts at a time. Chapter 8. */
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { chunks, sequencesAtATime } from './batch.ts';
import { KeyValueCache } from './cache.ts';
import { cachedDecoder, type Decoder, type Prefix, uncachedDecoder } from './decoder.ts';
import { BatchError } from './errors.ts';
import type { CodeGen } from './model.ts';
import type { TapName } from './taps.ts';

export interface GenerateOptions {
  /** Length cap: so many tokens are generated at most, `endToken` included. */
  readonly maxNewTokens: number;
  /** The token that ends a sample. */
  readonly endToken: number;
  /**
   * Which tokens may come next, 1 for each allowed id [vocab_size], given what was generated for prompt number `prompt`
   * so far; undefined allows all. Without it generation is free.
   */
  readonly allowed?: (generated: readonly number[], prompt: number) => Uint8Array | undefined;
  /** Activations to return; `hidden_states.mean` is what the study probes. */
  readonly taps?: readonly TapName[];
  /** Keep keys and values (default), or compute everything again for each token. */
  readonly cache?: boolean;
  /** How many prompts at a time. Default: {@link cachedAtATime}. */
  readonly batchSize?: number;
  /** Called after each batch with the number of prompts that are done. */
  readonly onProgress?: (done: number) => void;
}

/** What the model wrote after one prompt. All arrays are outside of the engine's memory. */
export interface Generation {
  /** Generated tokens, without the prompt, with `endToken` if the model wrote it. */
  readonly tokens: number[];
  /** Natural logarithm of each token's probability under the whole vocabulary, masked or not [tokens]. */
  readonly logProbabilities: number[];
  /** For each tap, the activation from which each token was generated [tokens, width]. */
  readonly activations: { readonly [name in TapName]?: FloatArray };
}

/** A prompt with what has been generated for it. */
interface Sample extends Prefix {
  readonly number: number;
  readonly logProbabilities: number[];
  readonly activations: Map<TapName, FloatArray[]>;
}

/** The most that a cache takes, unless one prompt alone takes more. */
const CACHE_BYTES = 256 * 2 ** 20;

/**
 * Continues each prompt with the most probable token (of those with equal logits the lowest id) until `endToken` or
 * `maxNewTokens`. The result does not depend on which prompts share a batch. Throws {@link BatchError} for an empty
 * prompt, one that leaves no room below `n_positions`, or a mask that allows nothing; `ConfigError` for an unknown tap.
 */
export function generate(
  engine: Engine,
  model: CodeGen,
  prompts: readonly ArrayLike<number>[],
  options: GenerateOptions,
): Generation[] {
  const results: Generation[] = [];
  const batchSize = options.batchSize ?? cachedAtATime(engine, model, prompts, options.maxNewTokens);
  for (const { first, items } of chunks(prompts, batchSize)) {
    const samples = items.map((prompt, index): Sample => {
      const number = first + index;
      checkPrompt(model, prompt, number, options.maxNewTokens);
      const activations = new Map((options.taps ?? []).map((name) => [name, []]));
      return { number, prompt, tokens: [], done: options.maxNewTokens < 1, logProbabilities: [], activations };
    });
    engine.scope(() => {
      const decoder = options.cache === false ? uncachedDecoder : cachedDecoder;
      extend(engine, model, samples, decoder(engine, model, samples, options.maxNewTokens), options);
    });
    for (const sample of samples) results.push(finish(sample, engine.precision));
    options.onProgress?.(results.length);
  }
  return results;
}

/** Adds tokens to the samples until all are done. */
function extend(
  engine: Engine,
  model: CodeGen,
  samples: readonly Sample[],
  decode: Decoder,
  options: GenerateOptions,
): void {
  const vocabulary = model.config.vocab_size;
  while (samples.some(({ done }) => !done)) {
    engine.scope(() => {
      const { rowOf, logits, activations } = decode(options.taps ?? []);
      const chosen = engine.integers(logits.length / vocabulary).fill(-1);
      for (const [row, index] of rowOf.entries()) {
        const sample = samples[index]!;
        if (sample.done) continue;
        const mask = options.allowed?.(sample.tokens, sample.number);
        const token = mostProbable(logits.subarray(row * vocabulary, (row + 1) * vocabulary), mask);
        if (token === -1) {
          const written = sample.tokens.length;
          throw new BatchError(
            `generate: no token is allowed after ${written} generated tokens of prompt ${sample.number}`,
          );
        }
        chosen[row] = token;
      }
      const losses = engine.empty([chosen.length]).data; // -log p of the chosen token, 0 where none was chosen
      engine.kernels.crossEntropy(losses, logits, chosen, chosen.length, vocabulary);
      for (const [row, index] of rowOf.entries()) {
        const sample = samples[index]!;
        if (sample.done) continue;
        for (const [name, { data, width }] of activations) {
          sample.activations.get(name)!.push(data.slice(row * width, (row + 1) * width));
        }
        sample.tokens.push(chosen[row]!);
        sample.logProbabilities.push(-losses[row]!);
        sample.done = chosen[row] === options.endToken || sample.tokens.length >= options.maxNewTokens;
      }
    });
  }
}

/** Lowest id among those of the largest logit that the mask allows; -1 when it allows none. */
export function mostProbable(logits: FloatArray, mask: Uint8Array | undefined): number {
  let best = -1;
  for (let id = 0; id < logits.length; id++) {
    if (mask && mask[id] !== 1) continue;
    if (best === -1 || logits[id]! > logits[best]!) best = id;
  }
  return best;
}

function finish(sample: Sample, precision: Engine['precision']): Generation {
  const activations: { [name in TapName]?: FloatArray } = {};
  for (const [name, rows] of sample.activations) {
    const size = rows.length * (rows[0]?.length ?? 0);
    const joined = precision === 'float64' ? new Float64Array(size) : new Float32Array(size);
    rows.forEach((row, index) => void joined.set(row, index * row.length));
    activations[name] = joined;
  }
  return { tokens: sample.tokens, logProbabilities: sample.logProbabilities, activations };
}

function checkPrompt(model: CodeGen, prompt: ArrayLike<number>, number: number, maxNewTokens: number): void {
  if (prompt.length === 0) throw new BatchError(`generate: prompt ${number} is empty`);
  const { n_positions } = model.config;
  if (prompt.length + maxNewTokens > n_positions) {
    throw new BatchError(
      `generate: prompt ${number} of ${prompt.length} tokens and ${maxNewTokens} new ones exceed n_positions = ${n_positions}`,
    );
  }
}

/** How many of these prompts are continued at a time by default: {@link sequencesAtATime}, or as many as the cache has room for. */
export function cachedAtATime(
  engine: Engine,
  model: CodeGen,
  prompts: readonly ArrayLike<number>[],
  maxNewTokens: number,
): number {
  const longest = prompts.reduce((most, { length }) => Math.max(most, length), 1) + maxNewTokens;
  const each = KeyValueCache.bytes(model, 1, longest, engine.precision === 'float64' ? 8 : 4);
  return Math.max(1, Math.min(sequencesAtATime(prompts), Math.floor(CACHE_BYTES / each)));
}
