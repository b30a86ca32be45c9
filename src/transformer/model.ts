/**
 * @file CodeGen (Nijkamp et al. 2022), as Hugging Face's `CodeGenForCausalLM` computes it. Chapter 6.
 *
 * A GPT whose blocks run attention and MLP side by side, on the same normalised input, and whose positions enter as
 * rotations of queries and keys (Su et al. 2021).
 */
import {
  add,
  add3,
  causalAttention,
  embedding,
  geluNew,
  layerNorm,
  linear,
  parameter,
  rotary,
  scale,
  type Tape,
  type Variable,
} from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { HeadLayout } from '../tensor/kernels.ts';
import type { PackedBatch } from './batch.ts';
import { type CodeGenConfig, headLayout } from './config.ts';
import { BatchError } from './errors.ts';
import { initialValues, parameterSpecs } from './parameters.ts';
import type { StoredTensor } from './safetensors.ts';
import { requireParameters } from './stored-parameters.ts';
import { requireTaps, type TapName, type Taps } from './taps.ts';

export interface ForwardOptions {
  readonly taps?: Taps;
  /** Rows (from `engine.integers`) of which logits are wanted [rows]. Default: every token's. */
  readonly logitsAt?: Int32Array;
  /** What reads keys and values: rotated qkv [tokens, 3 n_embd] to [tokens, n_embd]. Default: {@link causalAttention}. */
  readonly attend?: (layer: number, qkv: Variable) => Variable;
}

export class CodeGen {
  readonly config: CodeGenConfig;
  /** Every parameter, in the order of `parameterSpecs`. */
  readonly parameters: readonly Variable[];
  readonly layout: HeadLayout;
  readonly #byName: ReadonlyMap<string, Variable>;

  private constructor(engine: Engine, config: CodeGenConfig, values: readonly ArrayLike<number>[]) {
    this.config = config;
    this.layout = headLayout(config);
    this.parameters = parameterSpecs(config).map(({ name, shape }, index) =>
      parameter(engine, engine.tensor(shape, values[index]!), name),
    );
    this.#byName = new Map(this.parameters.map((variable) => [variable.name!, variable]));
  }

  /** A new model, see {@link initialValues}; `random` gives numbers in [0, 1). Call it outside of any `engine.scope`. */
  static initialize(engine: Engine, config: CodeGenConfig, random: () => number): CodeGen {
    return new CodeGen(engine, config, initialValues(config, random));
  }

  /**
   * A model with these parameters. Throws {@link CheckpointError} naming `file` when a parameter is missing, has another
   * shape or is unknown. Call it outside of any `engine.scope`.
   */
  static fromTensors(
    engine: Engine,
    config: CodeGenConfig,
    tensors: ReadonlyMap<string, StoredTensor>,
    file = 'model.safetensors',
  ): CodeGen {
    requireParameters(config, tensors, file);
    const values = parameterSpecs(config).map(({ name }) => tensors.get(name)!.data);
    return new CodeGen(engine, config, values);
  }

  /** The parameter of this name, which must exist. */
  parameter(name: string): Variable {
    return this.#byName.get(name)!;
  }

