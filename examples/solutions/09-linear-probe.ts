// A linear probe from the chapter alone, by plain gradient descent, beside the library's, which goes by L-BFGS.
import { beliefs, PAPER_PROBE_TRAINING, trainProbe } from '../../src/probe/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const CLASSES = 3;
const train = {
  x: [[1, 0], [2, 1], [0, 1], [3, 3], [5, 4], [6, 5], [4, 4], [2, 4], [1, 5], [0, 6], [2, 6], [4, 5]], // biome-ignore format: a table
  labels: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
};
const validation = {
  x: [[1, 2], [3, 2], [4, 3], [5, 5], [1, 4], [3, 5]], // biome-ignore format: a table
  labels: [0, 0, 1, 1, 2, 2],
};

// #region inputs
const n = train.x.length;
const mean = [0, 1].map((j) => train.x.reduce((sum, row) => sum + row[j]!, 0) / n);
const deviation = [0, 1].map((j) => Math.sqrt(train.x.reduce((sum, row) => sum + (row[j]! - mean[j]!) ** 2, 0) / n));
const standardised = (rows: number[][]) => rows.map((row) => row.map((value, j) => (value - mean[j]!) / deviation[j]!));
// #endregion

// #region downhill
/** A row of weights for each class, its bias behind them. */
type Probe = number[][];

function probabilities(probe: Probe, x: number[]): number[] {
  const powers = probe.map((row) => Math.exp(row[0]! * x[0]! + row[1]! * x[1]! + row[2]!));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Downhill until no entry of the gradient is larger than `tolerance`. */
function descend(probe: Probe, xs: number[][], labels: number[], penalty: number, tolerance = 1e-5): void {
  for (;;) {
    const gradient = probe.map(([a, b]) => [penalty * a!, penalty * b!, 0]);
    xs.forEach((x, pair) => {
      probabilities(probe, x).forEach((p, c) => {
        const error = (p - (labels[pair] === c ? 1 : 0)) / xs.length;
        [...x, 1].forEach((input, j) => void (gradient[c]![j]! += error * input));
      });
    });
    if (gradient.flat().every((entry) => Math.abs(entry) <= tolerance)) return;
    probe.forEach((row, c) => void row.forEach((_, j) => void (row[j]! -= 2 * gradient[c]![j]!)));
  }
}

function crossEntropy(probe: Probe, xs: number[][], labels: number[]): number {
  return xs.reduce((sum, x, pair) => sum - Math.log2(probabilities(probe, x)[labels[pair]!]!), 0) / xs.length;
}
// #endregion

// #region chosen
const [inputs, others] = [standardised(train.x), standardised(validation.x)];
const probe: Probe = Array.from({ length: CLASSES }, () => [0, 0, 0]);
let [best, kept, worse] = [Number.POSITIVE_INFINITY, probe, 0];
for (const penalty of [0.1, 0.02, 0.004, 8e-4, 1.6e-4, 3.2e-5, 6.4e-6]) {
  descend(probe, inputs, train.labels, penalty);
  const bits = crossEntropy(probe, others, validation.labels);
  worse = bits < best ? 0 : worse + 1;
  if (worse === 0) [best, kept] = [bits, probe.map((row) => [...row])];
  if (worse === 2) break;
}
// #endregion
console.log(best.toFixed(3)); // => 0.567

// The library's answers to the same pairs.
const engine = createReferenceEngine('float64');
const data = (xs: number[][], labels: number[]) => ({
  x: engine.tensor([xs.length, 2], xs.flat()),
  labels: Int32Array.from(labels),
});
const [ours, theirs] = [data(inputs, train.labels), data(others, validation.labels)];
const library = trainProbe(
  engine,
  { train: ours, validation: theirs },
  0,
  { heads: 1, classes: CLASSES },
  PAPER_PROBE_TRAINING,
  () => 0.5,
);
const expected = beliefs(engine, library.probe, theirs.x);
const differences = others.flatMap((x, row) =>
  probabilities(kept, x).map((p, c) => Math.abs(p - expected[CLASSES * row + c]!)),
);
console.log(Math.max(...differences) < 1e-3); // => true
