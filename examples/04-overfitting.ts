// Longer contexts, counted on few programs and on many: what a table remembers, and what it has learnt.
import { decodeRecord, generateSplit, SpecificationSet, type Split } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';

const grids = { width: 4, height: 4, examples: 2, wallRatio: 0.1, markerRatio: 0.1 };
const settings = { ...grids, minLength: 1, maxLength: 4, actionWeights: 'released' } as const;
const taken = new SpecificationSet();
function draw(split: Split, count: number): string[][] {
  const random = randomStream('11', `corpus/${split}`);
  const records = generateSplit(settings, { split, count, random, taken, recordsPerChunk: 1 });
  return [...records].map((record) => [...decodeRecord(settings, record).program, 'END']);
}
const validation = draw('validation', 2_000);
draw('test', 4_000); // so that training avoids its specifications; nobody looks at it here
const train = draw('train', 10_000);

// #region table
/** How often each word came after each context, the last `length` words before it. */
type Counts = Map<string, Map<string, number>>;

function contextOf(words: readonly string[], at: number, length: number): string {
  const before = ['CODE', 'CODE', 'CODE', 'CODE', ...words.slice(0, at)];
  return before.slice(before.length - length).join(' ');
}

function count(programs: readonly string[][], length: number): Counts {
  const counts: Counts = new Map();
  for (const words of programs) {
    for (const [at, word] of words.entries()) {
      const context = contextOf(words, at, length);
      const after = counts.get(context) ?? new Map<string, number>();
      counts.set(context, after.set(word, (after.get(word) ?? 0) + 1));
    }
  }
  return counts;
}

/** Mean surprise. A tenth more is counted of every word, so that none that never came is impossible. */
function loss(counts: Counts, programs: readonly string[][], length: number): number {
  let [sum, words] = [0, 0];
  for (const program of programs) {
    for (const [at, word] of program.entries()) {
      const after = counts.get(contextOf(program, at, length)) ?? new Map<string, number>();
      const times = [...after.values()].reduce((total, times) => total + times, 0);
      sum -= Math.log(((after.get(word) ?? 0) + 0.1) / (times + 0.6));
      words++;
    }
  }
  return sum / words;
}
// #endregion

// #region compare
/** Each length of context on few programs and on many: mean losses in nats. */
export const comparison = [100, 10_000].flatMap((programs) =>
  [0, 1, 2, 3, 4].map((length) => {
    const seen = train.slice(0, programs);
    const counts = count(seen, length);
    const [training, fresh] = [loss(counts, seen, length), loss(counts, validation, length)];
    return { programs, length, contexts: counts.size, training, validation: fresh };
  }),
);
for (const { programs, length, contexts, training, validation } of comparison) {
  console.log(programs, length, contexts, training.toFixed(3), validation.toFixed(3));
}
// =>
// 100 0 1 1.683 1.706
// 100 1 6 1.512 1.657
// 100 2 30 1.326 1.819
// 100 3 75 1.207 1.843
// 100 4 89 1.203 1.863
// 10000 0 1 1.704 1.701
// 10000 1 6 1.586 1.585
// 10000 2 31 1.561 1.564
// 10000 3 156 1.525 1.551
// 10000 4 706 1.496 1.530

// #endregion
