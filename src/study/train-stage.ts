/** @file Training with checkpoints, resumed bit for bit. Chapter 8. */

import { performance } from 'node:perf_hooks';
import { setImmediate as otherEvents } from 'node:timers/promises';
import { linearSchedule } from '../autograd/index.ts';
import { promptLength } from '../karel/index.ts';
import { randomStream } from '../random.ts';
import type { Engine } from '../tensor/index.ts';
import {
  CodeGen,
  NonFiniteLossError,
  Trainer,
  type TrainerSettings,
  type TrainingBatch,
} from '../transformer/index.ts';
import { BatchOrder } from './batches.ts';
import { loadTraining, resumableStep, saveCheckpoint, saveUnfinished } from './checkpoints.ts';
import { CorpusReader } from './corpus-files.ts';
import { StudyError } from './errors.ts';
import { MetricsFile } from './metrics.ts';
import { modelConfig } from './model-config.ts';
import { formatCount, type Progress } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Settings } from './settings.ts';

/** Between checkpoints training is kept after so many seconds, which decides no bit of it: no more than that is ever lost. */
export const KEEP_SECONDS = 60;

/** Target of a position whose prediction does not count. */
const IGNORED = -100;

export interface TrainingEvents {
  /** Called at each checkpoint, once that is on the disk. */
  readonly atCheckpoint: (step: number, model: CodeGen) => void;
  /** Called when training has been kept between two checkpoints. */
  readonly atKept?: (step: number) => void;
}

/**
 * Trains up to the last step, from the step at which it was last kept. Throws {@link StudyError} when the loss is not
 * finite; what was kept stays.
 */
export async function train(
  run: RunDirectory,
  engine: Engine,
  progress: Progress,
  { atCheckpoint, atKept }: TrainingEvents,
  keepSeconds = KEEP_SECONDS,
): Promise<void> {
  const { settings, seed } = run.plan;
  const resumed = resumableStep(run);
  const corpus = new CorpusReader(run.corpus('train'));
  const trainer = openTrainer(run, engine, resumed);
  if (resumed !== undefined) progress.line(`resuming at step ${resumed}`);
  const metrics = new MetricsFile(run.metrics, trainer.stepCount);
  const order = new BatchOrder(corpus.count, settings.batchSize, seed);
  const prompt = promptLength(corpus.header.settings);
  const checkpoints = new Set(run.checkpointSteps());

  let kept = performance.now();
  const checkpoint = (): void => {
    if (!checkpoints.has(trainer.stepCount)) {
      if (performance.now() - kept < 1000 * keepSeconds) return;
      metrics.flush();
      saveUnfinished(run, trainer);
      atKept?.(trainer.stepCount);
      kept = performance.now();
      return;
    }
    metrics.flush();
    saveCheckpoint(run, trainer);
    atCheckpoint(trainer.stepCount, trainer.model);
    kept = performance.now();
    progress.start('train', settings.steps, 'steps', trainer.stepCount);
  };
  if (resumed === undefined) checkpoint(); // the untrained model
  progress.start('train', settings.steps, 'steps', trainer.stepCount);
  while (trainer.stepCount < settings.steps) {
    const started = performance.now();
    const numbers = order.batch(trainer.stepCount);
    const batch = trainingBatch(
      numbers.map((number) => corpus.tokens(number)),
      settings.lossOn === 'all' ? 0 : prompt,
    );
    const epoch = Math.floor(order.epochs(trainer.stepCount));
    const report = stepOrStop(run, trainer, batch, numbers, metrics);
    const tokensPerSecond = Math.round((1000 * report.tokens) / (performance.now() - started));
    const { step, loss, learningRate, gradientNorm, tokens } = report;
    metrics.add({ step, epoch, loss, learningRate, gradientNorm, tokens, tokensPerSecond });
    progress.update(step, `loss ${loss.toFixed(3)}, ${formatCount(tokensPerSecond)} tokens/s`);
    checkpoint();
    await otherEvents(); // lets a signal through
  }
  metrics.flush();
  corpus.close();
  progress.stop();
}

/** The trainer as it stood at checkpoint `step`, or a new one. */
function openTrainer(run: RunDirectory, engine: Engine, step: number | undefined): Trainer {
  const { settings, seed } = run.plan;
  if (step === undefined) {
    const model = CodeGen.initialize(engine, modelConfig(settings), randomStream(seed, 'model'));
    return new Trainer(engine, model, trainerSettings(settings));
  }
  const { model, state } = loadTraining(run, step, engine);
  const trainer = new Trainer(engine, model, trainerSettings(settings));
  trainer.restore(state);
  return trainer;
}

/** How a run with these settings trains. */
export function trainerSettings(settings: Settings): TrainerSettings {
  return {
    schedule: scheduleOf(settings),
    clip: settings.clipNorm === 0 ? Number.POSITIVE_INFINITY : settings.clipNorm,
    beta1: settings.beta1,
    beta2: settings.beta2,
    epsilon: settings.adamEpsilon,
    weightDecay: settings.weightDecay,
  };
}

/** Step 0 of the schedule trains with the rate of step 1: a rate of 0 would waste a batch. */
function scheduleOf(settings: Settings): (step: number) => number {
  const { learningRate: peak, warmupSteps, steps: totalSteps } = settings;
  const schedule = linearSchedule({ peak, warmupSteps, totalSteps: totalSteps + 1 });
  return (step) => schedule(step + 1);
}

/** Each token predicts the next; the last has none to predict, and is not read. */
export function trainingBatch(samples: readonly Uint8Array[], firstCounted: number): TrainingBatch {
  return {
    sequences: samples.map((tokens) => tokens.subarray(0, -1)),
    targets: samples.map((tokens) =>
      Int32Array.from(tokens.subarray(1)).fill(IGNORED, 0, Math.max(0, firstCounted - 1)),
    ),
  };
}

function stepOrStop(
  run: RunDirectory,
  trainer: Trainer,
  batch: TrainingBatch,
  numbers: readonly number[],
  metrics: MetricsFile,
) {
  try {
    return trainer.step(batch);
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    metrics.flush();
    const batchAt = `the batch that begins with sample ${numbers[0]} of ${run.corpus('train')}`;
    throw new StudyError(`${error.message}, in ${batchAt}; kept: step ${resumableStep(run) ?? 0} in ${run.path}`);
  }
}
