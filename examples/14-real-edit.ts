// The trained model before and after an edit: which word it would write next, and what it needs to write.
import { readFileSync } from 'node:fs';
import {
  ACTIONS,
  encodePrompt,
  formatWorld,
  ORIGINAL,
  parseWorld,
  runActions,
  specify,
  TOKEN,
  tokenOfAction,
} from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import type { DirectionOf } from '../src/probe/causal/directions.ts';
import { prefixOf, pushing } from '../src/probe/causal/edits.ts';
import {
  type Counterfactual,
  type Edit,
  editableCodeGen,
  probeDirections,
  randomDirections,
  readDirections,
  turnRobots,
  worldsBefore,
} from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { generationOptions } from '../src/study/stages/trace.ts';
import { createReferenceEngine } from '../src/tensor/index.ts';
import { softmax } from '../src/transformer/index.ts';

const engine = createReferenceEngine('float32');
const { model, settings } = packagedModel(engine);
const editable = editableCodeGen(engine, model);
const task = {
  ...generationOptions(settings),
  encode: (of: Parameters<typeof encodePrompt>[1]) => encodePrompt(corpusSettings(settings), of),
};

// #region case
// Both examples ask for two moves. After the first, both robots are turned by three quarter turns, in our minds only.
const inputs = [
  parseWorld('######\n#..1.#\n#1..v#\n#....#\n#....#\n######'),
  parseWorld('######\n#>..1#\n#.#..#\n#.1..#\n###1.#\n######'),
];
const actions = ['move', 'move'] as const;
const turned = turnRobots(
  inputs.map((input) => runActions(input, ['move'])),
  3, // quarter turns clockwise
);
const item: Counterfactual = { ...specify(inputs, actions), actions, point: 1, turn: 3, turned };
// #endregion
console.log(formatWorld(item.turned[0]!));
// =>
// ######
// #..1.#
// #1...#
// #...>#
// #....#
// ######

// What the study kept of this model: means and deviations of each layer, and the weights of its linear probes.
const file = new URL('../results/tiny/checkpoint/directions.safetensors', import.meta.url);
const { geometry, weights } = readDirections(new Uint8Array(readFileSync(file)), 'directions.safetensors')!;
const alongProbe = probeDirections([item], weights, geometry, ORIGINAL);
const atRandom = randomDirections([item], geometry, randomStream('0', 'random'));
const distances = geometry.map(({ distance }) => distance);

const words = [...ACTIONS, 'END'] as const;
const tokens = [...ACTIONS.map(tokenOfAction), TOKEN.END];

/** Prints a probability for each word that may come next. */
function show(name: string, prefix: readonly number[], edit?: Edit): void {
  editable.read([prefix], { room: 1 }, (next) => {
    const probabilities = softmax([...next([[]], edit)]);
    console.log(name.padEnd(12), tokens.map((token) => probabilities[token]!.toFixed(2)).join('  '));
  });
}
/** Pushes from layer 2 on, by `size` times the usual distance from the mean. */
const push = (direction: DirectionOf, size: number) =>
  pushing(editable.width, { layer: 2, size }, distances, (_, layer, written) => direction(0, layer, written))([[]]);

const prefix = prefixOf(task, item); // the prompt, and one move
const standingSo = { ...item, inputs: worldsBefore(item.turned, ['move'])! };
console.log('            ', words.map((word) => word.slice(0, 5)).join(' '));
show('as it is', prefix);
show('probe, 0.5', prefix, push(alongProbe, 0.5));
show('probe, 1', prefix, push(alongProbe, 1));
show('random, 1', prefix, push(atRandom, 1));
show('turned', prefixOf(task, standingSo));
// =>
//              move turnL turnR pickM putMa END
// as it is     0.84  0.02  0.01  0.08  0.03  0.01
// probe, 0.5   0.80  0.05  0.02  0.09  0.03  0.00
// probe, 1     0.53  0.11  0.02  0.08  0.07  0.00
// random, 1    0.28  0.42  0.05  0.21  0.03  0.00
// turned       0.05  0.00  0.87  0.05  0.02  0.00
