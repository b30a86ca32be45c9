/** @file Taps: the names under which the model's activations can be read or replaced. Chapter 6. */
import type { Variable } from '../autograd/index.ts';
import type { CodeGenConfig } from './config.ts';
import { ConfigError } from './errors.ts';

/** The activations inside one block, in order: each is the output of Hugging Face's module of that name. */
export const BLOCK_TAPS = [
  'ln_1', // [tokens, n_embd]
  'attn.qkv_proj', // [tokens, 3 n_embd], before the rotary embedding
  'attn.heads', // [tokens, n_embd]: what the heads read, side by side, before out_proj
  'attn.out_proj', // [tokens, n_embd]
  'mlp.fc_in', // [tokens, n_inner], before gelu_new
  'mlp.act', // [tokens, n_inner]
  'mlp.fc_out', // [tokens, n_embd]
] as const;

/** Of which hidden state: a number as in Hugging Face's `hidden_states` tuple, or the mean over that tuple. */
export type HiddenStateLayer = 'mean' | number;

/**
 * `hidden_states.0` is the embedding, `hidden_states.i` the residual stream after block i - 1, and the last one, after
 * all blocks and `ln_f`; `hidden_states.mean` is the mean of all of these. `h.i` is the residual stream after block i
 * (the same as `hidden_states.{i + 1}` but for the last block). `logits` is the output of `lm_head`.
 */
export type TapName =
  | `hidden_states.${HiddenStateLayer}`
  | `h.${number}.${(typeof BLOCK_TAPS)[number]}`
  | `h.${number}`
  | 'logits';

/**
 * What to call with an activation when the forward pass reaches it. What a tap returns takes the activation's place in
 * all that follows; undefined leaves it. Without recording, an activation from inside a block is only there during the
 * call: copy what you keep.
 */
export type Taps = { readonly [name in TapName]?: (activation: Variable) => Variable | undefined };

/** The exact list of a model's taps, in the order in which the forward pass reaches them. */
export function tapNames(config: CodeGenConfig): TapName[] {
  const names: TapName[] = ['hidden_states.0'];
  for (let layer = 0; layer < config.n_layer; layer++) {
    for (const part of BLOCK_TAPS) names.push(`h.${layer}.${part}`);
    names.push(`h.${layer}`, `hidden_states.${layer + 1}`);
  }
  names.push('hidden_states.mean', 'logits');
  return names;
}

/** Throws {@link ConfigError} for a tap that this model does not have, such as one of a layer beyond its last. */
export function requireTaps(config: CodeGenConfig, names: readonly string[]): void {
  if (names.length === 0) return;
  const known = new Set<string>(tapNames(config));
  for (const name of names) {
    if (!known.has(name)) throw new ConfigError(`taps: no activation ${name} in a model of ${config.n_layer} layers`);
  }
}
