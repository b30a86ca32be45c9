/** @file `config.json`: a model's sizes as we write them, and as Hugging Face's `transformers` does. Appendix B. */
import { type CodeGenConfig, type CodeGenSettings, codeGenConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { isObject, shown } from './json.ts';

/** What we write besides the sizes. */
const WRITTEN = {
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

/** Keys of a {@link CodeGenConfig}, each with other names for it. */
const NAMES: { readonly [K in keyof CodeGenConfig]: readonly string[] } = {
  vocab_size: [],
  n_positions: ['max_position_embeddings'],
  n_embd: ['hidden_size'],
  n_layer: ['num_hidden_layers'],
  n_head: ['num_attention_heads'],
  rotary_dim: [],
  n_inner: [],
  layer_norm_epsilon: [],
  initializer_range: [],
  bos_token_id: [],
  eos_token_id: [],
};

const TYPES = [null, 'float32', 'float16', 'bfloat16', 'float64'];

/**
 * What would make it another model than the one that we compute, with the values under which it does not. Where a key is
 * missing, the first one holds. Every key that stands neither here nor in {@link NAMES} is ignored: `transformers` has
 * many for generation, for classifiers and for its own records, and its CodeGen reads none of them.
 */
const COMPUTED: Readonly<Record<string, readonly unknown[]>> = {
  activation_function: ['gelu_new'],
  add_cross_attention: [false],
  architectures: [['CodeGenForCausalLM'], null],
  auto_map: [null], // code that comes with the model
  dtype: TYPES,
  is_encoder_decoder: [false],
  model_type: ['codegen'],
  pruned_heads: [{}, null],
  quantization_config: [null],
  rope_parameters: [null],
  rope_scaling: [null],
  rope_theta: [10_000, null],
  scale_attn_weights: [true],
  tie_word_embeddings: [false],
  torch_dtype: TYPES,
};

/** Work in training only, where we have none. */
const DROPOUTS = ['attn_pdrop', 'embd_pdrop', 'resid_pdrop'];

/** The object that `config.json` holds, as Hugging Face's `CodeGenForCausalLM` reads it; keys in alphabetical order. */
export function configToJson(config: CodeGenConfig): Record<string, unknown> {
  const all: Record<string, unknown> = { ...WRITTEN, ...config, n_ctx: config.n_positions };
  return Object.fromEntries(
    Object.keys(all)
      .sort()
      .map((key) => [key, all[key]]),
  );
}

/**
 * Inverse of {@link configToJson}, for files of others too; what has a default may be missing. Throws {@link ConfigError},
 * naming key and value, for a model that this is not (another activation, tied embeddings ...).
 */
export function configFromJson(json: unknown): CodeGenConfig {
  if (!isObject(json)) throw new ConfigError('config: not an object');
  for (const [key, works] of Object.entries(COMPUTED)) requireOneOf(json, key, works);
  for (const key of DROPOUTS) {
    const rate = json[key];
    if (rate === undefined || (typeof rate === 'number' && rate >= 0 && rate < 1)) continue;
    throw new ConfigError(`config: ${key} is ${shown(rate)}, expected a number in [0, 1)`);
  }
  const settings: Record<string, unknown> = {};
  for (const [key, others] of Object.entries(NAMES)) {
    for (const name of [key, ...others]) {
      if (!Object.hasOwn(json, name)) continue;
      settings[key] ??= json[name];
      if (settings[key] === json[name]) continue;
      throw new ConfigError(`config: ${name} ${shown(json[name])} differs from ${key} ${shown(settings[key])}`);
    }
  }
  settings['n_positions'] ??= json['n_ctx']; // otherwise n_ctx is not used, and transformers writes 2048 for any model
  for (const key of ['bos_token_id', 'eos_token_id']) settings[key] = tokenIn(settings, key);
  return codeGenConfig(settings as unknown as CodeGenSettings);
}

function requireOneOf(json: Readonly<Record<string, unknown>>, key: string, works: readonly unknown[]): void {
  if (!Object.hasOwn(json, key) || works.some((value) => JSON.stringify(value) === JSON.stringify(json[key]))) return;
  const list = works.filter((value) => value !== null).map((value) => shown(value));
  throw new ConfigError(`config: ${key} is ${shown(json[key])}, only ${list.join(', ') || 'null'} works`);
}

/**
 * A token, or null for one that the vocabulary does not have: `transformers` writes 50256 for any model that says nothing.
 */
function tokenIn(settings: Readonly<Record<string, unknown>>, key: string): unknown {
  const id = settings[key] ?? null;
  if (Array.isArray(id)) {
    if (id.length === 1) return tokenIn({ ...settings, [key]: id[0] }, key);
    throw new ConfigError(`config: ${key} is ${shown(id)}, only one token works`);
  }
  const inside = Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < Number(settings['vocab_size']);
  return Number.isSafeInteger(id) && !inside ? null : id;
}
