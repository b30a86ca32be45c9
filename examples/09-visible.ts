// A made-up model that understands nothing: each of its hidden states is a copy of one thing that the prompt shows, the
// direction of the robot in the output grid. What does a probe for the state after each action read from it?
import { type Action, abstractTrace, createWorld, type Facing, ORIGINAL } from '../src/karel/index.ts';
import { majorityAccuracy, PAPER_PROBE_TRAINING, testProbe, trainProbe } from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float32');
const random = randomStream('0', 'visible');
const below = (limit: number) => Math.floor(random() * limit);
const WORDS: readonly Action[] = ['move', 'turnLeft', 'turnRight'];
const shape = { heads: 1, classes: 4 };

/** Pairs of programs of up to four actions: what is read, the direction after the action, and how many actions follow it. */
function draw(programs: number) {
  const all = Array.from({ length: programs }, () => {
    const start = createWorld(4, 4, below(4), below(4), below(4) as Facing);
    const actions = Array.from({ length: 1 + below(4) }, () => WORDS[below(3)]!);
    const states = abstractTrace(start, actions, ORIGINAL).slice(1);
    const output = states.at(-1)!.facing;
    return states.map(({ facing }, at) => ({ output, facing, left: states.length - 1 - at }));
  });
  return all.flat();
}

const data = (pairs: ReturnType<typeof draw>) => {
  const x = engine.zeros([pairs.length, 4]);
  pairs.forEach(({ output }, row) => void (x.data[4 * row + output] = 1));
  return { x, labels: Int32Array.from(pairs, ({ facing }) => facing) };
};

const [train, validation, test] = [draw(2000), draw(500), draw(2000)];
const questions: Record<string, (left: number) => boolean> = {
  'all states': () => true,
  'the last state': (left) => left === 0,
  'all but the last': (left) => left > 0,
  'the last but one': (left) => left === 1,
  'those before': (left) => left > 1,
};
for (const [name, asked] of Object.entries(questions)) {
  const [a, b, c] = [train, validation, test].map((pairs) => data(pairs.filter(({ left }) => asked(left))));
  const { probe } = trainProbe(engine, { train: a!, validation: b! }, 0, shape, PAPER_PROBE_TRAINING, random);
  const { accuracy } = testProbe(engine, probe, c!);
  const majority = majorityAccuracy(a!.labels, c!.labels, shape);
  console.log(`${name}: accuracy ${accuracy.toFixed(2)}, majority ${majority.toFixed(2)}`);
}
// =>
// all states: accuracy 0.58, majority 0.25
// the last state: accuracy 1.00, majority 0.23
// all but the last: accuracy 0.31, majority 0.25
// the last but one: accuracy 0.35, majority 0.25
// those before: accuracy 0.27, majority 0.26
