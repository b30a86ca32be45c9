// A made-up model that knows the words so far, and not in which direction the robot began: what do probes find?
import { type Action, abstractTrace, createWorld, type Facing, semanticsFromText } from '../../src/karel/index.ts';
import {
  frequencyCrossEntropy,
  PAPER_PROBE_TRAINING,
  testProbe,
  trainProbe,
  usableInformation,
} from '../../src/probe/index.ts';
import { randomStream } from '../../src/random.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float32');
const random = randomStream('0', 'forgetful');
const below = (limit: number) => Math.floor(random() * limit);
const WORDS: readonly Action[] = ['move', 'turnLeft', 'turnRight', 'move'];
const shape = { heads: 1, classes: 4 };

const draw = (count: number) =>
  Array.from({ length: count }, () => ({
    start: createWorld(4, 4, below(4), below(4), below(4) as Facing),
    actions: Array.from({ length: 3 }, () => WORDS[below(4)]!),
  }));

/** The directions after each action but the last. */
const directions = (programs: ReturnType<typeof draw>, semantics: string): number[] =>
  programs.flatMap(({ start, actions }) =>
    abstractTrace(start, actions, semanticsFromText(semantics))
      .slice(1, -1)
      .map(({ facing }) => facing),
  );

/** A number for the words so far, a digit from 1 to 3 for each, to base 4. */
const words = (programs: ReturnType<typeof draw>): number[] =>
  programs.flatMap(({ actions }) => {
    let number = 0;
    return actions.slice(0, -1).map((word) => (number = 4 * number + 1 + WORDS.indexOf(word)));
  });

const splits = [draw(400), draw(100), draw(200)];
for (const semantics of ['original', 'flip', 'adversarial']) {
  const [train, validation, test] = splits.map((programs) => {
    const known = words(programs); // what the model knows
    const x = engine.zeros([known.length, 16]);
    known.forEach((one, row) => void (x.data[16 * row + one] = 1));
    return { x, labels: Int32Array.from(directions(programs, semantics)) }; // what the probe is asked
  });
  const { probe } = trainProbe(
    engine,
    { train: train!, validation: validation! },
    0,
    shape,
    PAPER_PROBE_TRAINING,
    random,
  );
  const known = frequencyCrossEntropy(train!.labels, test!.labels, shape);
  const { share } = usableInformation(known, testProbe(engine, probe, test!).crossEntropy);
  console.log(`${semantics}: information ${share!.toFixed(2)}`);
}
// =>
// original: information -0.00
// flip: information -0.00
// adversarial: information -0.00