  /**
   * Logits of the next token [tokens, vocab_size], or [rows, vocab_size] with `logitsAt`. Throws {@link BatchError} for
   * an id or a position that the model does not have, and `ConfigError` for a tap that it does not have.
   */
  forward(tape: Tape, batch: PackedBatch, options: ForwardOptions = {}): Variable {
    const { n_layer, layer_norm_epsilon: epsilon } = this.config;
    const taps = options.taps ?? {};
    this.#check(batch, taps);
    const hidden: Variable[] = [];
    const keepHidden = (x: Variable): Variable => {
      const tapped = tap(taps, `hidden_states.${hidden.length}`, x);
      hidden.push(tapped);
      return tapped;
    };

    let x = embedding(tape, this.parameter('transformer.wte.weight'), batch.ids); // [tokens, n_embd]
    x = keepHidden(x);
    for (let layer = 0; layer < n_layer; layer++) {
      x = this.#inScope(tape, x, () => this.#block(tape, layer, x, batch, options)); // [tokens, n_embd]
      x = tap(taps, `h.${layer}`, x);
      if (layer < n_layer - 1) x = keepHidden(x);
    }
    const [weight, bias] = [this.parameter('transformer.ln_f.weight'), this.parameter('transformer.ln_f.bias')];
    x = keepHidden(layerNorm(tape, x, weight, bias, epsilon)); // [tokens, n_embd]
    if (taps['hidden_states.mean']) {
      const total = hidden.reduce((sum, state) => add(tape, sum, state));
      tap(taps, 'hidden_states.mean', scale(tape, total, 1 / hidden.length)); // [tokens, n_embd]
    }
    if (options.logitsAt) x = embedding(tape, x, options.logitsAt); // [rows, n_embd]
    return tap(taps, 'logits', linear(tape, x, this.parameter('lm_head.weight'), this.parameter('lm_head.bias')));
  }

  /** x + attn(ln_1(x)) + mlp(ln_1(x)) */
  #block(tape: Tape, layer: number, x: Variable, batch: PackedBatch, options: ForwardOptions): Variable {
    const { layout, config } = this;
    const p = (name: string): Variable => this.parameter(`transformer.h.${layer}.${name}`);
    const { taps = {}, attend = (_: number, qkv: Variable) => causalAttention(tape, qkv, batch.starts, layout) } =
      options;

    let normed = layerNorm(tape, x, p('ln_1.weight'), p('ln_1.bias'), config.layer_norm_epsilon); // [tokens, n_embd]
    normed = tap(taps, `h.${layer}.ln_1`, normed);

    let qkv = linear(tape, normed, p('attn.qkv_proj.weight')); // [tokens, 3 n_embd]
    qkv = tap(taps, `h.${layer}.attn.qkv_proj`, qkv);
    qkv = rotary(tape, qkv, batch.positions, layout, config.rotary_dim); // [tokens, 3 n_embd]
    let heads = attend(layer, qkv); // [tokens, n_embd]
    heads = tap(taps, `h.${layer}.attn.heads`, heads);
    let attention = linear(tape, heads, p('attn.out_proj.weight')); // [tokens, n_embd]
    attention = tap(taps, `h.${layer}.attn.out_proj`, attention);

    let inner = linear(tape, normed, p('mlp.fc_in.weight'), p('mlp.fc_in.bias')); // [tokens, n_inner]
    inner = tap(taps, `h.${layer}.mlp.fc_in`, inner);
    inner = tap(taps, `h.${layer}.mlp.act`, geluNew(tape, inner)); // [tokens, n_inner]
    let mlp = linear(tape, inner, p('mlp.fc_out.weight'), p('mlp.fc_out.bias')); // [tokens, n_embd]
    mlp = tap(taps, `h.${layer}.mlp.fc_out`, mlp);

    return add3(tape, x, attention, mlp); // [tokens, n_embd]
  }

  /** Without recording, only a block's output is kept: a forward pass then takes the memory of one block. */
  #inScope(tape: Tape, like: Variable, body: () => Variable): Variable {
    if (tape.recording) return body();
    const kept = tape.engine.empty(like.value.shape);
    tape.engine.scope(() => kept.data.set(body().value.data));
    return tape.constant(kept);
  }

  #check(batch: PackedBatch, taps: Taps): void {
    requireTaps(this.config, Object.keys(taps));
    const { vocab_size, n_positions } = this.config;
    for (const id of batch.ids) {
      if (!(id >= 0 && id < vocab_size)) throw new BatchError(`forward: token ${id} in a vocabulary of ${vocab_size}`);
    }
    for (const position of batch.positions) {
      if (position >= n_positions) {
        throw new BatchError(`forward: a sequence of more than n_positions = ${n_positions} tokens`);
      }
    }
  }
}

function tap(taps: Taps, name: TapName, activation: Variable): Variable {
  return taps[name]?.(activation) ?? activation;
}
