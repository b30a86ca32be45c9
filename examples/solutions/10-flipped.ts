// A made-up model that knows the direction as the flipped semantics makes it: which meaning do probes find?
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
const random = randomStream('0', 'flipped');
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

const splits = [draw(400), draw(100), draw(200)];
for (const semantics of ['original', 'flip', 'adversarial']) {
  const [train, validation, test] = splits.map((programs) => {
    const known = directions(programs, 'flip'); // what the model knows
    const x = engine.zeros([known.length, 4]);
    known.forEach((one, row) => void (x.data[4 * row + one] = 1));
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
// original: information 0.50
// flip: information 1.00
// adversarial: information 0.04
