/**
 * @file Weights that are written, not trained: a residual stream with named channels, heads that look up, units that switch. Appendix J.
 *
 * Two channels hold a large constant and its negative, and one holds minus the sum of all others. So the mean is 0 and the
 * variance hardly varies: a LayerNorm whose gain undoes that variance passes each channel on as it is, to about one part in a thousand.
 */

import { cosine, sine } from '../../tensor/functions/trigonometry.ts';
import type { Engine } from '../../tensor/index.ts';
import { qkvOffsets, sizeOf } from '../../tensor/index.ts';
import {
  CodeGen,
  type CodeGenConfig,
  headLayout,
  innerWidth,
  parameterSpecs,
  type StoredTensor,
} from '../../transformer/index.ts';
import { StudyError } from '../errors.ts';

/** A weighted sum of channels. */
export type Form = readonly (readonly [channel: number, weight: number])[];

/** Each of these channels with the same weight. */
export const sumOf = (channels: readonly number[], weight = 1): Form => channels.map((channel) => [channel, weight]);

/** Channels of the residual stream, in the order in which they are named. */
export class Channels {
  /** c, -c and minus the sum of all other channels. */
  readonly plus = 0;
  readonly minus = 1;
  readonly balance = 2;
  #count = 3;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** `size` new channels. */
  take(size: number): number[] {
    this.#count += size;
    return Array.from({ length: size }, (_, at) => this.#count - size + at);
  }
}

/** Of the constant channel; far above the length of all others together, so that no LayerNorm notices those. */
const CONSTANT = 1000;
/** How far a switch's unit is from the bend of GELU, in its own input: there GELU is 0 or the identity, to the last bit. */
const SATURATED = 12;

/** What a head does: `match` says where it looks, `carry` what it takes from there. */
export interface Head {
  /** A score [nats] for each pair of a query and a key: the product of their forms, times this. Scores of all pairs are added up. */
  readonly match: readonly { readonly query: Form; readonly key: Form; readonly score: number }[];
  /** Of the token that is looked at `from`, into `to` of the token that looks. */
  readonly carry: readonly { readonly from: Form; readonly to: number }[];
}

/** All parameters of a model, zero where nothing was written. */
export class HandmadeWeights {
  readonly config: CodeGenConfig;
  readonly channels: Channels;
  readonly #values: ReadonlyMap<string, StoredTensor & { readonly data: Float64Array }>;
  readonly #headsUsed: number[];
  readonly #unitsUsed: number[];

  /** Throws {@link StudyError} where the config is too narrow for the channels. */
  constructor(config: CodeGenConfig, channels: Channels) {
    if (channels.count > config.n_embd) {
      throw new StudyError(`handmade: ${channels.count} channels do not fit into n_embd ${config.n_embd}`);
    }
    this.config = config;
    this.channels = channels;
    this.#values = new Map(
      parameterSpecs(config).map(({ name, shape }) => [name, { shape, data: new Float64Array(sizeOf(shape)) }]),
    );
    this.#headsUsed = Array.from({ length: config.n_layer }, () => 0);
    this.#unitsUsed = Array.from({ length: config.n_layer }, () => 0);
    const gain = CONSTANT * Math.sqrt(2 / config.n_embd); // the deviation that LayerNorm divides by
    for (const [name, { data }] of this.#values) if (/ln_\w+\.weight$/.test(name)) data.fill(gain);
    this.#values.get('transformer.ln_f.weight')!.data.fill(0, 0, 3); // what probes see holds no constants
    for (let token = 0; token < config.vocab_size; token++) {
      this.embed(token, channels.plus, CONSTANT);
      this.embed(token, channels.minus, -CONSTANT);
    }
  }

  /** 1, for queries and keys, which have no bias. */
  get one(): Form {
    return [[this.channels.plus, 1 / CONSTANT]];
  }

  /** Adds `value` to a channel of a token's embedding. */
  embed(token: number, channel: number, value = 1): void {
    this.#add('transformer.wte.weight', token, channel, value);
  }

  /** Adds a head to a block; its first `rotary_dim` numbers turn with the position, and stay 0. Throws {@link StudyError} where no room is left. */
  head(block: number, { match, carry }: Head): number {
    const { n_head, rotary_dim } = this.config;
    const { headSize } = headLayout(this.config);
    const head = this.#headsUsed[block]!++;
    if (head >= n_head || rotary_dim + match.length > headSize || carry.length > headSize) {
      throw new StudyError(`handmade: block ${block} has no room for head ${head}`);
    }
    match.forEach(({ query, key, score }, at) => {
      const scaled = score * Math.sqrt(headSize); // attention divides by it
      this.project(block, head, 'query', rotary_dim + at, query, scaled);
      this.project(block, head, 'key', rotary_dim + at, key);
    });
    carry.forEach(({ from, to }, at) => {
      this.project(block, head, 'value', at, from);
      this.#add(`transformer.h.${block}.attn.out_proj.weight`, to, head * headSize + at, 1);
    });
    return head;
  }

