/** @file A run whose traces two untrained models wrote, and copies of it that differ in one thing. Chapter 8. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { loadModel } from '../../src/study/checkpoints.ts';
import { readJson, writeJson } from '../../src/study/files.ts';
import { silent } from '../../src/study/progress.ts';
import { RunDirectory, type RunPlan } from '../../src/study/run-directory.ts';
import type { Settings } from '../../src/study/settings.ts';
import { traceCheckpoint } from '../../src/study/trace-stage.ts';
import { engine, madeUpRun } from './analysis/made-up-run.ts';

export { engine };

/** The step of the last checkpoint of a {@link tracedRun}; the only other is 0. */
export const LAST = 5;

const SETTINGS: Partial<Settings> = {
  steps: LAST,
  perplexitySamples: 5,
  semantics: 'original flip',
  initializer_range: 0.9, // so large that what an untrained model writes depends on what it reads
};

/** A directory for the tests of one file, gone when they have ended. */
export function directoryForFile(): string {
  const path = mkdtempSync(join(tmpdir(), 'karelscope-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Two checkpoints with models of different streams, each with the programs that it wrote and the states behind them. */
export async function tracedRun(path: string, changes: Partial<Settings> = {}): Promise<RunDirectory> {
  const run = await madeUpRun(path, { ...SETTINGS, ...changes });
  for (const step of run.checkpointSteps()) traceCheckpoint(run, engine, loadModel(run, step, engine), step, silent);
  return run;
}

/** The same files in the same folder under another name, with another seed or other settings in `settings.json`. */
export function copyOf(
  run: RunDirectory,
  name: string,
  { seed = run.plan.seed, ...changes }: Partial<Settings> & { readonly seed?: string } = {},
): RunDirectory {
  const path = join(dirname(run.path), name);
  cpSync(run.path, path, { recursive: true });
  const file = join(path, 'settings.json');
  const plan = readJson<RunPlan>(file)!;
  writeJson(file, { ...plan, seed, settings: { ...plan.settings, ...changes } });
  return RunDirectory.open(path);
}
