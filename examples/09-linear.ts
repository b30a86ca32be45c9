// The linear probe on twelve pairs, with every number that one needs to check a probe of one's own.
import {
  beliefs,
  PAPER_PROBE_TRAINING,
  PENALTIES,
  standardizationOf,
  standardize,
  trainProbe,
} from '../src/probe/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

// #region twelve
// Hidden states of two numbers, and one of three classes for each.
const train = {
  hidden: [1, 0, 2, 1, 0, 1, 3, 3, 5, 4, 6, 5, 4, 4, 2, 4, 1, 5, 0, 6, 2, 6, 4, 5],
  labels: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
};
const validation = { hidden: [1, 2, 3, 2, 4, 3, 5, 5, 1, 4, 3, 5], labels: [0, 0, 1, 1, 2, 2] };
// #endregion

const engine = createReferenceEngine('float64');
const rowsOf = (labels: number[]) => Int32Array.from(labels.keys());
const by = standardizationOf(Float32Array.from(train.hidden), rowsOf(train.labels), 2);
const text = (numbers: ArrayLike<number>) => Array.from(numbers, (number) => number.toFixed(3)).join(' ');
console.log(`mean ${text(by.mean)}, deviation ${text(by.deviation)}`); // => mean 2.500 3.667, deviation 1.848 1.929

const data = ({ hidden, labels }: typeof train) => ({
  x: standardize(engine, hidden, rowsOf(labels), by),
  labels: Int32Array.from(labels),
});
const pairs = { train: data(train), validation: data(validation) };
const {
  probe,
  validation: bits,
  best,
} = trainProbe(
  engine,
  pairs,
  0, // hidden layers
  { heads: 1, classes: 3 },
  PAPER_PROBE_TRAINING, // which, like the random numbers, has no part in a linear probe
  () => 0.5,
);
bits.forEach((one, at) => {
  console.log(`penalty ${PENALTIES[at]}: ${one.toFixed(3)} bits on validation${at === best ? ', the best' : ''}`);
});
for (const c of [0, 1, 2]) {
  console.log(`class ${c}: weights ${text(probe.weight.slice(2 * c, 2 * c + 2))}, bias ${text([probe.bias[c]!])}`);
}
const believed = beliefs(engine, probe, pairs.validation.x);
for (const row of [0, 1, 2]) console.log(`validation pair ${row}: ${text(believed.slice(3 * row, 3 * row + 3))}`);
// =>
// penalty 0.1: 0.791 bits on validation
// penalty 0.02: 0.584 bits on validation
// penalty 0.004: 0.567 bits on validation, the best
// penalty 0.0008: 0.718 bits on validation
// penalty 0.00016: 0.948 bits on validation
// class 0: weights -0.223 -4.314, bias 0.271
// class 1: weights 0.903 -0.217, bias 0.810
// class 2: weights -0.680 4.531, bias -1.081
// validation pair 0: 0.980 0.020 0.000
// validation pair 1: 0.937 0.063 0.000
// validation pair 2: 0.489 0.507 0.004
