// Stage 5: the same table, learned from its gradient.
import { crossEntropy, embedding, parameter, Tape } from '../../src/autograd/index.ts';
import { VOCABULARY_SIZE } from '../../src/karel/index.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { type Pair, surpriseOf, train, validation } from './04-bigrams.ts';

const engine = createReferenceEngine('float64');

/** For each token before, a logit for each that may follow. At first all are alike. */
const table = parameter(engine, engine.zeros([VOCABULARY_SIZE, VOCABULARY_SIZE]));

function lossOf(tape: Tape, pairs: readonly Pair[]) {
  const before = engine.integers(pairs.map(([token]) => token));
  const words = engine.integers(pairs.map(([, word]) => word));
  return crossEntropy(tape, embedding(tape, table, before), words).loss;
}

function step(learningRate: number): number {
  const tape = new Tape(engine);
  const loss = lossOf(tape, train);
  tape.backward(loss);
  table.gradient!.data.forEach((slope, i) => {
    table.value.data[i]! -= learningRate * slope;
  });
  return loss.value.data[0]!;
}

export function show(): void {
  for (let i = 0; i <= 100; i++) {
    const loss = step(20);
    if (i % 25 === 0) console.log(i, loss.toFixed(3));
  }
  // =>
  // 0 3.258
  // 25 1.434
  // 50 1.405
  // 75 1.396
  // 100 1.391

  const learned = lossOf(new Tape(engine, { recording: false }), validation).value.data[0]!;
  console.log(learned.toFixed(3), surpriseOf(validation).toFixed(3)); // => 1.384 1.376
}
