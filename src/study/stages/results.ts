/** @file All that a run has found out, in one document. Appendix B. */
import { ANALYSES, type AnalysisName } from '../../results/analysis-results.ts';
import type { CheckpointResult, Results } from '../../results/results.ts';
import { encodeText, jsonText } from '../../store/index.ts';
import { parameterCount } from '../../transformer/index.ts';
import { BatchOrder } from '../batches.ts';
import { StudyError } from '../errors.ts';
import type { Evaluation } from '../evaluation.ts';
import { parseMetrics, type StepMetrics } from '../metrics.ts';
import { modelConfig } from '../model-config.ts';
import { analysisFile, checkpointFile, evaluationFile, metricsFile, probesFile, RESULTS_FILE } from '../names.ts';
import { checkpointSteps, type Inputs, type RunPlan, readJson } from '../run.ts';
import { writtenSettings } from '../settings.ts';
import type { Stage } from '../stage.ts';
import type { ProbeFile } from './probe.ts';

/** Of a run that has not ended, what there is so far. */
export function resultsStage(plan: RunPlan, arithmetic: () => string): Stage {
  const steps = checkpointSteps(plan);
  return {
    name: 'results',
    kind: 'results',
    partial: true,
    needs: [
      ...steps.flatMap((step) => [evaluationFile(step), probesFile(step), modelFile(step)]),
      ...steps.filter((step) => step > 0).map(metricsFile),
      ...ANALYSES.map(analysisFile),
    ],
    makes: [RESULTS_FILE],
    work: 1,
    make: (inputs) => ({ [RESULTS_FILE]: encodeText(jsonText(collectResults(inputs, arithmetic()))) }),
  };
}

const modelFile = (step: number): string => checkpointFile(step, 'model.safetensors');

/** What is there of an artefact that need not be. */
const found = <T>(inputs: Inputs, name: string): T | undefined =>
  inputs.has(name) ? readJson<T>(inputs, name) : undefined;

/**
 * What a run has made. All that is said of one checkpoint alone is of the last that has traces: weights, epochs, evidence; and
 * analyses only where that is the last of the plan. Throws {@link StudyError} without any traces.
 */
export function collectResults(inputs: Inputs, arithmetic: string): Results {
  const { preset, seed, settings } = inputs.plan;
  const steps = checkpointSteps(inputs.plan);
  const last = steps.filter((step) => inputs.has(evaluationFile(step))).at(-1);
  if (last === undefined) throw new StudyError('there are no traces yet: train it first');
  const checkpoints: CheckpointResult[] = [];
  const probes: Results['probes'] = [];
  const skippedProbes: Results['skippedProbes'] = [];
  let tokens = 0;
  for (const step of steps) {
    const metrics = inputs.has(metricsFile(step))
      ? parseMetrics(inputs.read(metricsFile(step)), metricsFile(step))
      : [];
    tokens += metrics.reduce((sum, line) => sum + line.tokens, 0);
    const evaluation = found<Evaluation>(inputs, evaluationFile(step));
    if (!evaluation) continue;
    const probed = found<ProbeFile>(inputs, probesFile(step));
    checkpoints.push({
      ...evaluation,
      tokens,
      trainLoss: meanLoss(metrics),
      labelDistribution: probed?.labelDistribution ?? {},
    });
    for (const outcome of probed?.outcomes ?? []) probes.push({ step, ...outcome });
    for (const skipped of probed?.skipped ?? []) skippedProbes.push({ step, ...skipped });
  }
  const analyses = ANALYSES.map((name) => [
    name,
    (last === settings.steps ? found(inputs, analysisFile(name)) : undefined) ?? null,
  ]);
  return {
    format: 'karelscope-results',
    version: 2,
    preset,
    seed,
    modelSha256: inputs.has(modelFile(last)) ? inputs.sha256(modelFile(last)) : '',
    settings: writtenSettings(settings),
    parameters: parameterCount(modelConfig(settings)),
    arithmetic,
    epochs: new BatchOrder(settings.trainSamples, settings.batchSize, seed).epochs(last),
    checkpoints,
    probes,
    skippedProbes,
    evidence: found<ProbeFile>(inputs, probesFile(last))?.evidence ?? null,
    ...(Object.fromEntries(analyses) as Pick<Results, AnalysisName>),
  };
}

function meanLoss(metrics: readonly StepMetrics[]): number | null {
  if (metrics.length === 0) return null;
  return metrics.reduce((sum, { loss }) => sum + loss, 0) / metrics.length;
}
