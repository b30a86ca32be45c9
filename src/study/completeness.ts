/** @file Whether a run has all that its results are made of. Chapter 10. */
import { missingAnalyses } from './analyse-stage.ts';
import { readProbes } from './probe-stage.ts';
import type { RunDirectory } from './run-directory.ts';
import { tracedSteps, trainingHasEnded, trainingState } from './run-state.ts';

/**
 * Why a run does not count as ended, or undefined when it does: its training has ended, all checkpoints have traces and
 * probes, those of the last with their evidence, and all analyses are done, if only to say that they do not apply. Throws
 * `StudyError` for a damaged file.
 */
export function whyNotEnded(run: RunDirectory): string | undefined {
  if (!trainingHasEnded(run)) return trainingState(run);
  const steps = run.checkpointSteps();
  const traced = new Set(tracedSteps(run));
  const untraced = steps.filter((step) => !traced.has(step));
  if (untraced.length > 0) return `no traces of step ${untraced.join(', ')}`;
  const unprobed = steps.filter((step) => !readProbes(run, step));
  if (unprobed.length > 0) return `no probes of step ${unprobed.join(', ')}`;
  if (!readProbes(run, steps.at(-1)!)?.evidence) return 'the probes of its last checkpoint have no evidence';
  const missing = missingAnalyses(run);
  return missing.length > 0 ? `not analysed: ${missing.join(', ')}` : undefined;
}
