// Stage 6: a CodeGen of two layers, before it has learned anything.
import { promptLength, sampleLength, VOCABULARY_SIZE } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { createEngine } from '../../src/tensor/index.ts';
import { CodeGen, codeGenConfig, parameterCount, tokenLosses } from '../../src/transformer/index.ts';
import { samplesOf, shape, splits } from './02-tokens.ts';

// #region new model
export const engine = await createEngine({ arithmetic: 'simd' }); // the same bits on every machine

const config = codeGenConfig({
  vocab_size: VOCABULARY_SIZE,
  n_positions: sampleLength(shape),
  n_embd: 16,
  n_layer: 2,
  n_head: 4,
  rotary_dim: 4,
});

/** The same one each time. */
export const newModel = (): CodeGen => CodeGen.initialize(engine, config, randomStream('0', 'model'));
// #endregion

/** Mean loss of the programs' words, END included, in nats. */
export function lossOf(model: CodeGen, samples: readonly number[][]): number {
  const losses = tokenLosses(engine, model, samples).flatMap((list) => [...list.slice(promptLength(shape) - 1)]);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

export function show(): void {
  console.log(parameterCount(config)); // => 7258
  console.log(lossOf(newModel(), samplesOf(splits.validation)).toFixed(2), Math.log(VOCABULARY_SIZE).toFixed(2)); // => 3.24 3.26
}
