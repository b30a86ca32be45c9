import { describe, expect, test } from 'vitest';
import { ConfigError, codeGenConfig, configFromJson, configToJson } from '../../src/transformer/index.ts';
import { TINY } from './tiny.ts';

const { vocab_size, n_positions, n_embd, n_layer, n_head, rotary_dim } = TINY;
const sizes = { vocab_size, n_positions, n_embd, n_layer, n_head, rotary_dim };

describe('our config.json', () => {
  test('has what CodeGenForCausalLM reads, and reads back', () => {
    const config = codeGenConfig({ ...TINY, n_inner: 24, initializer_range: 0.1, bos_token_id: 1, eos_token_id: 2 });
    const json = configToJson(config);
    expect(json).toEqual({
      activation_function: 'gelu_new',
      architectures: ['CodeGenForCausalLM'],
      attn_pdrop: 0,
      bos_token_id: 1,
      embd_pdrop: 0,
      eos_token_id: 2,
      initializer_range: 0.1,
      layer_norm_epsilon: 1e-5,
      model_type: 'codegen',
      n_ctx: 24,
      n_embd: 16,
      n_head: 4,
      n_inner: 24,
      n_layer: 2,
      n_positions: 24,
      resid_pdrop: 0,
      rotary_dim: 2,
      tie_word_embeddings: false,
      torch_dtype: 'float32',
      use_cache: true,
      vocab_size: 11,
    });
    expect(configFromJson(JSON.parse(JSON.stringify(json)))).toEqual(config);
  });
});

describe('config.json of transformers', () => {
  test('what has a default may be missing', () => {
    expect(configFromJson(sizes)).toEqual(TINY);
  });

  test.each<[string, object]>([
    ['dropout, which works in training only', { attn_pdrop: 0.1, embd_pdrop: 0.1, resid_pdrop: 0.1 }],
    ['n_ctx, which is not used: 2048 unless someone says otherwise', { n_ctx: 2048 }],
    ['begin and end outside of the vocabulary: 50256 likewise', { bos_token_id: 50256, eos_token_id: 50256 }],
    ['the type as version 4 names it', { torch_dtype: 'float16', transformers_version: '4.30.2' }],
    ['the type as version 5 names it', { dtype: 'bfloat16', transformers_version: '5.24.0' }],
    ['settings of generation', { do_sample: true, max_length: 50, num_beams: 1, temperature: 1, use_cache: false }],
    ['n_inner null', { n_inner: null }],
    ['other names of sizes', { hidden_size: 16, num_hidden_layers: 2, max_position_embeddings: 24 }],
    [
      'what files of GPT kinds say besides',
      {
        gradient_checkpointing: false,
        scale_attn_weights: true,
        summary_activation: null,
        summary_first_dropout: 0.1,
        summary_type: 'cls_index',
        task_specific_params: { 'text-generation': { do_sample: true, max_length: 50, temperature: 1.0 } },
        tokenizer_class: 'GPT2Tokenizer',
        torch_dtype: 'float16',
      },
    ],
    ['what says nothing', { auto_map: null, quantization_config: null, pruned_heads: {}, architectures: null }],
  ])('%s changes nothing', (_, keys) => {
    expect(configFromJson({ ...configToJson(TINY), ...keys })).toEqual(TINY);
  });

  test('other names, and n_ctx, stand for sizes that are missing', () => {
    const { n_positions: _, n_embd: __, n_head: ___, ...rest } = sizes;
    const named = { hidden_size: 16, num_attention_heads: 4 };
    expect(configFromJson({ ...rest, ...named, n_ctx: 24 })).toEqual(TINY);
    expect(configFromJson({ ...rest, ...named, max_position_embeddings: 24, n_ctx: 2048 })).toEqual(TINY);
  });

  test('a list of one token is that token', () => {
    expect(configFromJson({ ...sizes, eos_token_id: [3] }).eos_token_id).toBe(3);
    expect(configFromJson({ ...sizes, eos_token_id: [50256] }).eos_token_id).toBe(null);
  });

  test.each([
    [{ activation_function: 'gelu' }, 'activation_function is "gelu", only "gelu_new" works'],
    [{ activation_function: null }, 'activation_function is null, only "gelu_new" works'],
    [{ scale_attn_weights: false }, 'scale_attn_weights is false, only true works'],
    [{ tie_word_embeddings: true }, 'tie_word_embeddings is true, only false works'],
    [{ add_cross_attention: true }, 'add_cross_attention is true, only false works'],
    [{ architectures: ['CodeGenModel'] }, 'architectures is ["CodeGenModel"], only ["CodeGenForCausalLM"] works'],
    [{ model_type: 'gptj' }, 'model_type is "gptj", only "codegen" works'],
    [{ auto_map: { AutoConfig: 'a.B' } }, 'auto_map is {"AutoConfig":"a.B"}, only null works'],
    [{ quantization_config: { bits: 4 } }, 'quantization_config is {"bits":4}, only null works'],
    [{ pruned_heads: { 0: [1] } }, 'pruned_heads is {"0":[1]}, only {} works'],
    [{ rope_scaling: { factor: 2 } }, 'rope_scaling is {"factor":2}, only null works'],
    [{ rope_theta: 1e6 }, 'rope_theta is 1000000, only 10000 works'],
    [{ dtype: 'int8' }, 'dtype is "int8", only "float32", "float16", "bfloat16", "float64" works'],
    [{ torch_dtype: 'float8_e4m3fn' }, 'torch_dtype is "float8_e4m3fn"'],
    [{ attn_pdrop: 1 }, 'attn_pdrop is 1, expected a number in [0, 1)'],
    [{ resid_pdrop: '0' }, 'resid_pdrop is "0"'],
    [{ hidden_size: 32 }, 'hidden_size 32 differs from n_embd 16'],
    [{ eos_token_id: [1, 2] }, 'eos_token_id is [1,2], only one token works'],
    [{ bos_token_id: '1' }, 'bos_token_id is "1"'],
    [{ bos_token_id: 0.5 }, 'bos_token_id is 0.5'],
    [{ rotary_dim: null }, 'rotary_dim is null'],
    [{ n_head: 2 }, 'n_head 2 is not a multiple of 4'],
    [{ layer_norm_epsilon: '1e-5' }, 'layer_norm_epsilon is "1e-5", expected a number in (0, 1)'],
    [{ layer_norm_epsilon: [0.1] }, 'layer_norm_epsilon is [0.1], expected a number in (0, 1)'],
    [{ vocab_size: 1e300 }, 'vocab_size is 1e+300'],
  ])('with %j is refused: %s', (change, message) => {
    const read = (): unknown => configFromJson({ ...configToJson(TINY), ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  test('that is no object is refused', () => {
    for (const json of [null, 3, [1], 'a']) expect(() => configFromJson(json)).toThrow('config: not an object');
  });
});
