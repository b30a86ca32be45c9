/** @file The checkpoints of a run on the disk. Chapter 8. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../tensor/index.ts';
import {
  CheckpointError,
  CodeGen,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeModel,
  readModel,
  type Trainer,
  type TrainingState,
} from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import { writeDirectoryAtomically } from './files.ts';
import { type RunDirectory, stepName } from './run-directory.ts';

export function saveCheckpoint(run: RunDirectory, trainer: Trainer): void {
  const step = trainer.stepCount;
  writeDirectoryAtomically(run.checkpoint(step), step === 0 ? encodeModel(trainer.model) : encodeCheckpoint(trainer));
  rmSync(run.unfinished, { recursive: true, force: true });
}

/** Keeps training as it stands at any step, in the place of what was kept before. */
export function saveUnfinished(run: RunDirectory, trainer: Trainer): void {
  const before = unfinishedSteps(run);
  writeDirectoryAtomically(join(run.unfinished, stepName(trainer.stepCount)), encodeCheckpoint(trainer));
  for (const step of before) rmSync(join(run.unfinished, stepName(step)), { recursive: true });
}

/** Ascending; two only where a crash came between writing one and removing the other. */
function unfinishedSteps(run: RunDirectory): number[] {
  if (!existsSync(run.unfinished)) return [];
  const steps = readdirSync(run.unfinished).flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []);
  return steps.map(Number).sort((a, b) => a - b);
}

/** The step, above 0, from which training goes on: of the last checkpoint, or between two; undefined if it begins. */
export function resumableStep(run: RunDirectory): number | undefined {
  const steps = [latestCheckpoint(run), unfinishedSteps(run).at(-1)].filter((step) => step !== undefined);
  return steps.length > 0 ? Math.max(...steps) : undefined;
}

/** The last step, above 0, of which the run holds a checkpoint, or undefined. */
export function latestCheckpoint(run: RunDirectory): number | undefined {
  return run
    .checkpointSteps()
    .filter((step) => step > 0 && existsSync(run.checkpoint(step)))
    .at(-1);
}

/**
 * Model and training state at a step from which training can go on. Throws {@link StudyError}, naming file and reason, when
 * a file is truncated or altered.
 */
export function loadTraining(
  run: RunDirectory,
  step: number,
  engine: Engine,
): { model: CodeGen; state: TrainingState } {
  const between = join(run.unfinished, stepName(step));
  const path = existsSync(between) ? between : run.checkpoint(step);
  return naming(path, () => decodeCheckpoint(engine, readFiles(path)));
}

/** The model alone. Throws as {@link loadTraining}, and for a model that the run cannot have written: it has no seal. */
export function loadModel(run: RunDirectory, step: number, engine: Engine): CodeGen {
  return naming(run.checkpoint(step), () => {
    const { config, tensors, sealed } = readModel(readFiles(run.checkpoint(step)));
    if (!sealed) throw new CheckpointError('model.safetensors', 'has no checksum, so this run did not write it');
    return CodeGen.fromTensors(engine, config, tensors);
  });
}

function readFiles(path: string): Record<string, Uint8Array> {
  if (!existsSync(path)) throw new StudyError(`${path}: no such checkpoint`);
  return Object.fromEntries(readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]));
}

function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CheckpointError) throw new StudyError(`${path}: ${error.message}`);
    throw error;
  }
}
