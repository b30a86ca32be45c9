/** @file Small models and sequences for tests. */
import type { Engine } from '../../src/tensor/engine.ts';
import { CodeGen, type CodeGenSettings, codeGenConfig } from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';

export const TINY = codeGenConfig({
  vocab_size: 11,
  n_positions: 24,
  n_embd: 16,
  n_layer: 2,
  n_head: 4,
  rotary_dim: 2,
});

/** A model whose weights are ten times as large as at the start of training, so that its outputs differ from each other. */
export function tinyModel(engine: Engine, settings: Partial<CodeGenSettings> = {}, seed = 1): CodeGen {
  const model = CodeGen.initialize(engine, codeGenConfig({ ...TINY, ...settings }), uniform(seed));
  const random = uniform(seed + 1);
  for (const { value } of model.parameters) {
    const matrix = value.shape.length === 2;
    for (let i = 0; i < value.size; i++) value.data[i] = matrix ? 10 * value.data[i]! : value.data[i]! + random() - 0.5;
  }
  return model;
}

/** `count` sequences of `least` to `most` tokens, below TINY's vocabulary size. */
export function sequences(count: number, least: number, most: number, seed = 1): number[][] {
  const random = uniform(seed);
  const whole = (size: number): number => Math.floor(size * random());
  return Array.from({ length: count }, () =>
    Array.from({ length: least + whole(most - least + 1) }, () => whole(TINY.vocab_size)),
  );
}
