/** @file How many floating-point operations a training step is. Chapter 7. */
import { sizeOf } from '../tensor/shape.ts';
import type { CodeGenConfig } from './config.ts';
import { parameterSpecs } from './parameters.ts';

/** Weights that take part in matrix products: all matrices but the embedding, which is looked up. */
export function productWeights(config: CodeGenConfig): number {
  return parameterSpecs(config)
    .filter(({ name, shape }) => shape.length === 2 && name !== 'transformer.wte.weight')
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * FLOP of forward and backward pass for samples of these lengths: per token 6 x weights + 6 x layers x context x width,
 * where context is the tokens of its sample.
 *
 * A weight costs each token a multiplication and an addition forward, and twice that backward (dx and dW). In attention a
 * token meets context / 2 others on average, the causal half; scores and weighted values take 2 x width each for it, so
 * 2 x context x width forward, and twice that backward. What is not a matrix product is not counted, nor is what a kernel
 * computes beyond this: work that is not needed does not make a step look faster.
 */
export function stepFlops(config: CodeGenConfig, lengths: readonly number[]): number {
  const weights = productWeights(config);
  const { n_layer: layers, n_embd: width } = config;
  return lengths.reduce((sum, context) => sum + context * (6 * weights + 6 * layers * context * width), 0);
}
