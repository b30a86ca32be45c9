// A feature of one's own, read from the hidden states of the trained model: is the robot in the cell where it began?
import {
  ACTIONS,
  abstractTrace,
  encodeProgramTokens,
  encodePrompt,
  promptLength,
  randomInteger,
  randomWorld,
  specify,
} from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { PAPER_PROBE_TRAINING, standardizationOf, standardize, testProbe, trainProbe } from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { createEngine } from '../src/tensor/index.ts';
import { hiddenStates } from '../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd' });
const { model } = packagedModel(engine);
const shape = { width: 4, height: 4, examples: 2 };
const random = randomStream('0', 'feature');

function samples(count: number) {
  return Array.from({ length: count }, () => {
    const program = Array.from({ length: 4 }, () => ACTIONS[randomInteger(random, ACTIONS.length)]!);
    return { ...specify([randomWorld(random, shape), randomWorld(random, shape)], program), program };
  });
}

// #region the labels
/** After each action but the last, 1 if the robot of the first example stands where it started, else 0. */
const labelsOf = ({ inputs, program }: ReturnType<typeof samples>[number]): number[] => {
  const [first, ...states] = abstractTrace(inputs[0]!, program);
  return states.slice(0, -1).map(({ x, y }) => (x === first!.x && y === first!.y ? 1 : 0));
};
// #endregion

/** The hidden state that has just read an action, with the label of the state after it. */
function pairs(count: number) {
  const list = samples(count);
  const sequences = list.map((sample) => [...encodePrompt(shape, sample), ...encodeProgramTokens(sample.program)]);
  const positions = list.map(() => [0, 1, 2].map((action) => promptLength(shape) + action));
  const hidden = hiddenStates(engine, model, sequences, positions);
  return { hidden, rows: Int32Array.from({ length: 3 * count }, (_, row) => row), labels: list.flatMap(labelsOf) };
}

const [train, validation, test] = [pairs(800), pairs(200), pairs(400)];
const by = standardizationOf(train.hidden, train.rows, model.config.n_embd);
const data = ({ hidden, rows, labels }: typeof train) => ({
  x: standardize(engine, hidden, rows, by),
  labels: Int32Array.from(labels),
});

const chosen = { train: data(train), validation: data(validation) };
const { probe } = trainProbe(engine, chosen, 0, { heads: 1, classes: 2 }, PAPER_PROBE_TRAINING, random);
const atHome = test.labels.reduce((sum, label) => sum + label, 0) / test.labels.length;
console.log(testProbe(engine, probe, data(test)).accuracy.toFixed(2), Math.max(atHome, 1 - atHome).toFixed(2)); // => 0.90 0.78
