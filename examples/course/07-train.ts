// Stage 7: training. It takes some ten seconds, and happens when this file is imported.
import { linearSchedule } from '../../src/autograd/index.ts';
import { promptLength, randomInteger } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { Trainer, weightsFrom } from '../../src/transformer/index.ts';
import { encode, samplesOf, shape, splits } from './02-tokens.ts';
import { engine, lossOf, newModel } from './06-model.ts';

export const model = newModel();
const steps = 1500;
const trainer = new Trainer(engine, model, {
  schedule: linearSchedule({ peak: 0.01, warmupSteps: 50, totalSteps: steps }),
  clip: 1,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  optimizer: 'muon',
});

const random = randomStream('0', 'batches');
const drawn = <T>(list: readonly T[]): T => list[randomInteger(random, list.length)]!;
const curve: string[] = [];

// #region train
for (let step = 1; step <= steps; step++) {
  const tasks = Array.from({ length: 64 }, () => drawn(splits.train));
  const sequences = tasks.map((task) => encode(task, drawn(task.programs)));
  const weights = sequences.map(({ length }) => weightsFrom(length, promptLength(shape))); // only programs count
  trainer.step({ sequences, weights });
  if (step % 300 === 0) curve.push([step, ...losses()].join(' '));
}
// #endregion

function losses(): string[] {
  return [splits.train, splits.validation].map((tasks) => lossOf(model, samplesOf(tasks)).toFixed(2));
}

export function show(): void {
  for (const line of curve) console.log(line);
  // =>
  // 300 0.55 0.69
  // 600 0.29 0.40
  // 900 0.21 0.28
  // 1200 0.17 0.23
  // 1500 0.16 0.21
}
