// Stage 4: which word follows which? Counted, with the surprise that remains.
import { promptLength } from '../../src/karel/index.ts';
import { samplesOf, shape, splits } from './02-tokens.ts';

/** A token, and the word of the program that follows it. */
export type Pair = readonly [before: number, word: number];

/** Each word of the samples' programs, END included, with the token before it. */
const pairsOf = (samples: readonly number[][]): Pair[] =>
  samples.flatMap((sample) =>
    sample.slice(promptLength(shape)).map((word, i): Pair => [sample[promptLength(shape) + i - 1]!, word]),
  );

export const train = pairsOf(samplesOf(splits.train));
export const validation = pairsOf(samplesOf(splits.validation));

// #region count
const counts = new Map<string, number>();
const countOf = (key: string) => counts.get(key) ?? 0;
for (const [before, word] of train) {
  for (const key of [`${before}`, `${before} ${word}`]) counts.set(key, countOf(key) + 1);
}

/** One is added to the count of each of the six words, lest one that never came have the probability 0. */
const probability = ([before, word]: Pair) => (countOf(`${before} ${word}`) + 1) / (countOf(`${before}`) + 6);
// #endregion

/** Cross-entropy in nats a word. */
export const surpriseOf = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, pair) => sum - Math.log(probability(pair)), 0) / pairs.length;

/** Where k programs are right, nobody can know which one comes: log k nats, shared out among its words. */
export function unknowable(split: keyof typeof splits): number {
  const nats = splits[split].reduce((sum, { programs }) => sum + programs.length * Math.log(programs.length), 0);
  return nats / pairsOf(samplesOf(splits[split])).length;
}

export function show(): void {
  console.log(train.length, validation.length); // => 4126 867
  console.log(Math.log(6).toFixed(3), surpriseOf(train).toFixed(3), surpriseOf(validation).toFixed(3)); // => 1.792 1.382 1.376
  console.log(unknowable('train').toFixed(2), unknowable('validation').toFixed(2)); // => 0.14 0.14
}
