/** @file The stages of the study, one after the other, each going on where it was interrupted. Chapter 8. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SPLITS } from '../karel/index.ts';
import { describeReached, progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import type { Engine } from '../tensor/index.ts';
import { parameterCount } from '../transformer/index.ts';
import { analyse } from './analyse-stage.ts';
import { latestCheckpoint, loadModel } from './checkpoints.ts';
import { makeCorpus, verifyCorpus } from './corpus-files.ts';
import { addEffort } from './effort.ts';
import { describeEvaluation } from './evaluation.ts';
import { modelConfig } from './model-config.ts';
import { probe } from './probe-stage.ts';
import { formatCount, formatSeconds, type Progress } from './progress.ts';
import { report } from './report-stage.ts';
import type { RunDirectory } from './run-directory.ts';
import { tracedSteps, trainingHasEnded, trainingState } from './run-state.ts';
import { traceCheckpoint } from './trace-stage.ts';
import { train } from './train-stage.ts';

export const STAGES = ['corpus', 'train', 'trace', 'probe', 'analyse', 'report'] as const;
export type Stage = (typeof STAGES)[number];

/** What the stages work with. */
export interface Context {
  readonly progress: Progress;
  /** Called once, when a stage first needs to compute. */
  readonly openEngine: () => Promise<Engine>;
}

/** The whole study. */
export async function reproduce(run: RunDirectory, context: Context): Promise<void> {
  const { progress } = context;
  const { preset, seed, settings } = run.plan;
  const parameters = parameterCount(modelConfig(settings));
  progress.line(`karelscope ${preset}, seed ${seed}, in ${run.path}`);
  progress.line(
    `${formatCount(parameters)} parameters, ${settings.steps} steps of ${settings.batchSize} samples, ` +
      `${settings.gridWidth}x${settings.gridHeight} worlds, ${settings.examples} example${settings.examples === 1 ? '' : 's'}, ` +
      `programs of ${settings.minLength} to ${settings.maxLength} ${settings.programs === 'control' ? 'words, with branches and loops' : 'actions'}`,
  );
  await runStages(run, context, STAGES);
}

/** Some stages, in the order given. The engine is closed afterwards, also when a stage fails. */
export async function runStages(run: RunDirectory, context: Context, stages: readonly Stage[]): Promise<void> {
  const { progress } = context;
  let engine: Engine | undefined;
  const open = async (): Promise<Engine> => (engine ??= await context.openEngine());
  try {
    for (const stage of stages) {
      let started = performance.now();
      const charge = (name: Stage): void => {
        const now = performance.now();
        addEffort(run, name, (now - started) / 1000, engine);
        started = now;
      };
      await runStage(run, stage, progress, open, charge);
    }
  } finally {
    progress.stop();
    await engine?.close();
  }
}

/** `charge` puts the time since it was last called down to a stage; a stage that has nothing to do charges nothing. */
async function runStage(
  run: RunDirectory,
  stage: Stage,
  progress: Progress,
  open: () => Promise<Engine>,
  charge: (stage: Stage) => void,
): Promise<void> {
  switch (stage) {
    case 'corpus':
      if (SPLITS.every((split) => existsSync(run.corpus(split)))) return;
      await makeCorpus(run, progress);
      return charge('corpus');
    case 'train': {
      const ended = trainingHasEnded(run);
      if (ended && !existsSync(run.results)) progress.line(`resuming at step ${run.plan.settings.steps}`);
      // A run may have been killed between a checkpoint and its traces; that of the initial model is made by `train`.
      if (latestCheckpoint(run) !== undefined) await traceAll(run, open, progress, charge);
      if (ended) return;
      verifyCorpus(run);
      const engine = await open();
      await train(run, engine, progress, {
        atCheckpoint: (step, model) => {
          charge('train');
          progress.line(describeEvaluation(traceCheckpoint(run, engine, model, step, progress)));
          charge('trace');
        },
        atKept: () => charge('train'),
      });
      return charge('train');
    }
    case 'trace':
      if (!trainingHasEnded(run)) progress.line(trainingState(run));
      return traceAll(run, open, progress, charge);
    case 'probe':
      return probe(run, open, progress, () => charge('probe'));
    case 'analyse':
      return analyse(run, open, progress, () => charge('analyse'));
    case 'report':
      return summarize(run, await report(run), progress);
  }
}

/** The traces of each checkpoint, up to the latest, that has none. */
async function traceAll(
  run: RunDirectory,
  open: () => Promise<Engine>,
  progress: Progress,
  charge: (stage: Stage) => void,
): Promise<void> {
  const latest = latestCheckpoint(run) ?? (existsSync(run.checkpoint(0)) ? 0 : -1);
  const traced = tracedSteps(run);
  const steps = run.checkpointSteps().filter((step) => step <= latest && !traced.includes(step));
  if (steps.length > 0) verifyCorpus(run);
  for (const step of steps) {
    const engine = await open();
    const evaluation = engine.scope(() => traceCheckpoint(run, engine, loadModel(run, step, engine), step, progress));
    progress.line(describeEvaluation(evaluation));
    charge('trace');
  }
}

/** The end of a run in a few lines. */
function summarize(run: RunDirectory, results: Results, progress: Progress): void {
  const last = results.checkpoints.at(-1);
  if (!last) return;
  progress.line('');
  const reached = progressOf(results);
  const { ended } = reached;
  const unfinished = describeReached(reached);
  if (unfinished) progress.line(unfinished);
  progress.line(
    `solved ${(100 * last.generativeAccuracy).toFixed(1)}% of ${last.specifications} test specifications${ended ? '' : ' so far'}`,
  );
  if (![...results.probes, ...results.skippedProbes].some((p) => p.step === last.step))
    progress.line(`step ${last.step}: no probes yet`);
  for (const semantics of ['original', 'flip', 'adversarial']) {
    const probed = results.probes.find(
      (p) =>
        p.step === last.step &&
        p.feature === 'direction' &&
        p.semantics === semantics &&
        p.offset === 0 &&
        p.hiddenLayers === 1,
    );
    if (!probed) continue;
    const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
    progress.line(
      `direction under ${semantics.padEnd(11)} semantics, one hidden layer: ${percent(probed.accuracy)} ` +
        `(majority ${percent(probed.majority)}, untrained ${percent(probed.untrained)}), ` +
        `information ${probed.information.toFixed(3)} bits`,
    );
  }
  progress.line(
    `${formatSeconds(results.seconds)} ${ended ? 'in all' : 'so far'}; model ${results.modelSha256.slice(0, 12)}`,
  );
  progress.line(`report: ${resolve(run.report)}`);
}
