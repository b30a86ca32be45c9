// A Transformer of two layers learns to count: 0 1 2 3 4 0 1 2 ... from wherever it starts.
import { linearSchedule } from '../src/autograd/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';
import { CodeGen, codeGenConfig, generate, parameterCount, Trainer } from '../src/transformer/index.ts';

const engine = createReferenceEngine('float32');
const config = codeGenConfig({ vocab_size: 5, n_positions: 12, n_embd: 16, n_layer: 2, n_head: 4, rotary_dim: 4 });
const model = CodeGen.initialize(engine, config, randomStream('0', 'counting'));
console.log(parameterCount(config)); // => 6565

const steps = 30;
const trainer = new Trainer(engine, model, {
  schedule: linearSchedule({ peak: 0.01, warmupSteps: 3, totalSteps: steps }),
  clip: 1,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
});
const sequences = [0, 1, 2, 3, 4].map((start) => Array.from({ length: 8 }, (_, i) => (start + i) % 5));
for (let step = 1; step <= steps; step++) {
  const { loss } = trainer.step({ sequences });
  if (step === 1 || step % 10 === 0) console.log(step, loss.toFixed(2));
}
// =>
// 1 1.64
// 10 0.84
// 20 0.36
// 30 0.24

// It has never been asked to go on from 3 for nine tokens, and there is no end token, so only the cap stops it.
const [written] = generate(engine, model, [[3]], { maxNewTokens: 9, endToken: -1 });
console.log(written!.tokens.join(' ')); // => 4 0 1 2 3 4 0 1 2
