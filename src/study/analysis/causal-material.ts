/** @file What edits and patches work with: the model, what it wrote, and the cases that are drawn from that. Chapter 14. */
import { actionsOf, encodePrompt, type Split } from '../../karel/index.ts';
import {
  type BySplit,
  bySplit,
  type DrawnCases,
  drawCounterfactuals,
  type EditableModel,
  editableCodeGen,
  type GeneratedProgram,
  type PointRange,
  type WritingTask,
} from '../../probe/index.ts';
import { type RandomStream, randomStream } from '../../random.ts';
import type { Engine } from '../../tensor/index.ts';
import { loadModel } from '../checkpoints.ts';
import { withCorpus } from '../corpus-reader.ts';
import { corpusSettings } from '../model-config.ts';
import type { Inputs } from '../run.ts';
import type { Settings } from '../settings.ts';
import { generationOptions, readTraces } from '../stages/trace.ts';

/**
 * Cases at most: 700 know a share of one in ten to 2.2 percentage points either way, and 300 choose a place with an error
 * that is small beside differences that matter. With more, time goes to intervals that seeds make wider than cases do.
 */
export const CAUSAL_CASES = { validation: 300, test: 700 } as const;

export interface CausalMaterial {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly model: EditableModel;
  readonly task: WritingTask;
  /** What the model wrote for each specification, with its worlds; without texts that are no program. */
  readonly programs: BySplit<readonly GeneratedProgram[]>;
  readonly random: (name: string) => RandomStream;
}

/** Of the checkpoint at `step` of a run of straight-line programs; the model lives in the engine's current scope. Throws `StudyError`. */
export function causalMaterial(inputs: Inputs, step: number, engine: Engine): CausalMaterial {
  const { settings, seed } = inputs.plan;
  const { programs } = readTraces(inputs, step);
  const shape = corpusSettings(settings);
  const withWorlds = (split: Split): GeneratedProgram[] =>
    withCorpus(inputs, split, (reader) =>
      programs[split].flatMap((words, index) => {
        if (words.length === 0) return []; // no program: nothing to do would count as one that does nothing
        const { inputs: worlds, outputs } = reader.record(index);
        return { inputs: worlds, outputs, actions: actionsOf(words) };
      }),
    );
  return {
    settings,
    engine,
    model: editableCodeGen(engine, loadModel(inputs, step, engine)),
    task: { ...generationOptions(settings), encode: (specification) => encodePrompt(shape, specification) },
    programs: bySplit(withWorlds),
    random: (name) => randomStream(seed, `causal/${name}`),
  };
}

/** `name` is that of the random stream. */
export function drawCases(
  { programs, settings, random }: CausalMaterial,
  split: 'validation' | 'test',
  range: PointRange,
  name: 'points' | 'pairs',
): DrawnCases {
  const limits = { maxLength: settings.maxProgramLength, most: CAUSAL_CASES[split] };
  return drawCounterfactuals(programs[split], range, limits, random(`${name}/${split}`));
}
