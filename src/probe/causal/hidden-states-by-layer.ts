/** @file All hidden states from which the actions of given programs would be generated. Chapter 14. */
import { tokenOfAction } from '../../karel/index.ts';
import type { GeneratedProgram } from '../intervention.ts';
import type { Edit, EditableModel } from './editable-model.ts';
import type { WritingTask } from './edits.ts';

/**
 * The model reads each prompt and then the program's actions, one after the other. For each layer, program after program,
 * without END: [layers + 1][actions in all, width].
 */
export function hiddenStatesByLayer(
  model: EditableModel,
  programs: readonly GeneratedProgram[],
  { encode }: Pick<WritingTask, 'encode'>,
): Float32Array[] {
  const { width } = model;
  const starts = [0];
  for (const { actions } of programs) starts.push(starts.at(-1)! + actions.length);
  const longest = programs.reduce((most, { actions }) => Math.max(most, actions.length), 0);
  const states = Array.from({ length: model.layers + 1 }, () => new Float32Array(starts.at(-1)! * width));
  const prompts = programs.map((program) => Array.from(encode(program)));
  model.read(prompts, { room: longest }, (next, first, count) => {
    const batch = programs.slice(first, first + count);
    const tokens = batch.map(({ actions }) => actions.map(tokenOfAction));
    const steps = tokens.reduce((most, { length }) => Math.max(most, length), 0);
    for (let step = 0; step < steps; step++) {
      const keep: Edit = (layer, hidden) => {
        tokens.forEach(({ length }, row) => {
          if (step >= length) return;
          const at = (starts[first + row]! + step) * width;
          states[layer]!.set(hidden.subarray(row * width, (row + 1) * width), at);
        });
      };
      next(
        tokens.map((all) => all.slice(0, step)),
        keep,
      );
    }
  });
  return states;
}
