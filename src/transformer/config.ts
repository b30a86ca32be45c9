/** @file Sizes of a CodeGen model, in Hugging Face's spelling. Chapter 6. */
import type { HeadLayout } from '../tensor/kernels.ts';
import { ConfigError } from './errors.ts';
import { shown } from './json.ts';

/** What sets a model's shape, under the names that `transformers.CodeGenConfig` gives it. */
export interface CodeGenConfig {
  /** Number of different tokens. */
  readonly vocab_size: number;
  /** Longest sequence that the model takes, in tokens. */
  readonly n_positions: number;
  /** Width of the residual stream. */
  readonly n_embd: number;
  readonly n_layer: number;
  /** Attention heads: a multiple of {@link QKV_GROUPS} that divides `n_embd`. */
  readonly n_head: number;
  /** How many of each head's numbers are turned with the position: even, at most the head's size. */
  readonly rotary_dim: number;
  /** Width of the MLP's hidden layer; null means four times `n_embd`. */
  readonly n_inner: number | null;
  /** Added to the variance in each LayerNorm. */
  readonly layer_norm_epsilon: number;
  /** Standard deviation of a new model's weights, see `initialValues`. */
  readonly initializer_range: number;
  /** The tokens that open and end a sample; null when the vocabulary has none. */
  readonly bos_token_id: number | null;
  readonly eos_token_id: number | null;
}

/** In how many equal parts, each [query, value, key], the rows of `qkv_proj` come: `mp_num` in Hugging Face's CodeGen. */
export const QKV_GROUPS = 4;

const DEFAULTS = {
  n_inner: null,
  layer_norm_epsilon: 1e-5,
  initializer_range: 0.02,
  bos_token_id: null,
  eos_token_id: null,
} as const;
const SIZES = ['vocab_size', 'n_positions', 'n_embd', 'n_layer', 'n_head', 'rotary_dim'] as const;

/** {@link CodeGenConfig} where what has a default may be left out. */
export type CodeGenSettings = Omit<CodeGenConfig, keyof typeof DEFAULTS> & Partial<CodeGenConfig>;

/** Fills in the defaults and checks. Throws {@link ConfigError} naming the key and its value. */
export function codeGenConfig(settings: CodeGenSettings): CodeGenConfig {
  const known = new Set<string>([...SIZES, ...Object.keys(DEFAULTS)]);
  for (const key of Object.keys(settings)) if (!known.has(key)) throw new ConfigError(`config: unknown key ${key}`);
  const config: CodeGenConfig = { ...DEFAULTS, ...settings };
  for (const key of SIZES) requireWhole(key, config[key], 1);
  if (config.n_inner !== null) requireWhole('n_inner', config.n_inner, 1);
  for (const key of ['bos_token_id', 'eos_token_id'] as const) {
    const id = config[key];
    if (id === null) continue;
    requireWhole(key, id, 0);
    if (id >= config.vocab_size) {
      throw new ConfigError(`config: ${key} ${id} is not below vocab_size ${config.vocab_size}`);
    }
  }
  for (const key of ['layer_norm_epsilon', 'initializer_range'] as const) {
    if (typeof config[key] === 'number' && config[key] > 0 && config[key] < 1) continue;
    throw new ConfigError(`config: ${key} is ${shown(config[key])}, expected a number in (0, 1)`);
  }
  const { n_embd, n_head, rotary_dim } = config;
  if (n_embd % n_head !== 0) throw new ConfigError(`config: n_embd ${n_embd} is not a multiple of n_head ${n_head}`);
  if (n_head % QKV_GROUPS !== 0) {
    throw new ConfigError(`config: n_head ${n_head} is not a multiple of ${QKV_GROUPS}, the groups of qkv_proj`);
  }
  if (rotary_dim % 2 !== 0 || rotary_dim > n_embd / n_head) {
    throw new ConfigError(`config: rotary_dim ${rotary_dim} is not even and at most the head size ${n_embd / n_head}`);
  }
  return config;
}

/** Where queries, keys and values lie in the output of `qkv_proj`. */
export function headLayout(config: CodeGenConfig): HeadLayout {
  return { heads: config.n_head, headSize: config.n_embd / config.n_head, groups: QKV_GROUPS };
}

/** Width of the MLP's hidden layer. */
export function innerWidth(config: CodeGenConfig): number {
  return config.n_inner ?? 4 * config.n_embd;
}

function requireWhole(key: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new ConfigError(`config: ${key} is ${shown(value)}, expected a whole number from ${least} up`);
  }
}
