// The trained model writes programs for specifications drawn anew, and the linear probes that were kept with it
// read the robot's direction before each word.
import { readFileSync } from 'node:fs';
import { decodePrompt, isAction, ORIGINAL, promptLength } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { openEngine } from '../src/node/threads.ts';
import { alignPairs, believe, executeUnder, type KeptProbe, readProbes } from '../src/probe/index.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { drawSamples } from '../src/study/stages/corpus.ts';

const model = packagedModel(await openEngine({ threads: 1 }));
const shape = corpusSettings(model.settings);
const programs = drawSamples(model.settings, 300, 'chapter 9').map((sample) => {
  const specification = decodePrompt(shape, sample.subarray(0, promptLength(shape)));
  const { words = [], hidden } = model.write(specification);
  return { ...specification, actions: words.filter(isAction), hidden };
});

const file = new URL('../results/tiny/checkpoint/probes.safetensors', import.meta.url);
const { probes } = readProbes(readFileSync(file), 'probes.safetensors');
const states = executeUnder(ORIGINAL, programs); // s_0, s_1 ... of each program, from its first input
const hidden = programs.flatMap(({ hidden, actions }) => {
  const width = hidden.length / actions.length;
  return actions.map((_, at) => hidden.subarray(at * width, (at + 1) * width)); // h_1, h_2 ...
});
const isKept = (probe: KeptProbe, offset: number): boolean =>
  `${probe.source} ${probe.feature} ${probe.semantics} ${probe.offset}` === `trained direction original ${offset}`;

for (const offset of [-1, 0]) {
  const probe = probes.find((one) => isKept(one, offset))!;
  const lengths = programs.map(({ actions }) => actions.length);
  const pairs = alignPairs(lengths, { offset, lastState: 'dropped', runs: 1 });
  const right = Array.from(pairs.hidden, (row, pair) => {
    const [belief] = believe(probe, hidden[row]!);
    return belief!.indexOf(Math.max(...belief!)) === states.facing[pairs.state[pair]!];
  });
  const share = right.filter(Boolean).length / right.length;
  console.log(`offset ${offset}: right about ${share.toFixed(2)} of ${right.length} states`);
}
// =>
// offset -1: right about 0.67 of 193 states
// offset 0: right about 0.59 of 193 states
