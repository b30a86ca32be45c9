/** @file What is asked of a trained model beyond its probes: each analysis once, kept in a file of its own. Chapter 10. */
import { setImmediate as otherEvents } from 'node:timers/promises';
import type { Engine } from '../tensor/index.ts';
import { analyseCausal } from './analysis/causal.ts';
import { analyseLayers } from './analysis/layers.ts';
import { analysePermutations } from './analysis/permutations.ts';
import { readJson, writeJson } from './files.ts';
import type { Progress } from './progress.ts';
import type { Results } from './results.ts';
import type { RunDirectory } from './run-directory.ts';

/** By the key that they have in `results.json`. */
const ANALYSES = {
  permutations: analysePermutations,
  layers: analyseLayers,
  causal: analyseCausal,
} as const;

type AnalysisName = keyof typeof ANALYSES;
const ANALYSIS_NAMES = Object.keys(ANALYSES) as AnalysisName[];

/** Does the analyses that are not there yet; `afterEach` is called when one is done. */
export async function analyse(
  run: RunDirectory,
  open: () => Promise<Engine>,
  progress: Progress,
  afterEach: () => void,
): Promise<void> {
  for (const name of ANALYSIS_NAMES) {
    if (readJson(run.analysis(name)) !== undefined) continue;
    const engine = await open();
    writeJson(
      run.analysis(name),
      engine.scope(() => ANALYSES[name](run, engine, progress)),
    );
    progress.stop();
    afterEach();
    await otherEvents();
  }
}

/** What is there, null for what is not. */
export function readAnalyses(run: RunDirectory): Pick<Results, AnalysisName> {
  const entries = ANALYSIS_NAMES.map((name) => [name, readJson(run.analysis(name)) ?? null]);
  return Object.fromEntries(entries) as Pick<Results, AnalysisName>;
}
