// How far does a model go on that has learnt from short sequences? To count needs the last token, to count 0 0 1 1 2 2 the last two.
import { linearSchedule } from '../../src/autograd/index.ts';
import { randomStream } from '../../src/random.ts';
import { createEngine } from '../../src/tensor/index.ts';
import { CodeGen, codeGenConfig, generate, Trainer } from '../../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd', tileRows: 4 });
const config = codeGenConfig({ vocab_size: 5, n_positions: 64, n_embd: 16, n_layer: 2, n_head: 4, rotary_dim: 4 });
const adam = { clip: 1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };

/** How many tokens after the first two are right before the first wrong one, for a model of so many tokens a sequence. */
function rightFor(each: number, length: number, steps: number): number {
  const token = (i: number) => Math.floor(i / each) % 5;
  const model = CodeGen.initialize(engine, config, randomStream('0', 'counting'));
  const schedule = linearSchedule({ peak: 0.01, warmupSteps: 3, totalSteps: steps });
  const trainer = new Trainer(engine, model, { schedule, ...adam });
  const sequences = Array.from({ length: 5 * each }, (_, start) => Array.from({ length }, (_, i) => token(start + i)));
  for (let step = 0; step < steps; step++) trainer.step({ sequences });
  const [written] = generate(engine, model, [[token(0), token(1)]], { maxNewTokens: 62, endToken: -1 });
  const wrong = written!.tokens.findIndex((word, i) => word !== token(i + 2));
  return wrong === -1 ? written!.tokens.length : wrong;
}
console.log([4, 8].map((length) => rightFor(1, length, 60)).join(' ')); // => 62 62
console.log([4, 8, 12].map((length) => rightFor(2, length, 100)).join(' ')); // => 7 12 12
await engine.close();
