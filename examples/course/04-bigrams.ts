// Stage 4: which word follows which? Counted, and how much the next word still surprises.
import { promptLength } from '../../src/karel/index.ts';
import { samplesOf, shape, splits } from './02-tokens.ts';

/** Each word of the samples' programs, END included, with the token before it. */
export const pairsOf = (samples: readonly number[][]): [number, number][] =>
  samples.flatMap((sample) =>
    sample.slice(promptLength(shape)).map((word, i): [number, number] => [sample[promptLength(shape) + i - 1]!, word]),
  );

export const train = pairsOf(samplesOf(splits.train));
export const validation = pairsOf(samplesOf(splits.validation));

// #region count
const counts = new Map<string, number>();
const count = (key: string) => counts.get(key) ?? 0;
for (const [before, word] of train) {
  for (const key of [`${before}`, `${before} ${word}`]) counts.set(key, count(key) + 1);
}

/** Every one of the six words that can come gets one count as a present, lest an unseen one have probability 0. */
const probability = (before: number, word: number) => (count(`${before} ${word}`) + 1) / (count(`${before}`) + 6);

/** Cross-entropy in nats a word. */
export const surprise = (pairs: readonly [number, number][]): number =>
  pairs.reduce((sum, [before, word]) => sum - Math.log(probability(before, word)), 0) / pairs.length;
// #endregion

/** Where k programs are right no one can know which of them will come: log k nats, on average over the words. */
export function floorOf(split: keyof typeof splits): number {
  const samples = samplesOf(splits[split]);
  const unknown = splits[split].reduce((sum, { programs }) => sum + programs.length * Math.log(programs.length), 0);
  return unknown / pairsOf(samples).length;
}

export function show(): void {
  console.log(train.length, validation.length); // => 
  console.log(Math.log(6).toFixed(3), surprise(train).toFixed(3), surprise(validation).toFixed(3)); // => 
  console.log(floorOf('train').toFixed(3), floorOf('validation').toFixed(3)); // => 
}
