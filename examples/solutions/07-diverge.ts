// The counting model with a learning rate that is far too large: with its clip, and without.

import { randomStream } from '../../src/random.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { CodeGen, codeGenConfig, NonFiniteLossError, Trainer } from '../../src/transformer/index.ts';

const engine = createReferenceEngine('float32');
const config = codeGenConfig({ vocab_size: 5, n_positions: 12, n_embd: 16, n_layer: 2, n_head: 4, rotary_dim: 4 });
const sequences = [0, 1, 2, 3, 4].map((start) => Array.from({ length: 8 }, (_, i) => (start + i) % 5));
function losses(rate: number, clip: number): string {
  const model = CodeGen.initialize(engine, config, randomStream('0', 'counting'));
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };
  const trainer = new Trainer(engine, model, { schedule: () => rate, clip, ...adam });
  const found: string[] = [];
  try {
    for (let step = 0; step < 30; step++) found.push(trainer.step({ sequences }).loss.toPrecision(3));
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    found.push(error.message);
  }
  return found.slice(0, 3).join(', ');
}
console.log(losses(0.01, 1)); // => 1.64, 1.43, 1.29
console.log(losses(1, 1)); // => 1.64, 5.96, 16.4
console.log(losses(1e9, 1)); // => 1.64, training: the gradient norm of step 2 is NaN
console.log(losses(1e25, 1)); // => 1.64, training: the loss of step 2 is NaN
