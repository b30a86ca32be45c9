/** @file The checkpoints of a run, as a stage reads them. Appendix B. */
import type { Store } from '../store/index.ts';
import type { Engine } from '../tensor/index.ts';
import {
  CHECKPOINT_FILES,
  CheckpointError,
  type CodeGen,
  decodeCheckpoint,
  decodeModel,
  type Files,
  type TrainingState,
} from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import { checkpointFile, stepName } from './names.ts';
import type { Inputs } from './run.ts';

export interface LoadedTraining {
  readonly model: CodeGen;
  readonly state: TrainingState;
}

/** Throws {@link StudyError}, naming file and reason, when one is missing, truncated or altered. */
export function loadModel(inputs: Inputs, step: number, engine: Engine): CodeGen {
  const files = (names: readonly string[]): Files =>
    Object.fromEntries(names.map((name) => [name, inputs.read(checkpointFile(step, name))]));
  return naming(stepName(step), () => decodeModel(engine, files(['config.json', 'model.safetensors'])));
}

/** Model and training state at a step, above 0, from which training can go on. Throws likewise. */
export function loadTraining(inputs: Inputs, step: number, engine: Engine): LoadedTraining {
  const files = Object.fromEntries(CHECKPOINT_FILES.map((name) => [name, inputs.read(checkpointFile(step, name))]));
  return naming(stepName(step), () => decodeCheckpoint(engine, files));
}

/** Training as it was kept between two checkpoints; undefined where that is damaged, so that it is done again. */
export function loadUnfinished(scratch: Store, step: number, engine: Engine): LoadedTraining | undefined {
  const files = CHECKPOINT_FILES.map((name) => [name, scratch.read(`${stepName(step)}/${name}`)] as const);
  try {
    return decodeCheckpoint(engine, Object.fromEntries(files.filter(([, bytes]) => bytes)) as Files);
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}

/** Ascending; two only where a crash came between writing one and removing the other. */
export function unfinishedSteps(scratch: Store): number[] {
  const steps = scratch.list().flatMap((name) => /^step-(\d+)\//.exec(name)?.[1] ?? []);
  return [...new Set(steps.map(Number))].sort((a, b) => a - b);
}

function naming<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CheckpointError) throw new StudyError(`checkpoints/${place}: ${error.message}`);
    throw error;
  }
}