  /**
   * Adds to a head's scores, where `query` is 1, the sum over i of amplitude_i cos(distance / 10000^(2 i / rotary_dim) - phase_i): rotary
   * position embedding turns the pairs that this writes. [nats]
   */
  turning(
    block: number,
    head: number,
    query: Form,
    profile: readonly { readonly amplitude: number; readonly phase: number }[],
  ): void {
    const { headSize } = headLayout(this.config);
    profile.forEach(({ amplitude, phase }, i) => {
      this.project(block, head, 'query', 2 * i, query, amplitude * Math.sqrt(headSize));
      this.project(block, head, 'key', 2 * i, this.one, cosine(phase));
      this.project(block, head, 'key', 2 * i + 1, this.one, sine(phase));
    });
  }

  /** Number `at` of a head's query, key or value is this form, times `scale`. */
  project(block: number, head: number, part: 'query' | 'key' | 'value', at: number, form: Form, scale = 1): void {
    const row = qkvOffsets(headLayout(this.config), head)[part] + at;
    for (const [channel, weight] of form) {
      this.#add(`transformer.h.${block}.attn.qkv_proj.weight`, row, channel, weight * scale);
    }
  }

  /**
   * Writes 1 times `writes` where `form` is above `threshold` by `gap` or more, and 0 where it is below by `gap` or more: the
   * difference of two units, both on the same straight piece of GELU. Throws {@link StudyError} where no room is left.
   */
  switch(block: number, form: Form, threshold: number, writes: Form, gap = 0.5): void {
    const slope = (2 * SATURATED) / gap;
    const size = slope * gap; // of the difference: the units bend at threshold -+ gap / 2
    this.unit(block, form, threshold - gap / 2, slope, writes, 1 / size);
    this.unit(block, form, threshold + gap / 2, slope, writes, -1 / size);
  }

  /** One unit of the MLP: gelu(slope (form - threshold)), times `scale`, into `writes`. Throws {@link StudyError} where no room is left. */
  unit(block: number, form: Form, threshold: number, slope: number, writes: Form, scale = 1): void {
    const unit = this.#unitsUsed[block]!++;
    if (unit >= innerWidth(this.config)) throw new StudyError(`handmade: block ${block} has no room for unit ${unit}`);
    const mlp = `transformer.h.${block}.mlp`;
    for (const [channel, weight] of form) this.#add(`${mlp}.fc_in.weight`, unit, channel, slope * weight);
    this.#add(`${mlp}.fc_in.bias`, 0, unit, -slope * threshold);
    for (const [channel, weight] of writes) this.#add(`${mlp}.fc_out.weight`, channel, unit, weight * scale);
  }

  /** Where all of `forms` are 1 and none of `except` is; every one of them is 0 or 1, or the latter a share of at least 1 / 2 `strength`. */
  where(block: number, forms: readonly number[], writes: Form, except: readonly number[] = [], strength = 1): void {
    this.switch(block, [...sumOf(forms), ...sumOf(except, -strength)], forms.length - 0.5, writes);
  }

  /** Adds to the logit of a token. */
  logit(token: number, form: Form, bias = 0): void {
    for (const [channel, weight] of form) this.#add('lm_head.weight', token, channel, weight);
    this.#add('lm_head.bias', 0, token, bias);
  }

  /** The model; call it outside of any `engine.scope`. */
  model(engine: Engine): CodeGen {
    return CodeGen.fromTensors(engine, this.config, this.#balanced());
  }

  /** What every matrix writes into the residual stream sums to 0. */
  #balanced(): Map<string, StoredTensor> {
    const tensors = new Map([...this.#values].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
    for (const [name, { shape, data }] of tensors) {
      const embedding = name === 'transformer.wte.weight';
      if (!embedding && !/(out_proj|fc_out)\.weight$/.test(name)) continue;
      const [rows, columns] = shape as [number, number];
      const [channelStep, otherStep, others] = embedding ? [1, columns, rows] : [columns, 1, columns];
      for (let other = 0; other < others; other++) {
        let sum = 0;
        for (let channel = 0; channel < this.config.n_embd; channel++) {
          if (channel !== this.channels.balance) sum += data[channel * channelStep + other * otherStep]!;
        }
        data[this.channels.balance * channelStep + other * otherStep] = -sum;
      }
    }
    return tensors;
  }

  #add(name: string, row: number, column: number, value: number): void {
    const { shape, data } = this.#values.get(name)!;
    const at = row * (shape.at(-1) ?? 1) + column;
    data[at] = data[at]! + value;
  }
}
