/** @file Models built by hand that turn a robot until it faces as the output shows. */
import {
  ACTIONS,
  actionOfToken,
  createWorld,
  decodePrompt,
  encodePrompt,
  type Facing,
  promptLength,
  runActions,
  specify,
  TOKEN,
  VOCABULARY_SIZE,
} from '../../../src/karel/index.ts';
import {
  bySplit,
  type Counterfactual,
  drawCounterfactuals,
  type EditableModel,
  type GeneratedProgram,
  type LayerTraces,
  type PointRange,
  type WritingTask,
} from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { integer } from '../toys.ts';

const SHAPE = { width: 2, height: 2, examples: 2 };
export const WIDTH = 32;
const MAX_LENGTH = 6;
/** A batch of the toy; even, so that pairs stay together. */
const BATCH = 14;

export const task: WritingTask = {
  maxNewTokens: MAX_LENGTH + 1,
  endToken: TOKEN.END,
  encode: (specification) => encodePrompt(SHAPE, specification),
};

/** Facings of the examples' robots after the actions that the tokens hold, and what the outputs show of the first. */
function read(tokens: readonly number[]): { now: Facing[]; goal: Facing } {
  const { inputs, outputs } = decodePrompt(SHAPE, Uint8Array.from(tokens.slice(0, promptLength(SHAPE))));
  const actions = tokens.slice(promptLength(SHAPE)).map((token) => actionOfToken(token)!);
  return { now: inputs.map((input) => runActions(input, actions).facing), goal: outputs[0]!.facing };
}

/**
 * Layer 0 holds noise, layer 1 each example's facing as one of four coordinates that is 1, followed by noise that is three
 * times as large. [WIDTH]
 */
export function hiddenOf(tokens: readonly number[], layer: number): Float64Array {
  const noise = uniform(tokens.reduce((hash, token) => Math.imul(hash, 31) + token, layer + 1));
  const state = Float64Array.from({ length: WIDTH }, () => 6 * noise() - 3);
  if (layer === 0) return state;
  state.fill(0, 0, 8);
  read(tokens).now.forEach((facing, example) => {
    state[4 * example + facing] = 1;
  });
  return state;
}

/**
 * It turns right until the first robot faces as the output shows. How the robot faces now it takes from the first four
 * coordinates of its last hidden state, or from the `tokens`, though the hidden state is the same.
 */
export function toyModel(decidesBy: 'state' | 'tokens'): EditableModel {
  return {
    layers: 1,
    width: WIDTH,
    vocabulary: VOCABULARY_SIZE,
    read(prefixes, _, body) {
      for (let first = 0; first < prefixes.length; first += BATCH) {
        const batch = prefixes.slice(first, first + BATCH);
        body(
          (written, edit) => {
            const all = batch.map((prefix, row) =>
              [...prefix, ...written[row]!].filter((token) => token !== TOKEN.END),
            );
            const [, last] = [0, 1].map((layer) => {
              const hidden = Float64Array.from(all.flatMap((tokens) => [...hiddenOf(tokens, layer)]));
              edit?.(layer, hidden);
              return hidden;
            });
            const logits = new Float64Array(batch.length * VOCABULARY_SIZE);
            all.forEach((tokens, row) => {
              const { now, goal } = read(tokens);
              const coordinates = last!.slice(row * WIDTH, row * WIDTH + 4);
              const facing = decidesBy === 'tokens' ? now[0]! : coordinates.indexOf(Math.max(...coordinates));
              logits[row * VOCABULARY_SIZE + (facing === goal ? TOKEN.END : TOKEN.TURN_RIGHT)] = 1;
            });
            return logits;
          },
          first,
          batch.length,
        );
      }
    },
  };
}

/** What the toy writes for specifications that ask for 1 to 3 turns to the right. */
export function toyPrograms(count: number, seed: number): GeneratedProgram[] {
  const random = uniform(seed);
  return Array.from({ length: count }, () => {
    const inputs = [0, 1].map(() =>
      createWorld(2, 2, integer(random, 2), integer(random, 2), integer(random, 4) as Facing),
    );
    const actions = Array.from({ length: 1 + integer(random, 3) }, () => ACTIONS[2]);
    return { ...specify(inputs, actions), actions };
  });
}

export function toyTraces(layer: number): LayerTraces {
  const programs = bySplit((split) => toyPrograms(split === 'train' ? 600 : 200, split.length));
  const hidden = bySplit((split) =>
    Float32Array.from(
      programs[split].flatMap((program) => {
        const prompt = Array.from(task.encode(program));
        return program.actions.flatMap((_, i) => [
          ...hiddenOf([...prompt, ...program.actions.slice(0, i).map(() => TOKEN.TURN_RIGHT)], layer),
        ]);
      }),
    ),
  );
  return { layer, width: WIDTH, programs, hidden };
}

export function toyCases(count: number, seed: number, range: PointRange): readonly Counterfactual[] {
  return drawCounterfactuals(toyPrograms(count, seed), range, { maxLength: MAX_LENGTH }, uniform(seed + 1)).cases;
}
