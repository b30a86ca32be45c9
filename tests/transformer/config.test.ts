import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  codeGenConfig,
  headLayout,
  innerWidth,
  parameterCount,
  parameterSpecs,
} from '../../src/transformer/index.ts';
import { TINY } from './tiny.ts';

describe('config', () => {
  test.each([
    [{ n_heads: 4 }, 'unknown key n_heads'],
    [{ n_embd: 18 }, 'n_embd 18 is not a multiple of n_head 4'],
    [{ n_embd: 18, n_head: 6 }, 'n_head 6 is not a multiple of 4'],
    [{ rotary_dim: 3 }, 'rotary_dim 3 is not even'],
    [{ rotary_dim: 6 }, 'at most the head size 4'],
    [{ rotary_dim: 0 }, 'rotary_dim is 0'],
    [{ n_layer: 1.5 }, 'n_layer is 1.5, expected a whole number from 1 up'],
    [{ vocab_size: '11' }, 'vocab_size is "11"'],
    [{ n_inner: 0 }, 'n_inner is 0'],
    [{ eos_token_id: 11 }, 'eos_token_id 11 is not below vocab_size 11'],
    [{ layer_norm_epsilon: 0 }, 'layer_norm_epsilon is 0'],
    [{ initializer_range: 1 }, 'initializer_range is 1, expected a number in (0, 1)'],
  ])('%j is refused: %s', (change, message) => {
    const settings = { ...TINY, ...change } as typeof TINY;
    expect(() => codeGenConfig(settings)).toThrow(ConfigError);
    expect(() => codeGenConfig(settings)).toThrow(message);
  });

  test('what has a default may be left out', () => {
    const { vocab_size, n_positions, n_embd, n_layer, n_head, rotary_dim } = TINY;
    const config = codeGenConfig({ vocab_size, n_positions, n_embd, n_layer, n_head, rotary_dim });
    expect(config).toEqual(TINY);
    expect(innerWidth(config)).toBe(4 * n_embd);
    expect(headLayout(config)).toEqual({ heads: 4, headSize: 4, groups: 4 });
  });
});

describe('parameters', () => {
  test('the exact list of names and shapes for two layers of width 16', () => {
    const block = (layer: number): string[] => [
      `transformer.h.${layer}.ln_1.weight 16`,
      `transformer.h.${layer}.ln_1.bias 16`,
      `transformer.h.${layer}.attn.qkv_proj.weight 48x16`,
      `transformer.h.${layer}.attn.out_proj.weight 16x16`,
      `transformer.h.${layer}.mlp.fc_in.weight 64x16`,
      `transformer.h.${layer}.mlp.fc_in.bias 64`,
      `transformer.h.${layer}.mlp.fc_out.weight 16x64`,
      `transformer.h.${layer}.mlp.fc_out.bias 16`,
    ];
    expect(parameterSpecs(TINY).map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
      'transformer.wte.weight 11x16',
      ...block(0),
      ...block(1),
      'transformer.ln_f.weight 16',
      'transformer.ln_f.bias 16',
      'lm_head.weight 11x16',
      'lm_head.bias 11',
    ]);
    expect(parameterCount(TINY)).toBe(11 * 16 + 2 * (2 * 16 + 48 * 16 + 256 + 2 * 1024 + 64 + 16) + 32 + 11 * 16 + 11);
  });

  test('width 64, 4 layers and 26 tokens make 201,882 parameters', () => {
    const config = { vocab_size: 26, n_positions: 128, n_embd: 64, n_layer: 4, n_head: 4, rotary_dim: 16 };
    expect(parameterCount(codeGenConfig(config))).toBe(201_882);
  });
});
