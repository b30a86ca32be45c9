/** @file What is asked of a trained model beyond its probes: each analysis once, kept in a file of its own. Chapter 10. */
import { setImmediate as otherEvents } from 'node:timers/promises';
import { ANALYSES, type AnalysisName } from '../results/analysis-results.ts';
import type { Results } from '../results/results.ts';
import type { Engine } from '../tensor/index.ts';
import { analyseCausal } from './analysis/causal.ts';
import { analyseLayers } from './analysis/layers.ts';
import { analysePermutations } from './analysis/permutations.ts';
import { StudyError } from './errors.ts';
import { readJson, writeJson } from './files.ts';
import type { Progress } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import { refuseBeforeEnd, tracedSteps } from './run-state.ts';

const ANALYSERS = {
  permutations: analysePermutations,
  layers: analyseLayers,
  causal: analyseCausal,
} as const satisfies Readonly<Record<AnalysisName, unknown>>;

/** Those that have not been done. Throws `StudyError` for a damaged file. */
export function missingAnalyses(run: RunDirectory): AnalysisName[] {
  return ANALYSES.filter((name) => readJson(run.analysis(name)) === undefined);
}

/**
 * Does the analyses that are not there yet; `afterEach` is called when one is done. Throws {@link StudyError}, before anything
 * is computed, when training has not ended or a checkpoint has no traces.
 */
export async function analyse(
  run: RunDirectory,
  open: () => Promise<Engine>,
  progress: Progress,
  afterEach: () => void,
): Promise<void> {
  const missing = missingAnalyses(run);
  if (missing.length === 0) return;
  refuseBeforeEnd(run);
  refuseUntraced(run);
  for (const name of missing) {
    const engine = await open();
    writeJson(
      run.analysis(name),
      engine.scope(() => ANALYSERS[name](run, engine, progress)),
    );
    progress.stop();
    afterEach();
    await otherEvents();
  }
}

function refuseUntraced(run: RunDirectory): void {
  const traced = tracedSteps(run);
  const step = run.checkpointSteps().find((one) => !traced.includes(one));
  if (step === undefined) return;
  throw new StudyError(`${run.traces(step)}: no traces; make them with karelscope trace ${run.path}`);
}

/** What is there, null for what is not. */
export function readAnalyses(run: RunDirectory): Pick<Results, AnalysisName> {
  return ofEach((name) => readJson(run.analysis(name)) ?? null);
}

/** Null for each, as before any is done. */
export function noAnalyses(): Pick<Results, AnalysisName> {
  return ofEach(() => null);
}

function ofEach(value: (name: AnalysisName) => unknown): Pick<Results, AnalysisName> {
  return Object.fromEntries(ANALYSES.map((name) => [name, value(name)])) as Pick<Results, AnalysisName>;
}
