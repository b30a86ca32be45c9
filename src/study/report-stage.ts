/** @file Collects what a run has made into `results.json`, and draws the report. Chapter 8. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointResult, Results } from '../results/results.ts';
import { parameterCount } from '../transformer/index.ts';
import { noAnalyses, readAnalyses } from './analyse-stage.ts';
import { BatchOrder } from './batches.ts';
import { readEffort } from './effort.ts';
import { StudyError } from './errors.ts';
import { jsonText, writeTexts } from './files.ts';
import { readMetrics, type StepMetrics } from './metrics.ts';
import { modelConfig } from './model-config.ts';
import { readProbes } from './probe-stage.ts';
import type { RunDirectory } from './run-directory.ts';
import { tracedSteps } from './run-state.ts';
import { readEvaluation } from './trace-stage.ts';

/** What is on the disk, and the texts that tell of it, by the paths of their files: nothing is written. Throws as {@link collectResults}. */
export async function makeReport(run: RunDirectory): Promise<{ results: Results; texts: Record<string, string> }> {
  const { renderCurveSvg, renderReport } = await import('../report/index.ts'); // takes half a second to load
  const results = collectResults(run);
  const texts = {
    [run.results]: jsonText(results),
    [run.report]: renderReport(results),
    [run.curves]: renderCurveSvg(results),
  };
  return { results, texts };
}

/** Writes `results.json`, `report/index.html` and `report/curves.svg` from what is on the disk. Throws {@link StudyError} without any traces. */
export async function report(run: RunDirectory): Promise<Results> {
  const { results, texts } = await makeReport(run);
  writeTexts(texts);
  return results;
}

/**
 * What is on the disk. All that is said of one checkpoint alone is of the last that has traces: weights, epochs, evidence; and
 * analyses only where that is the last of the plan. Throws {@link StudyError} without any traces.
 */
export function collectResults(run: RunDirectory): Results {
  const { preset, seed, settings } = run.plan;
  const last = tracedSteps(run).at(-1);
  if (last === undefined) throw new StudyError(`${run.path} has no traces yet: train it first, or karelscope trace it`);
  const metrics = readMetrics(run.metrics);
  const checkpoints: CheckpointResult[] = [];
  const probes: Results['probes'] = [];
  const skippedProbes: Results['skippedProbes'] = [];
  for (const [index, step] of run.checkpointSteps().entries()) {
    const evaluation = readEvaluation(run, step);
    if (!evaluation) continue;
    const probed = readProbes(run, step);
    const since = run.checkpointSteps()[index - 1] ?? 0;
    checkpoints.push({
      ...evaluation,
      tokens: metrics.filter((line) => line.step <= step).reduce((sum, line) => sum + line.tokens, 0),
      trainLoss: meanLoss(metrics.filter((line) => line.step > since && line.step <= step)),
      labelDistribution: probed?.labelDistribution ?? {},
    });
    for (const outcome of probed?.outcomes ?? []) probes.push({ step, ...outcome });
    for (const skipped of probed?.skipped ?? []) skippedProbes.push({ step, ...skipped });
  }
  const effort = readEffort(run);
  const model = join(run.checkpoint(last), 'model.safetensors');
  return {
    format: 'karelscope-results',
    version: 1,
    preset,
    seed,
    threads: effort.threads,
    seconds: Object.values(effort.seconds).reduce((sum, seconds) => sum + seconds, 0),
    stageSeconds: effort.seconds,
    modelSha256: existsSync(model) ? createHash('sha256').update(readFileSync(model)).digest('hex') : '',
    settings: { ...settings },
    parameters: parameterCount(modelConfig(settings)),
    trainTokensPerSecond: tokensPerSecond(metrics),
    peakMemoryBytes: effort.peakMemoryBytes,
    arithmetic: effort.arithmetic,
    node: process.version,
    epochs: new BatchOrder(settings.trainSamples, settings.batchSize, seed).epochs(last),
    checkpoints,
    probes,
    skippedProbes,
    evidence: readProbes(run, last)?.evidence ?? null,
    ...(last === settings.steps ? readAnalyses(run) : noAnalyses()),
  };
}

function meanLoss(metrics: readonly StepMetrics[]): number | null {
  if (metrics.length === 0) return null;
  return metrics.reduce((sum, { loss }) => sum + loss, 0) / metrics.length;
}

/** Of the training steps alone, without checkpoints and traces. */
function tokensPerSecond(metrics: readonly StepMetrics[]): number | null {
  if (metrics.length === 0) return null;
  const tokens = metrics.reduce((sum, line) => sum + line.tokens, 0);
  const seconds = metrics.reduce((sum, line) => sum + line.tokens / line.tokensPerSecond, 0);
  return Math.round(tokens / seconds);
}
