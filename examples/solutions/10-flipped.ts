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
export const WORDS: readonly Action[] = ['move', 'turnLeft', 'turnRight', 'move'];
const shape = { heads: 1, classes: 4 };

const drawWith = (below: (limit: number) => number, count: number) =>
  Array.from({ length: count }, () => ({
    start: createWorld(4, 4, below(4), below(4), below(4) as Facing),
    actions: Array.from({ length: 3 }, () => WORDS[below(4)]!),
  }));

type Programs = ReturnType<typeof drawWith>;

/** The directions after each action but the last. */
const directions = (programs: Programs, semantics: string): number[] =>
  programs.flatMap(({ start, actions }) =>
    abstractTrace(start, actions, semanticsFromText(semantics))
      .slice(1, -1)
      .map(({ facing }) => facing),
  );

/** Prints how much probes find, under three semantics, in a model that knows one of so many numbers after each action but the last. */
export function probeModel(stream: string, numbers: number, knows: (programs: Programs) => number[]): void {
  const random = randomStream('0', stream);
  const below = (limit: number) => Math.floor(random() * limit);
  const splits = [400, 100, 200].map((count) => drawWith(below, count));
  for (const semantics of ['original', 'flip', 'adversarial']) {
    const [train, validation, test] = splits.map((programs) => {
      const known = knows(programs);
      const x = engine.zeros([known.length, numbers]);
      known.forEach((one, row) => void (x.data[numbers * row + one] = 1));
      return { x, labels: Int32Array.from(directions(programs, semantics)) }; // what the probe is asked
    });
    const pairs = { train: train!, validation: validation! };
    const { probe } = trainProbe(engine, pairs, 0, shape, PAPER_PROBE_TRAINING, random);
    const known = frequencyCrossEntropy(train!.labels, test!.labels, shape);
    const { share } = usableInformation(known, testProbe(engine, probe, test!).crossEntropy);
    console.log(`${semantics}: information ${share!.toFixed(2)}`);
  }
}

export const show = (): void => probeModel('flipped', 4, (programs) => directions(programs, 'flip'));
// =>
// original: information 0.50
// flip: information 1.00
// adversarial: information 0.04
