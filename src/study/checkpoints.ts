/** @file The checkpoints of a run on the disk. Chapter 8. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../tensor/index.ts';
import {
  CheckpointError,
  type CodeGen,
  decodeCheckpoint,
  decodeModel,
  encodeCheckpoint,
  encodeModel,
  type Trainer,
  type TrainingState,
} from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import { writeDirectoryAtomically } from './files.ts';
import type { RunDirectory } from './run-directory.ts';

export function saveCheckpoint(run: RunDirectory, trainer: Trainer): void {
  const step = trainer.stepCount;
  writeDirectoryAtomically(run.checkpoint(step), step === 0 ? encodeModel(trainer.model) : encodeCheckpoint(trainer));
}

/** The last step, above 0, of which the run holds a checkpoint, or undefined. */
export function latestCheckpoint(run: RunDirectory): number | undefined {
  return run
    .checkpointSteps()
    .filter((step) => step > 0 && existsSync(run.checkpoint(step)))
    .at(-1);
}

/** Model and training state. Throws {@link StudyError}, naming file and reason, when a file is truncated or altered. */
export function loadCheckpoint(
  run: RunDirectory,
  step: number,
  engine: Engine,
): { model: CodeGen; state: TrainingState } {
  return naming(run.checkpoint(step), () => decodeCheckpoint(engine, readFiles(run.checkpoint(step))));
}

/** The model alone. Throws as {@link loadCheckpoint}. */
export function loadModel(run: RunDirectory, step: number, engine: Engine): CodeGen {
  return naming(run.checkpoint(step), () => decodeModel(engine, readFiles(run.checkpoint(step))));
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
