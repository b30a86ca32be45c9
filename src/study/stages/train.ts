/** @file Training from each checkpoint to the next, resumed bit for bit. Appendix B. */
import { linearSchedule } from '../../autograd/index.ts';
import { isInputCell, promptLength, type SampleShape } from '../../karel/index.ts';
import { randomStream } from '../../random.ts';
import { encodeText, type Store } from '../../store/index.ts';
import type { Engine } from '../../tensor/index.ts';
import {
  CHECKPOINT_FILES,
  CodeGen,
  encodeCheckpoint,
  encodeModel,
  type Files,
  type Json,
  NonFiniteLossError,
  Trainer,
  type TrainerSettings,
  type TrainingBatch,
} from '../../transformer/index.ts';
import { BatchOrder } from '../batches.ts';
import { loadModel, loadTraining, loadUnfinished, unfinishedSteps } from '../checkpoints.ts';
import { withCorpus } from '../corpus-reader.ts';
import { StudyError } from '../errors.ts';
import { metricsText, type StepMetrics } from '../metrics.ts';
import { modelConfig } from '../model-config.ts';
import { checkpointFile, checkpointFiles, corpusFile, metricsFile, modelFiles, stepName } from '../names.ts';
import { formatCount } from '../progress.ts';
import { checkpointSteps, type Inputs, type RunPlan } from '../run.ts';
import type { Settings } from '../settings.ts';
import { type Made, type Stage, Stopped, type Workplace } from '../stage.ts';

/** Between checkpoints training is kept after so many seconds, which decides no bit of it: no more than that is ever lost. */
export const KEEP_SECONDS = 60;

/** Target of a position whose prediction does not count. */
const IGNORED = -100;

/** The trainer of the stage before, as it stands: what a checkpoint would give back, without reading it. */
interface Session {
  trainer?: Trainer;
}

/** The initial weights, and then a stage for each checkpoint. */
export function trainStages(plan: RunPlan, keepSeconds = KEEP_SECONDS): Stage[] {
  const session: Session = {};
  const steps = checkpointSteps(plan);
  return steps.map((to, at) => {
    const name = `train/${to}`;
    if (at === 0) {
      return {
        name,
        kind: 'train',
        needs: [],
        makes: modelFiles(to),
        work: 1,
        make: async ({ plan }, { engine }) => initialWeights(plan, await engine(), session),
      };
    }
    const from = steps[at - 1]!;
    return {
      name,
      kind: 'train',
      needs: [corpusFile('train'), ...checkpointFiles(from)],
      makes: [...checkpointFiles(to), metricsFile(to)],
      work: to - from, // steps
      make: async (inputs, workplace) => {
        const engine = await workplace.engine();
        const begun = resume(inputs, workplace, engine, from, to, session);
        return trainTo(inputs, workplace, to, begun, keepSeconds);
      },
    };
  });
}

function initialWeights({ settings, seed }: RunPlan, engine: Engine, session: Session): Made {
  const model = CodeGen.initialize(engine, modelConfig(settings), randomStream(seed, 'model'));
  session.trainer = new Trainer(engine, model, trainerSettings(settings));
  return inFolder(0, encodeModel(model));
}

interface Begun {
  readonly trainer: Trainer;
  /** Of the steps since the checkpoint. */
  readonly metrics: StepMetrics[];
}

/** Training as it stands: in the session, or as it was kept last, or at the checkpoint `from`. */
function resume(
  inputs: Inputs,
  { scratch, progress }: Workplace,
  engine: Engine,
  from: number,
  to: number,
  session: Session,
): Begun {
  if (session.trainer?.stepCount === from) return { trainer: session.trainer, metrics: [] };
  const { settings } = inputs.plan;
  for (const step of unfinishedSteps(scratch).reverse()) {
    const kept = step > from && step < to ? loadUnfinished(scratch, step, engine) : undefined;
    if (!kept) continue;
    const trainer = new Trainer(engine, kept.model, trainerSettings(settings));
    trainer.restore(kept.state);
    session.trainer = trainer;
    progress.line(`resuming at step ${step}`);
    return { trainer, metrics: kept.state.extra as unknown as StepMetrics[] };
  }
  const loaded = from === 0 ? { model: loadModel(inputs, 0, engine) } : loadTraining(inputs, from, engine);
  const trainer = new Trainer(engine, loaded.model, trainerSettings(settings));
  if ('state' in loaded) {
    trainer.restore(loaded.state);
    progress.line(`resuming at step ${from}`);
  }
  session.trainer = trainer;
  return { trainer, metrics: [] };
}

