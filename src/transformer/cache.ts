/** @file Keys and values of the tokens so far, so that each new token costs one row and not the whole sequence. Chapter 8. */
import type { Variable } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import type { CodeGen } from './model.ts';

/** Rotated rows of `qkv_proj` of every layer: [layers, samples, capacity, 3 n_embd]. Lives in the engine's current scope. */
export class KeyValueCache {
  /** How many rows of each sample are filled [samples]. */
  readonly lengths: Int32Array;
  readonly #engine: Engine;
  readonly #model: CodeGen;
  readonly #layers: readonly FloatArray[];
  readonly #capacity: number;
  readonly #rowWidth: number;

  constructor(engine: Engine, model: CodeGen, samples: number, capacity: number) {
    this.#engine = engine;
    this.#model = model;
    this.#capacity = capacity;
    this.#rowWidth = 3 * model.config.n_embd;
    this.lengths = engine.integers(samples);
    const shape = [samples, capacity, this.#rowWidth];
    this.#layers = Array.from({ length: model.config.n_layer }, () => engine.empty(shape).data);
  }

  /** Bytes that a cache takes. */
  static bytes(model: CodeGen, samples: number, capacity: number, bytesPerNumber: number): number {
    return model.config.n_layer * samples * capacity * 3 * model.config.n_embd * bytesPerNumber;
  }

  /** Keeps the prompts' rows of a layer: qkv [tokens, 3 n_embd], packed as `starts` says. */
  fill(layer: number, qkv: Variable, starts: Int32Array): void {
    const width = this.#rowWidth;
    for (let sample = 0; sample < this.lengths.length; sample++) {
      const rows = qkv.value.data.subarray(starts[sample]! * width, starts[sample + 1]! * width);
      this.#layers[layer]!.set(rows, sample * this.#capacity * width);
    }
  }

  /** Keeps one new row a sample, qkv [samples, 3 n_embd], as its row lengths - 1, and attends from it: [samples, n_embd]. */
  step(layer: number, qkv: Variable): Tensor {
    const width = this.#rowWidth;
    const cache = this.#layers[layer]!;
    const samples = this.lengths.length;
    for (let sample = 0; sample < samples; sample++) {
      const at = sample * this.#capacity + this.lengths[sample]! - 1;
      cache.set(qkv.value.data.subarray(sample * width, (sample + 1) * width), at * width);
    }
    const out = this.#engine.empty([samples, width / 3]);
    this.#engine.kernels.attentionStep(out.data, cache, this.lengths, samples, this.#capacity, this.#model.layout);
    return out;
  }
}
