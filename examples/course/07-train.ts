// Stage 7: training. It takes some ten seconds, and is done when this file is imported.
import { linearSchedule } from '../../src/autograd/index.ts';
import { promptLength } from '../../src/karel/index.ts';
import { randomInteger } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { Trainer, weightsFrom } from '../../src/transformer/index.ts';
import { samplesOf, shape, splits } from './02-tokens.ts';
import { floorOf } from './04-bigrams.ts';
import { engine, lossOf, newModel } from './06-model.ts';

const samples = { train: samplesOf(splits.train), validation: samplesOf(splits.validation) };
const curve: string[] = [];

// #region train
const steps = 2000;
export const model = newModel();
const trainer = new Trainer(engine, model, {
  schedule: linearSchedule({ peak: 0.01, warmupSteps: 50, totalSteps: steps }),
  clip: 1,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
});
const random = randomStream('0', 'batches');
for (let step = 1; step <= steps; step++) {
  const sequences = Array.from({ length: 64 }, () => samples.train[randomInteger(random, samples.train.length)]!);
  const weights = sequences.map(({ length }) => weightsFrom(length, promptLength(shape))); // the program alone counts
  trainer.step({ sequences, weights });
  if (step % 400 === 0) curve.push([step, ...losses()].join(' '));
}
// #endregion

function losses(): string[] {
  return [lossOf(model, samples.train), lossOf(model, samples.validation)].map((loss) => loss.toFixed(2));
}

export function show(): void {
  console.log(curve.join('\n'));
  // =>
  // x
  console.log(floorOf('train').toFixed(2), floorOf('validation').toFixed(2)); // => 
}
