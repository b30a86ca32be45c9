/** @file Counterfactual edits: what a model goes on to write when its hidden states are pushed. Chapter 14. */

import { type Action, type Specification, solves, tokenOfAction } from '../../karel/index.ts';
import { square } from '../../tensor/functions/power.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Counterfactual } from './counterfactual.ts';
import type { DirectionOf } from './directions.ts';
import type { Edit, EditableModel } from './editable-model.ts';
import type { EditKind } from './results.ts';
import { actionsOf, type WritingOptions, writeOn } from './write.ts';

type EditAt = (written: readonly (readonly number[])[]) => Edit | undefined;

/** Where and how much: see `SweepRow`. */
export interface EditPlace {
  readonly layer: number;
  readonly size: number;
}

/** For one case, 1 where it is so and else 0: see `EditOutcome`. */
export interface EditScore {
  readonly success: number;
  readonly unchanged: number;
  readonly solvesUnturned: number;
}

export interface EditScores {
  /** Without an edit. [cases] */
  readonly none: readonly EditScore[];
  /** [places][cases] */
  readonly edited: Readonly<Record<EditKind, readonly (readonly EditScore[])[]>>;
  /** How far the edit moves the last hidden state of its first token, in distances of that layer. [places][cases] */
  readonly moved: Readonly<Record<EditKind, readonly (readonly number[])[]>>;
}

/** How prompts are made and programs are written. */
export interface WritingTask extends WritingOptions {
  readonly encode: (specification: Specification) => ArrayLike<number>;
}

/** The tokens that are given: those of the prompt, and of the actions before the point. */
export function prefixOf({ encode }: WritingTask, { inputs, outputs, actions, point }: Counterfactual): number[] {
  return [...Array.from(encode({ inputs, outputs })), ...actions.slice(0, point).map(tokenOfAction)];
}

export function writtenBefore({ actions, point }: Counterfactual): number[] {
  return actions.slice(0, point).map(tokenOfAction);
}

/**
 * Lets the model go on from the point of every case: without an edit, and with an edit of each kind at each place. An edit
 * adds to the hidden state of every token from the last one of the prefix on, at the place's layer and all above, the
 * direction times size times `distances[layer]`. `onDone` is told how many cases are done.
 */
export function runEdits(
  model: EditableModel,
  cases: readonly Counterfactual[],
  places: readonly EditPlace[],
  directions: Readonly<Record<EditKind, DirectionOf>>,
  distances: readonly number[],
  task: WritingTask,
  onDone?: (cases: number) => void,
): EditScores {
  const none: EditScore[] = [];
  const noScores = (): EditScore[][] => places.map(() => []);
  const edited = { probe: noScores(), flip: noScores(), random: noScores() };
  const notMoved = (): Float64Array[] => places.map(() => new Float64Array(cases.length));
  const moved = { probe: notMoved(), flip: notMoved(), random: notMoved() };
  const prefixes = cases.map((item) => prefixOf(task, item));
  model.read(prefixes, { room: task.maxNewTokens }, (next, first, count) => {
    const batch = cases.slice(first, first + count);
    const before = batch.map(writtenBefore);
    let unmoved: FloatArray = new Float64Array();
    const keep = watching(model.layers, (hidden) => {
      unmoved = hidden.slice();
    });
    const plain = writeOn(next, model.vocabulary, before, task, keep);
    none.push(...batch.map((item, row) => score(item, plain[row]!, plain[row]!, task.endToken)));
    for (const [kind, direction] of Object.entries(directions) as [EditKind, DirectionOf][]) {
      places.forEach((place, at) => {
        const push = pushing(model.width, place, distances, (row, layer, written) =>
          direction(first + row, layer, written),
        );
        const measure = watching(
          model.layers,
          (hidden) => {
            for (let row = 0; row < count; row++) {
              const length = distanceOf(hidden, unmoved, row, model.width);
              moved[kind][at]![first + row] = length / distances.at(-1)!;
            }
          },
          push,
        );
        const written = writeOn(next, model.vocabulary, before, task, measure);
        edited[kind][at]!.push(...batch.map((item, row) => score(item, written[row]!, plain[row]!, task.endToken)));
      });
    }
    onDone?.(first + count);
  });
  const listed = (kind: EditKind): number[][] => moved[kind].map((lengths) => [...lengths]);
  return { none, edited, moved: { probe: listed('probe'), flip: listed('flip'), random: listed('random') } };
}

/** The same edits; `see` is shown the last hidden states of the first step, as the edit leaves them. */
function watching(layers: number, see: (hidden: FloatArray) => void, editAt?: EditAt): EditAt {
  let first = true;
  return (written) => {
    const edit = editAt?.(written);
    if (!first) return edit;
    first = false;
    return (layer, hidden) => {
      edit?.(layer, hidden);
      if (layer === layers) see(hidden);
    };
  };
}

/** Between row `row` of the one and of the other. Both [rows, width] */
function distanceOf(a: FloatArray, b: FloatArray, row: number, width: number): number {
  let squares = 0;
  for (let at = row * width; at < (row + 1) * width; at++) squares += square(a[at]! - b[at]!);
  return Math.sqrt(squares);
}

/** The edit of each step. */
export function pushing(
  width: number,
  { layer: lowest, size }: EditPlace,
  distances: readonly number[],
  direction: DirectionOf,
): EditAt {
  return (written) => (layer, hidden) => {
    if (layer < lowest) return;
    const length = size * distances[layer]!;
    written.forEach((tokens, row) => {
      const unit = direction(row, layer, tokens);
      for (let j = 0; j < width; j++) hidden[row * width + j]! += length * unit[j]!;
    });
  };
}

function score(
  { inputs, outputs, turned, actions, point }: Counterfactual,
  written: readonly number[],
  unedited: readonly number[],
  endToken: number,
): EditScore {
  const remainder = actionsOf(written, endToken);
  const does = (worlds: Counterfactual['inputs'], program: readonly Action[]): number =>
    solves({ inputs: worlds, outputs }, program) ? 1 : 0;
  return {
    success: remainder ? does(turned, remainder) : 0,
    unchanged: written.length === unedited.length && written.every((token, at) => token === unedited[at]) ? 1 : 0,
    solvesUnturned: remainder ? does(inputs, [...actions.slice(0, point), ...remainder]) : 0,
  };
}
