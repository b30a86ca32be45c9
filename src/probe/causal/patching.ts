/** @file Activation patching: A is read, but with a hidden state of B. Chapter 14. */
import { solves, type World } from '../../karel/index.ts';
import type { Counterfactual } from './counterfactual.ts';
import type { Edit, EditableModel } from './editable-model.ts';
import { prefixOf, type WritingTask, writtenBefore } from './edits.ts';
import { actionsOf, writeOn } from './write.ts';

/** For one pair, 1 where the program solves B (`success`), and where it solves A (`solvesUnturned`), else 0. */
export interface PatchScore {
  readonly success: number;
  readonly solvesUnturned: number;
}

export interface PatchScores {
  /** Of the program for A. [pairs] */
  readonly unpatched: readonly PatchScore[];
  /** Of the program for B. [pairs] */
  readonly own: readonly PatchScore[];
  /** [layers + 1][pairs] */
  readonly patched: readonly (readonly PatchScore[])[];
}

/**
 * A is the case's specification, B the same with the inputs that `startsOf` gives, from which the actions before the point
 * lead to the turned robots; by default the turned worlds themselves, for cases that are turned before their first action. At
 * one layer, at the last token before the point and every later one, the hidden state is replaced by the one that the model
 * has when it reads B's prompt followed by the same actions. After Meng et al. 2022, "Locating and editing factual
 * associations in GPT". `onDone` is told how many pairs are done.
 */
export function runPatches(
  model: EditableModel,
  cases: readonly Counterfactual[],
  task: WritingTask,
  onDone?: (pairs: number) => void,
  startsOf: (item: Counterfactual) => readonly World[] = ({ turned }) => turned,
): PatchScores {
  const unpatched: PatchScore[] = [];
  const own: PatchScore[] = [];
  const patched = Array.from({ length: model.layers + 1 }, (): PatchScore[] => []);
  // A and B side by side: rows 2 p and 2 p + 1 of a batch.
  const prefixes = cases.flatMap((item) => [prefixOf(task, item), prefixOf(task, { ...item, inputs: startsOf(item) })]);
  model.read(prefixes, { room: task.maxNewTokens, together: 2 }, (next, first, count) => {
    const batch = cases.slice(first / 2, (first + count) / 2);
    const before = batch.flatMap((item) => [writtenBefore(item), writtenBefore(item)]);
    const score = (written: readonly (readonly number[])[], row: 0 | 1): PatchScore[] =>
      batch.map((item, pair) => scoreOf(item, written[2 * pair + row]!, task.endToken));
    const free = writeOn(next, model.vocabulary, before, task);
    unpatched.push(...score(free, 0));
    own.push(...score(free, 1));
    patched.forEach((scores, layer) => {
      const patch: Edit = (at, hidden) => {
        if (at === layer) copyRows(hidden, model.width);
      };
      const asA = (row: number): number => row - (row % 2);
      scores.push(
        ...score(
          writeOn(next, model.vocabulary, before, task, () => patch, asA),
          0,
        ),
      );
    });
    onDone?.((first + count) / 2);
  });
  return { unpatched, own, patched };
}

/** Each odd row takes the place of the row before it. */
function copyRows(hidden: Parameters<Edit>[1], width: number): void {
  for (let at = 0; at < hidden.length; at += 2 * width) hidden.copyWithin(at, at + width, at + 2 * width);
}

function scoreOf(item: Counterfactual, written: readonly number[], end: number): PatchScore {
  const { inputs, outputs, turned, actions, point } = item;
  const rest = actionsOf(written, end);
  return {
    success: rest && solves({ inputs: turned, outputs }, rest) ? 1 : 0,
    solvesUnturned: rest && solves({ inputs, outputs }, [...actions.slice(0, point), ...rest]) ? 1 : 0,
  };
}
