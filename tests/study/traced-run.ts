/** @file A run whose traces two untrained models wrote. */
import type { Run } from '../../src/study/run.ts';
import { checkpointSteps } from '../../src/study/run.ts';
import type { Settings } from '../../src/study/settings.ts';
import { madeUpRun } from './analysis/made-up-run.ts';
import { doStage } from './memory-runs.ts';

/** The step of the last checkpoint of a {@link tracedRun}; the only other is 0. */
export const LAST = 5;

const SETTINGS: Partial<Settings> = {
  steps: LAST,
  perplexitySamples: 5,
  semantics: 'original flip',
  initializer_range: 0.9, // so large that what an untrained model writes depends on what it reads
};

/** Two checkpoints with models of different streams, each with the programs that it wrote and the states behind them. */
export async function tracedRun(changes: Partial<Settings> = {}): Promise<Run> {
  const run = await madeUpRun({ ...SETTINGS, ...changes });
  for (const step of checkpointSteps(run.plan)) await doStage(run, `trace/${step}`);
  return run;
}
