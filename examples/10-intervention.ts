// Two made-up models. One knows the robot's direction. The other knows only what was written, and in which direction the
// robot began. Both let a probe find the direction; the intervention tells them apart.
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
    const actions = Array.from({ length: 3 }, () => WORDS[below(3)]!);
    return { ...specify([input], actions), actions };
  });
const splits = { train: programs(500), validation: programs(100), test: programs(200) };

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
      training: {
        ...PAPER_PROBE_TRAINING,
        samples: 10_000,
        batchSize: 64,
        weightDecay: 0,
        interval: 1_000,
      },
      lastState: 'dropped',
      examples: 0,
    },
    (stream) => randomStream('0', stream),
  );
  for (const { semantics, accuracy, majority } of outcomes) {
    console.log(`${name}, ${semantics}: ${accuracy.toFixed(2)}, majority ${majority.toFixed(2)}`);
  }
}
// =>
// meaning, original: 1.00, majority 0.23
// meaning, flip: 0.56, majority 0.24
// meaning, adversarial: 0.40, majority 0.25
// record, original: 1.00, majority 0.23
// record, flip: 1.00, majority 0.24
// record, adversarial: 1.00, majority 0.25
