// Two models built by hand. Both hold the robot's facing in their hidden state; only one of them looks there.
import {
  actionOfToken,
  createWorld,
  decodePrompt,
  encodePrompt,
  type Facing,
  ORIGINAL,
  promptLength,
  runActions,
  specify,
  TOKEN,
  VOCABULARY_SIZE,
} from '../src/karel/index.ts';
import {
  drawCounterfactuals,
  type EditableModel,
  type GeneratedProgram,
  type LayerGeometry,
  probeDirections,
  randomDirections,
  runEdits,
  WITHIN,
} from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';

const SHAPE = { width: 2, height: 2, examples: 1 };
const random = randomStream('0', 'toy');
const below = (limit: number) => Math.floor(random() * limit);

/** Where the robot faces after these tokens, and where it should face in the end. */
function facings(tokens: readonly number[]): { now: Facing; goal: Facing } {
  const { inputs, outputs } = decodePrompt(SHAPE, Uint8Array.from(tokens.slice(0, promptLength(SHAPE))));
  const actions = tokens.slice(promptLength(SHAPE)).flatMap((token) => actionOfToken(token) ?? []);
  return { now: runActions(inputs[0]!, actions).facing, goal: outputs[0]!.facing };
}

/** It turns right until the robot faces as the output shows. Its hidden state is a 1 at the facing, and three zeros. */
const toyModel = (decidesBy: 'state' | 'tokens'): EditableModel => ({
  layers: 0,
  width: 4,
  vocabulary: VOCABULARY_SIZE,
  read(prefixes, _, body) {
    // #region toy
    const next: Parameters<typeof body>[0] = (written, edit) => {
      const hidden = new Float64Array(4 * prefixes.length);
      const all = prefixes.map((prefix, row) => facings([...prefix, ...written[row]!]));
      all.forEach(({ now }, row) => {
        hidden[4 * row + now] = 1;
      });
      edit?.(0, hidden);
      const logits = new Float64Array(VOCABULARY_SIZE * prefixes.length);
      all.forEach(({ now, goal }, row) => {
        const state = hidden.subarray(4 * row, 4 * row + 4);
        const facing = decidesBy === 'state' ? state.indexOf(Math.max(...state)) : now;
        logits[VOCABULARY_SIZE * row + (facing === goal ? TOKEN.END : TOKEN.TURN_RIGHT)] = 1;
      });
      return logits;
    };
    // #endregion
    body(next, 0, prefixes.length);
  },
});

/** Specifications that ask for two or three turns to the right, each with the program for it. */
const programs: GeneratedProgram[] = Array.from({ length: 300 }, () => {
  const input = createWorld(2, 2, below(2), below(2), below(4) as Facing);
  const actions = Array.from({ length: 2 + below(2) }, () => 'turnRight' as const);
  return { ...specify([input], actions), actions };
});
const { cases } = drawCounterfactuals(programs, WITHIN, { maxLength: 6 }, random);

// Four facings, equally frequent: mean and deviation of a coordinate, and the usual distance from the mean.
const geometry: LayerGeometry[] = [
  {
    standardization: { mean: new Float64Array(4).fill(1 / 4), deviation: new Float64Array(4).fill(Math.sqrt(3 / 16)) },
    distance: Math.sqrt(3 / 4),
  },
];
// The probe needs no training: the weights of a class pick its own coordinate.
const weights = [[Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0))]];

const along = probeDirections(cases, weights, geometry, ORIGINAL);
const directions = { probe: along, flip: along, random: randomDirections(cases, geometry, random) };
const places = [0.5, 1].map((size) => ({ layer: 0, size }));
const task = {
  maxNewTokens: 7,
  endToken: TOKEN.END,
  encode: (of: Parameters<typeof encodePrompt>[1]) => encodePrompt(SHAPE, of),
};
for (const decidesBy of ['state', 'tokens'] as const) {
  const { edited } = runEdits(toyModel(decidesBy), cases, places, directions, [geometry[0]!.distance], task);
  for (const kind of ['probe', 'random'] as const) {
    const share = (name: 'success' | 'unchanged', at: number) =>
      (edited[kind][at]!.reduce((sum, score) => sum + score[name], 0) / cases.length).toFixed(2);
    const row = places.map(({ size }, at) => `size ${size}: ${share('success', at)} / ${share('unchanged', at)}`);
    console.log(`${decidesBy}, ${kind}`.padEnd(15), row.join('   '));
  }
}
// =>
// state, probe    size 0.5: 0.00 / 1.00   size 1: 1.00 / 0.00
// state, random   size 0.5: 0.00 / 1.00   size 1: 0.03 / 0.84
// tokens, probe   size 0.5: 0.00 / 1.00   size 1: 0.00 / 1.00
// tokens, random  size 0.5: 0.00 / 1.00   size 1: 0.00 / 1.00
