// Bigrams of program words: count them, measure the surprise, and reach the same probabilities by gradient descent.
import {
  ACTIONS,
  type Action,
  type CorpusRecord,
  decodeRecord,
  generateSplit,
  SpecificationSet,
  type Split,
  solves,
} from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';

// #region draw
const grids = { width: 4, height: 4, examples: 2, wallRatio: 0.1, markerRatio: 0.1 };
const settings = { ...grids, minLength: 1, maxLength: 4, actionWeights: 'released' } as const;
const taken = new SpecificationSet();
/** Samples from the corpus of the committed model. */
function draw(split: Split, count: number): CorpusRecord[] {
  const random = randomStream('11', `corpus/${split}`);
  const records = generateSplit(settings, { split, count, random, taken, recordsPerChunk: 1 });
  return [...records].map((record) => decodeRecord(settings, record));
}
const validation = draw('validation', 2_000);
draw('test', 4_000); // so that training avoids its specifications; nobody looks at it here
const train = draw('train', 1_000);
// #endregion

// #region first
for (const { program } of train.slice(0, 3)) console.log('CODE', ...program, 'END');
// =>
// CODE turnRight move move END
// CODE turnRight move move turnLeft END
// CODE pickMarker putMarker move putMarker END

// #endregion

// #region count
const BEFORE = ['CODE', ...ACTIONS];
const NEXT = [...ACTIONS, 'END'];
/** A row for each word of BEFORE, in it a number for each word of NEXT. */
type Table = number[][];
/** A word, as its row in a table, and the word that came next, as its column. */
type Pair = readonly [before: number, next: number];

const zeros = (): Table => BEFORE.map(() => NEXT.map(() => 0));
const pairsOf = (samples: readonly CorpusRecord[]): Pair[] =>
  samples.flatMap(({ program }) => {
    const before = ['CODE', ...program];
    return [...program, 'END'].map((next, at): Pair => [BEFORE.indexOf(before[at]!), NEXT.indexOf(next)]);
  });

/** How often each word came next, as a share of all times that the word of the row stood before. */
function shares(pairs: readonly Pair[]): Table {
  const counts = zeros();
  for (const [before, next] of pairs) counts[before]![next]!++;
  return counts.map((row) => row.map((count) => count / row.reduce((sum, other) => sum + other)));
}
// #endregion

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((logit) => Math.exp(logit));
  return powers.map((power) => power / powers.reduce((sum, other) => sum + other));
}

// #region loss and step
/** Mean surprise, in nats: the cross-entropy of the probabilities in `table` on these pairs. */
function loss(table: Table, pairs: readonly Pair[]): number {
  let sum = 0;
  for (const [before, next] of pairs) sum -= Math.log(table[before]![next]!);
  return sum / pairs.length;
}

/** One step downhill: every logit moves against its derivative of the mean loss on `pairs`. */
function step(logits: Table, pairs: readonly Pair[], learningRate: number): void {
  const gradient = zeros();
  for (const [before, next] of pairs) {
    softmax(logits[before]!).forEach((p, word) => {
      gradient[before]![word]! += (p - (word === next ? 1 : 0)) / pairs.length;
    });
  }
  for (const [row, slopes] of gradient.entries()) {
    for (const [word, slope] of slopes.entries()) logits[row]![word]! -= learningRate * slope;
  }
}
// #endregion

// What came after `move` in the first three programs, and three steps from knowing nothing.
const MOVE = BEFORE.indexOf('move');
const few = pairsOf(train.slice(0, 3)).filter(([before]) => before === MOVE);
const hand = zeros();
// #region by hand
console.log(`step ${NEXT.join(' ')} loss`);
for (let steps = 0; steps <= 3; steps++) {
  const table = hand.map(softmax);
  console.log(steps, table[MOVE]!.map((p) => p.toFixed(3)).join(' '), loss(table, few).toFixed(3));
  step(hand, few, 1);
}
// =>
// step move turnLeft turnRight pickMarker putMarker END loss
// 0 0.167 0.167 0.167 0.167 0.167 0.167 1.792
// 1 0.208 0.171 0.140 0.140 0.171 0.171 1.688
// 2 0.247 0.172 0.119 0.119 0.172 0.172 1.616
// 3 0.280 0.172 0.103 0.103 0.172 0.172 1.567

// #endregion

// #region arrive
const pairs = pairsOf(train);
/** The least that any table of bigrams can reach on these pairs. */
export const counted = loss(shares(pairs), pairs);
console.log(pairs.length, counted.toFixed(3)); // => 3460 1.574

/** The losses before and after each of so many steps, from a table of zeros. */
export function descend(learningRate: number, steps: number): number[] {
  const logits = zeros();
  return Array.from({ length: steps + 1 }, (_, done) => {
    if (done > 0) step(logits, pairs, learningRate);
    return loss(logits.map(softmax), pairs);
  });
}
for (const rate of [1, 15, 40]) {
  const losses = descend(rate, 40);
  console.log(rate, [1, 2, 10, 39, 40].map((done) => losses[done]!.toFixed(3)).join(' '));
}
// =>
// 1 1.777 1.764 1.688 1.605 1.604
// 15 1.639 1.606 1.579 1.575 1.575
// 40 1.700 1.904 1.778 1.782 1.979

// #endregion

// #region batches
const logits = zeros();
for (let epoch = 1; epoch <= 3; epoch++) {
  for (let at = 0; at < train.length; at += 50) step(logits, pairsOf(train.slice(at, at + 50)), 5);
  const table = logits.map(softmax);
  console.log(epoch, loss(table, pairs).toFixed(3), loss(table, pairsOf(validation)).toFixed(3));
}
// =>
// 1 1.584 1.600
// 2 1.580 1.597
// 3 1.579 1.597

// #endregion

// #region write
// What the table writes, always the most probable word, and how many specifications that solves.
const table = logits.map(softmax);
const written: Action[] = [];
for (let before = 0; before < BEFORE.length; ) {
  const row = table[before]!;
  const next = NEXT[row.indexOf(Math.max(...row))]!;
  if (next !== 'END') written.push(next as Action);
  before = next === 'END' ? BEFORE.length : BEFORE.indexOf(next);
}
const solved = validation.filter((sample) => solves(sample, written)).length;
console.log(written.join(' '), solved / validation.length); // => move 0.1905
const [end, move] = ['END', 'move'].map((word) => table[MOVE]![NEXT.indexOf(word)]!.toFixed(2));
console.log(end, move); // => 0.45 0.20
// #endregion
