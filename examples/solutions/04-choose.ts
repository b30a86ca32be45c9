// How many words before, when there are 1,000 programs? Validation chooses; test is asked once, about the choice.
import { decodeRecord, generateSplit, SpecificationSet, type Split } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';

const grids = { width: 4, height: 4, examples: 2, wallRatio: 0.1, markerRatio: 0.1 };
const settings = { ...grids, minLength: 1, maxLength: 4, actionWeights: 'released' } as const;
const taken = new SpecificationSet();
const draw = (split: Split, count: number): string[][] =>
  [
    ...generateSplit(settings, {
      split,
      count,
      taken,
      recordsPerChunk: 1,
      random: randomStream('11', `corpus/${split}`),
    }),
  ].map((record) => [...decodeRecord(settings, record).program, 'END']);
const validation = draw('validation', 2_000);
const test = draw('test', 4_000);
const train = draw('train', 1_000);

/** Context and next word of each place. */
const placesOf = (programs: readonly string[][], length: number): [string, string][] =>
  programs.flatMap((words) =>
    words.map((word, at): [string, string] => {
      const before = ['CODE', 'CODE', 'CODE', 'CODE', ...words.slice(0, at)];
      return [before.slice(before.length - length).join(' '), word];
    }),
  );

/** The loss on `programs` of what was counted in training. */
function loss(programs: readonly string[][], length: number): number {
  const counts = new Map<string, number>();
  const more = (key: string): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [context, word] of placesOf(train, length)) {
    more(context);
    more(`${context} > ${word}`);
  }
  const places = placesOf(programs, length);
  const surprise = ([context, word]: [string, string]): number =>
    -Math.log(((counts.get(`${context} > ${word}`) ?? 0) + 0.1) / ((counts.get(context) ?? 0) + 0.6));
  return places.reduce((sum, place) => sum + surprise(place), 0) / places.length;
}

// #region answer
const losses = [0, 1, 2, 3, 4].map((length) => loss(validation, length));
const chosen = losses.indexOf(Math.min(...losses));
console.log(losses.map((nats) => nats.toFixed(3)).join(' ')); // => 1.703 1.589 1.590 1.629 1.682
console.log(chosen, loss(test, chosen).toFixed(3)); // => 1 1.593
// #endregion
