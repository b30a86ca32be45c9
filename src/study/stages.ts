/** @file The study, as one list of stages. Appendix B. */
import { importStage } from './import-model.ts';
import { checkpointSteps, type RunPlan } from './run.ts';
import type { Stage } from './stage.ts';
import { analysisStages } from './stages/analyses.ts';
import { corpusStage } from './stages/corpus.ts';
import { probeStages } from './stages/probe.ts';
import { resultsStage } from './stages/results.ts';
import { traceStage } from './stages/trace.ts';
import { KEEP_SECONDS, trainStages } from './stages/train.ts';

export interface StageOptions {
  /** See `Engine.arithmetic`; stands in the results. */
  readonly arithmetic: () => string;
  readonly keepSeconds?: number;
}

/** Each stage needs only what those before it make. */
export function stagesOf(plan: RunPlan, { arithmetic, keepSeconds = KEEP_SECONDS }: StageOptions): readonly Stage[] {
  const steps = checkpointSteps(plan);
  const training = plan.imported ? [trainStages(plan)[0]!, importStage(plan)] : trainStages(plan, keepSeconds);
  return [
    corpusStage(plan),
    ...steps.flatMap((step, at) => [training[at]!, traceStage(plan, step)]),
    ...probeStages(plan),
    ...analysisStages(plan),
    resultsStage(plan, arithmetic),
  ];
}
