// Three made-up models. One knows the robot's direction. One knows only what was written, and in which direction the robot
// began. One knows what the prompt shows of the end. The intervention tells the first two apart, and is fooled by the third.
import { type Action, abstractTrace, createWorld, type Facing, ORIGINAL, specify } from '../src/karel/index.ts';
import { evaluateProbes, type GeneratedProgram, PAPER_PROBE_TRAINING, probeGrid } from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const WORDS: readonly Action[] = ['move', 'turnLeft', 'turnRight'];
const random = randomStream('0', 'example');
const below = (limit: number) => Math.floor(random() * limit);
const programs = (count: number): GeneratedProgram[] =>
  Array.from({ length: count }, () => {
    const input = createWorld(4, 4, below(4), below(4), below(4) as Facing);
    const actions = Array.from({ length: 3 }, () => (['move', ...WORDS] as const)[below(4)]!);
    return { ...specify([input], actions), actions };
  });
const splits = { train: programs(400), validation: programs(100), test: programs(200) };

/** After each action, the number of the one thing that the model knows. */
type Model = (program: GeneratedProgram) => number[];

const meaning: Model = ({ inputs, actions }) =>
  abstractTrace(inputs[0]!, actions, ORIGINAL)
    .slice(1)
    .map(({ facing }) => facing);

const record: Model = ({ inputs, actions }) => {
  let number: number = 4 + inputs[0]!.facing; // then a digit from 1 to 3 for each word, to base 4
  return actions.map((word) => (number = 4 * number + 1 + WORDS.indexOf(word)));
};

const goal: Model = ({ outputs, actions }) => actions.map(() => outputs[0]!.facing);

/** Hidden states with a single 1 each; those of the untrained model have it anywhere. */
function traces(model: Model, width: number, list: GeneratedProgram[]) {
  const states = (ones: number[]) => {
    const data = new Float32Array(ones.length * width);
    ones.forEach((one, row) => {
      data[row * width + one] = 1;
    });
    return data;
  };
  const ones = list.flatMap(model);
  return { programs: list, trained: states(ones), untrained: states(ones.map(() => below(width))) };
}

for (const [name, model, width] of [
  ['meaning', meaning, 4],
  ['record', record, 512],
  ['goal', goal, 4],
] as const) {
  const { outcomes } = evaluateProbes(
    createReferenceEngine('float32'),
    {
      train: traces(model, width, splits.train),
      validation: traces(model, width, splits.validation),
      test: traces(model, width, splits.test),
      width,
      world: { width: 4, height: 4 },
      layer: 'mean',
    },
    probeGrid({ features: ['direction'], offsets: [0], hiddenLayers: [0] }),
    {
      training: PAPER_PROBE_TRAINING,
      lastState: 'dropped',
      examples: 0,
    },
    (stream) => randomStream('0', stream),
  );
  for (const { semantics, accuracy, majority, informationShare } of outcomes) {
    const [right, base, share] = [accuracy, majority, informationShare!].map((number) => number.toFixed(2));
    console.log(`${name}, ${semantics}: accuracy ${right}, majority ${base}, information ${share}`);
  }
}
// =>
// meaning, original: accuracy 1.00, majority 0.26, information 1.00
// meaning, flip: accuracy 0.45, majority 0.24, information 0.50
// meaning, adversarial: accuracy 0.38, majority 0.25, information 0.16
// record, original: accuracy 1.00, majority 0.26, information 1.00
// record, flip: accuracy 1.00, majority 0.24, information 1.00
// record, adversarial: accuracy 1.00, majority 0.25, information 1.00
// goal, original: accuracy 0.43, majority 0.26, information 0.11
// goal, flip: accuracy 0.25, majority 0.24, information -0.00
// goal, adversarial: accuracy 0.33, majority 0.25, information 0.02