function trainTo(
  inputs: Inputs,
  { progress, scratch, kept, stopping }: Workplace,
  to: number,
  { trainer, metrics }: Begun,
  keepSeconds: number,
): Made {
  const { settings, seed } = inputs.plan;
  progress.start('train', settings.steps, 'steps', trainer.stepCount);
  let keptAt = performance.now();
  const keep = (): void => {
    keepUnfinished(scratch, trainer, metrics);
    kept();
    keptAt = performance.now();
  };
  withCorpus(inputs, 'train', (corpus) => {
    const order = new BatchOrder(corpus.count, settings.batchSize, seed);
    const counts = countedTokens(settings.lossOn, corpus.header.settings);
    while (trainer.stepCount < to) {
      const started = performance.now();
      const epoch = Math.floor(order.epochs(trainer.stepCount));
      const numbers = order.batch(trainer.stepCount);
      const tokensOf = numbers.map((number) => corpus.tokens(number));
      const report = stepOrStop(trainer, trainingBatch(tokensOf, counts), numbers);
      const { step, loss, learningRate, gradientNorm, tokens } = report;
      metrics.push({ step, epoch, loss, learningRate, gradientNorm, tokens });
      const rate = (1000 * tokens) / (performance.now() - started);
      progress.update(step, `loss ${loss.toFixed(3)}, ${formatCount(Math.round(rate))} tokens/s`);
      if (step === to) break;
      if (stopping()) {
        keep();
        throw new Stopped(`training is kept at step ${step} of ${settings.steps}`);
      }
      if (performance.now() - keptAt >= 1000 * keepSeconds) keep();
    }
  });
  return { ...inFolder(to, encodeCheckpoint(trainer)), [metricsFile(to)]: encodeText(metricsText(metrics)) };
}

const inFolder = (step: number, files: Files): Made =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [checkpointFile(step, name), bytes]));

/** Keeps training as it stands, in the place of what was kept before. The last file of {@link CHECKPOINT_FILES} seals the others. */
function keepUnfinished(scratch: Store, trainer: Trainer, metrics: readonly StepMetrics[]): void {
  const before = scratch.list();
  const files = encodeCheckpoint(trainer, metrics as unknown as Json);
  for (const name of CHECKPOINT_FILES) scratch.write(`${stepName(trainer.stepCount)}/${name}`, files[name]);
  for (const name of before) scratch.remove(name);
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
    optimizer: settings.optimizer,
  };
}

/** Step 0 of the schedule trains with the rate of step 1: a rate of 0 would waste a batch. */
function scheduleOf(settings: Settings): (step: number) => number {
  const { learningRate: peak, warmupSteps, steps: totalSteps } = settings;
  const schedule = linearSchedule({ peak, warmupSteps, totalSteps: totalSteps + 1 });
  return (step) => schedule(step + 1);
}

/** Says of a token's place in its sample whether the loss counts how well it was predicted. */
type Counts = (at: number) => boolean;

export function countedTokens(lossOn: Settings['lossOn'], shape: Omit<SampleShape, 'maxLength'>): Counts {
  const prompt = promptLength(shape);
  const counts: { readonly [L in Settings['lossOn']]: Counts } = {
    all: () => true,
    outputs: (at) => !isInputCell(shape, at),
    program: (at) => at >= prompt,
  };
  return counts[lossOn];
}

/** Each token predicts the next; the last has none to predict, and is not read. */
export function trainingBatch(samples: readonly Uint8Array[], counts: Counts = () => true): TrainingBatch {
  return {
    sequences: samples.map((tokens) => tokens.subarray(0, -1)),
    targets: samples.map((tokens) =>
      Int32Array.from(tokens.subarray(1), (target, at) => (counts(at + 1) ? target : IGNORED)),
    ),
  };
}

function stepOrStop(trainer: Trainer, batch: TrainingBatch, numbers: readonly number[]) {
  try {
    return trainer.step(batch);
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    const batchAt = `the batch that begins with sample ${numbers[0]} of ${corpusFile('train')}`;
    throw new StudyError(`${error.message}, in ${batchAt}; what was kept before is as it was`);
  }
}
