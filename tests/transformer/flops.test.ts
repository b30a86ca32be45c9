/** @file The FLOP of a step, by hand. */
import { expect, test } from 'vitest';
import { codeGenConfig, productWeights, stepFlops } from '../../src/transformer/index.ts';

const sizes = { vocab_size: 10, n_positions: 8, n_embd: 8, n_layer: 2, n_head: 4, rotary_dim: 2 };
const config = codeGenConfig(sizes);

test('weights in matrix products: qkv 3 x 8 x 8, out 8 x 8, MLP 32 x 8 twice, in 2 blocks, and a head of 10 x 8', () => {
  expect(productWeights(config)).toBe(2 * (192 + 64 + 256 + 256) + 80); // = 1616: no embedding, bias or norm
});

test('a step on samples of 3 and 5 tokens: 6 x 1616 a token, and 6 x 2 x 8 for each token of its sample', () => {
  // 3 x (9696 + 96 x 3) + 5 x (9696 + 96 x 5)
  expect(stepFlops(config, [3, 5])).toBe(3 * 9984 + 5 * 10176);
});

test('attention is counted within each sample: two samples of 4 tokens are less than one of 8', () => {
  expect(stepFlops(config, [8]) - stepFlops(config, [4, 4])).toBe(96 * (64 - 32));
});
