// Where the loss of the committed model lies, and that of a table of bigrams.
import {
  generateSplit,
  promptLength,
  SpecificationSet,
  type Split,
  TOKEN,
  VOCABULARY_SIZE,
} from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { randomStream } from '../src/random.ts';
import { createEngine } from '../src/tensor/index.ts';
import { tokenLosses } from '../src/transformer/index.ts';

const grids = { width: 4, height: 4, examples: 2, wallRatio: 0.1, markerRatio: 0.1 };
const settings = { ...grids, minLength: 1, maxLength: 4, actionWeights: 'released' } as const;
const taken = new SpecificationSet();
function draw(split: Split, count: number): Uint8Array[] {
  const random = randomStream('11', `corpus/${split}`);
  const records = generateSplit(settings, { split, count, random, taken, recordsPerChunk: 1 });
  return [...records].map((record) => record.subarray(0, record.indexOf(TOKEN.END) + 1));
}
const validation = draw('validation', 100);
const train = draw('train', 2_000);

// #region tokens
// Bigrams of all 26 tokens, again a tenth more of each.
const counts = Array.from({ length: VOCABULARY_SIZE }, () => new Float64Array(VOCABULARY_SIZE).fill(0.1));
for (const tokens of train) {
  for (let at = 1; at < tokens.length; at++) counts[tokens[at - 1]!]![tokens[at]!]!++;
}
const bigram = (before: number, next: number): number =>
  -Math.log(counts[before]![next]! / counts[before]!.reduce((sum, count) => sum + count));

/** What kind of token stands at `at`: a grid is 16 cells behind its IN or OUT. */
const KINDS = ['input 1', 'output 1', 'input 2', 'output 2', 'program', 'layout'];
function kindOf(tokens: Uint8Array, at: number): number {
  if (at >= promptLength(settings)) return 4;
  return tokens[at]! < TOKEN.WALL ? 5 : Math.floor((at - 1) / 17);
}
// #endregion

// #region losses
/** Of each kind the number of tokens, and the mean loss of the bigrams and of the model, in nats. */
export async function lossesByKind(): Promise<{ kind: string; tokens: number; bigram: number; model: number }[]> {
  const engine = await createEngine({ arithmetic: 'simd' });
  const losses = tokenLosses(engine, packagedModel(engine).model, validation);
  const sums = KINDS.map((kind) => ({ kind, tokens: 0, bigram: 0, model: 0 }));
  for (const [sample, tokens] of validation.entries()) {
    for (let at = 1; at < tokens.length; at++) {
      const sum = sums[kindOf(tokens, at)]!;
      sum.tokens++;
      sum.bigram += bigram(tokens[at - 1]!, tokens[at]!);
      sum.model += losses[sample]![at - 1]!;
    }
  }
  return sums.map(({ kind, tokens, bigram, model }) => ({
    kind,
    tokens,
    bigram: bigram / tokens,
    model: model / tokens,
  }));
}
// #endregion

for (const { kind, tokens, bigram, model } of await lossesByKind()) {
  console.log(kind, tokens, bigram.toFixed(2), model.toFixed(2));
}
// =>
// input 1 1600 0.98 0.86
// output 1 1600 0.98 0.15
// input 2 1600 0.96 0.84
// output 2 1600 0.96 0.06
// program 370 1.59 0.81
// layout 500 3.05 0.00
