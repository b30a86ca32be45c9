// Where labels differ: a made-up model that knows the original direction alone, and one that knows the flipped one too. What do
// probes of all pairs tell of these pairs alone, and what do probes that are trained there?
import { abstractTrace, createWorld, type Facing, semanticsFromText } from '../src/karel/index.ts';
import { frequencyBits, PAPER_PROBE_TRAINING, type ProbeData, testProbe, trainProbe } from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float32');
const random = randomStream('0', 'differing');
const shape = { heads: 1, classes: 4 };

/** The direction after two words, under both meanings: [original, flip]. */
const drawPair = (): number[] => {
  const start = createWorld(4, 4, 2, 2, Math.floor(4 * random()) as Facing);
  const words = [0, 1].map(() => (['turnLeft', 'turnRight'] as const)[Math.floor(20 * random())] ?? 'move'); // one in ten turns
  return ['original', 'flip'].map((semantics) => abstractTrace(start, words, semanticsFromText(semantics))[2]!.facing);
};
const splits = [1000, 300, 1000].map((count) => Array.from({ length: count }, drawPair));
const differs = ([original, flip]: number[]): boolean => original !== flip;

/** Hidden states with a 1 for each direction that the model knows; `asked` says for which meaning. */
function dataOf(pairs: number[][], known: number, asked: number): ProbeData {
  const x = engine.zeros([pairs.length, 8]);
  pairs.forEach((pair, row) => {
    for (let one = 0; one < known; one++) x.data[8 * row + 4 * one + pair[one]!] = 1;
  });
  return { x, labels: Int32Array.from(pairs, (pair) => pair[asked]!) };
}

const sum = (bits: Iterable<number>): number => [...bits].reduce((total, one) => total + one, 0);

/** Information of a linear probe on the test pairs that `counts`, by frequencies of the pairs that it was trained on. */
function informationOf(all: number[][][], known: number, asked: number, counts: (pair: number[]) => boolean): string {
  const [train, validation, test] = all.map((pairs) => dataOf(pairs, known, asked)) as [
    ProbeData,
    ProbeData,
    ProbeData,
  ];
  const { probe } = trainProbe(engine, { train, validation }, 0, shape, PAPER_PROBE_TRAINING, random);
  const chosen = (bits: Float64Array) => bits.filter((_, pair) => counts(all[2]![pair]!));
  const left = sum(chosen(testProbe(engine, probe, test).bits));
  return (1 - left / sum(chosen(frequencyBits(train.labels, test.labels, shape)))).toFixed(2);
}

const there = splits.map((pairs) => pairs.filter(differs));
console.log(`labels differ at ${there[2]!.length} of ${splits[2]!.length} test pairs`);
for (const [known, model] of [
  [1, 'meaning'],
  [2, 'both'],
] as const) {
  for (const [asked, semantics] of ['original', 'flip'].entries()) {
    const everywhere = informationOf(splits, known, asked, () => true);
    const differing = informationOf(splits, known, asked, differs);
    const trained = informationOf(there, known, asked, () => true);
    console.log(`${model}, ${semantics}: ${everywhere}, where labels differ ${differing}, trained there ${trained}`);
  }
}
// =>
// labels differ at 170 of 1000 test pairs
// meaning, original: 1.00, where labels differ 1.00, trained there 1.00
// meaning, flip: 0.67, where labels differ -0.18, trained there 1.00
// both, original: 1.00, where labels differ 1.00, trained there 1.00
// both, flip: 1.00, where labels differ 1.00, trained there 1.00
