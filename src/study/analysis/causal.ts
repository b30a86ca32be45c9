/** @file Does the model use what probes find? Edits and patches on a run's last checkpoint. Chapter 14. */
import {
  AT_START,
  type CausalResults,
  type EditDirections,
  type PatchResults,
  runPatches,
  summarizePatches,
} from '../../probe/index.ts';
import type { Engine } from '../../tensor/index.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs } from '../run.ts';
import { analyseEdits } from './causal-edits.ts';
import { type CausalMaterial, causalMaterial, drawCases } from './causal-material.ts';

/** A case asks that the text from some point on does for turned robots what it did before: see `drawCounterfactuals`. */
const STRAIGHT_ONLY = 'cases can be drawn from straight-line programs only, and those of this run branch and loop';

/**
 * Counterfactual edits and activation patching with the traces, corpus and weights of the last checkpoint. Writes
 * nothing, and draws no cases where programs branch and loop. Throws `StudyError` where one of these is missing or damaged, and `OutOfMemoryError`.
 */
export function analyseCausal(
  inputs: Inputs,
  engine: Engine,
  progress: Progress,
): { results: CausalResults; directions: EditDirections | null } {
  const step = checkpointSteps(inputs.plan).at(-1)!;
  if (inputs.plan.settings.programs === 'control') {
    const skipped = { edits: null, editsSkipped: STRAIGHT_ONLY, patching: null, patchingSkipped: STRAIGHT_ONLY };
    return { results: { step, ...skipped }, directions: null };
  }
  return engine.scope(() => {
    const material = causalMaterial(inputs, step, engine);
    const edits = analyseEdits(material, progress);
    const patching = analysePatches(material, progress);
    const results = {
      step,
      edits: typeof edits === 'string' ? null : edits.results,
      editsSkipped: typeof edits === 'string' ? edits : null,
      patching: typeof patching === 'string' ? null : patching,
      patchingSkipped: typeof patching === 'string' ? patching : null,
    };
    return { results, directions: typeof edits === 'string' ? null : edits.directions };
  });
}

/** The results, or why there are none. */
function analysePatches(material: CausalMaterial, progress: Progress): PatchResults | string {
  const { cases, counts } = drawCases(material, 'test', AT_START, 'pairs');
  if (cases.length === 0) return 'no test specification gives a pair';
  progress.start('patches', cases.length, 'pairs');
  const scores = runPatches(material.model, cases, material.task, (done) => progress.update(done));
  progress.stop();
  return { test: counts, ...summarizePatches(scores, material.random('patches')) };
}
