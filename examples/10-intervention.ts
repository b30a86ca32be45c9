// Three made-up models. One knows the robot's direction. One knows only what was written, and in which direction the robot
// began. One knows what the prompt shows of the end. The intervention tells the first two apart, and is fooled by the third.
import {
  type Action,
  abstractTrace,
  createWorld,
  type Facing,
  ORIGINAL,
  semanticsFromText,
  specify,
} from '../src/karel/index.ts';
import {
  executeUnder,
  frequencyCrossEntropy,
  type GeneratedProgram,
  PAPER_PROBE_TRAINING,
  testProbe,
  trainProbe,
  usableInformation,
} from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float32');
const random = randomStream('0', 'example');
const below = (limit: number) => Math.floor(random() * limit);
const WORDS: readonly Action[] = ['move', 'turnLeft', 'turnRight'];
const shape = { heads: 1, classes: 4 };

const draw = (count: number): GeneratedProgram[] =>
  Array.from({ length: count }, () => {
    const input = createWorld(4, 4, below(4), below(4), below(4) as Facing);
    const actions = Array.from({ length: 3 }, () => (['move', ...WORDS] as const)[below(4)]!); // every second word moves
    return { ...specify([input], actions), actions };
  });

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

/** Hidden states with a single 1, and the directions that a probe is asked for: of all states but s_0 and the last. */
function pairsOf(model: Model, programs: GeneratedProgram[], semantics: string) {
  const known = programs.flatMap((program) => model(program).slice(0, -1));
  const x = engine.zeros([known.length, 128]);
  known.forEach((one, row) => void (x.data[128 * row + one] = 1));
  const { facing } = executeUnder(semanticsFromText(semantics), programs); // four states a program
  return { x, labels: Int32Array.from(facing.filter((_, state) => state % 4 === 1 || state % 4 === 2)) };
}

const splits = [draw(250), draw(80), draw(150)] as const;
for (const [name, model] of Object.entries({ meaning, record, goal })) {
  for (const semantics of ['original', 'flip', 'adversarial']) {
    const [train, validation, test] = splits.map((programs) => pairsOf(model, programs, semantics));
    const pairs = { train: train!, validation: validation! };
    const { probe } = trainProbe(engine, pairs, 0, shape, PAPER_PROBE_TRAINING, random);
    const { accuracy, crossEntropy } = testProbe(engine, probe, test!);
    const known = frequencyCrossEntropy(train!.labels, test!.labels, shape);
    const share = usableInformation(known, crossEntropy).share!;
    console.log(`${name}, ${semantics}: accuracy ${accuracy.toFixed(2)}, information ${share.toFixed(2)}`);
  }
}
// =>
// meaning, original: accuracy 1.00, information 1.00
// meaning, flip: accuracy 0.49, information 0.49
// meaning, adversarial: accuracy 0.40, information 0.13
// record, original: accuracy 1.00, information 1.00
// record, flip: accuracy 1.00, information 1.00
// record, adversarial: accuracy 1.00, information 1.00
// goal, original: accuracy 0.46, information 0.12
// goal, flip: accuracy 0.24, information -0.00
// goal, adversarial: accuracy 0.32, information 0.01
