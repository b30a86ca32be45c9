/** @file Sizes of a CodeGen model, in Hugging Face's spelling. Chapter 6. */
import type { HeadLayout } from '../tensor/kernels.ts';
import { ConfigError } from './errors.ts';

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

/** What `config.json` says besides the sizes. A file that says anything else describes another model, and is refused. */
const FIXED = {
  activation_function: 'gelu_new',
  architectures: ['CodeGenForCausalLM'],
  attn_pdrop: 0,
  embd_pdrop: 0,
  model_type: 'codegen',
  resid_pdrop: 0,
  tie_word_embeddings: false,
  torch_dtype: 'float32',
  use_cache: true,
} as const;

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
    if (config[key] > 0 && config[key] < 1) continue;
    throw new ConfigError(`config: ${key} is ${config[key]}, expected a number in (0, 1)`);
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

/** The object that `config.json` holds, as Hugging Face's `CodeGenForCausalLM` reads it; keys in alphabetical order. */
export function configToJson(config: CodeGenConfig): Record<string, unknown> {
  const all: Record<string, unknown> = { ...FIXED, ...config, n_ctx: config.n_positions };
  return Object.fromEntries(
    Object.keys(all)
      .sort()
      .map((key) => [key, all[key]]),
  );
}

/**
 * Inverse of {@link configToJson}; what has a default may be missing, and `n_ctx` may stand for `n_positions`. Throws
 * {@link ConfigError} for an unknown key and for a model that this is not (another activation, tied embeddings ...).
 */
export function configFromJson(json: unknown): CodeGenConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ConfigError('config: not an object');
  const { n_ctx, ...settings } = json as Record<string, unknown>;
  for (const [key, expected] of Object.entries(FIXED)) {
    if (key in settings && JSON.stringify(settings[key]) !== JSON.stringify(expected)) {
      throw new ConfigError(
        `config: ${key} is ${JSON.stringify(settings[key])}, only ${JSON.stringify(expected)} works`,
      );
    }
    delete settings[key];
  }
  if (n_ctx !== undefined) {
    settings['n_positions'] ??= n_ctx;
    if (settings['n_positions'] !== n_ctx) {
      throw new ConfigError(`config: n_ctx ${n_ctx} differs from n_positions ${settings['n_positions']}`);
    }
  }
  return codeGenConfig(settings as unknown as CodeGenSettings);
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
    throw new ConfigError(`config: ${key} is ${JSON.stringify(value)}, expected a whole number from ${least} up`);
  }
}
