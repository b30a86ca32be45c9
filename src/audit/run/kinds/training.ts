/** @file Training, taken up at its checkpoints and done again: whole intervals, and single steps number by number. Appendix E. */
import { randomStream } from '../../../random.ts';
import { encodeText } from '../../../store/index.ts';
import { BatchOrder } from '../../../study/batches.ts';
import { metricsText, parseMetrics, type StepMetrics } from '../../../study/metrics.ts';
import { modelConfig } from '../../../study/model-config.ts';
import { checkpointFile, checkpointFiles, metricsFile } from '../../../study/names.ts';
import { checkpointSteps } from '../../../study/run.ts';
import { CodeGen, encodeCheckpoint, encodeModel, type Files, type Trainer } from '../../../transformer/index.ts';
import { copyTrainer, Training } from '../../training.ts';
import { differencesOf, differencesOfTensors, differencesOfValues } from '../difference.ts';
import { type Grounds, SLOWNESS, secondsPerWork } from '../grounds.ts';
import type { Difference, Kind } from '../kind.ts';

/** The weights before any step, drawn from the seed. */
export function initialWeightsKind(grounds: Grounds): Kind {
  const { run, exact } = grounds;
  return {
    name: 'initial weights',
    path: 'exact',
    count: run.has(checkpointFile(0, 'model.safetensors')) ? 1 : 0,
    address: () => checkpointFile(0, 'model.safetensors'),
    seconds: () => 0.1,
    check: () => {
      const { settings, seed } = run.plan;
      const model = CodeGen.initialize(exact, modelConfig(settings), randomStream(seed, 'model'));
      return compareFiles(grounds, 0, encodeModel(model));
    },
  };
}

/** Checkpoints after the initial one that there are. */
const trainedSteps = ({ run }: Grounds): number[] =>
  run.plan.imported ? [] : checkpointSteps(run.plan).filter((step) => step > 0 && checkpointFiles(step).every(run.has));

/** From each checkpoint to the next by the fast kernels: the bytes of all its files, and every line of the metrics. */
export function intervalKind(grounds: Grounds): Kind {
  const { run, fast } = grounds;
  const steps = [0, ...trainedSteps(grounds)];
  const each = secondsPerWork(grounds, 'train');
  return {
    name: 'training intervals',
    path: 'again',
    count: steps.length - 1,
    address: (item) => checkpointFile(steps[item + 1]!, 'model.safetensors'),
    seconds: (item) => each * (steps[item + 1]! - steps[item]!),
    check: (item) =>
      fast.scope(() => {
        const [from, to] = [steps[item]!, steps[item + 1]!];
        const training = new Training(run, fast);
        const trainer = training.checkpoint(from);
        const metrics: StepMetrics[] = [];
        while (trainer.stepCount < to) metrics.push(stepAgain(grounds, training, trainer));
        const name = metricsFile(to);
        return [
          ...differencesOf(name, run.has(name) ? run.read(name) : undefined, encodeText(metricsText(metrics))),
          ...compareFiles(grounds, to, encodeCheckpoint(trainer)),
        ];
      }),
  };
}

/**
 * Single steps by the exact kernels, from where the fast ones come to from the checkpoint before: what the metrics say of the
 * step, then the weights that the fast kernels have after it, and at the end of an interval the bytes of the checkpoint.
 */
export function stepKind(grounds: Grounds): Kind {
  const { run, fast, exact } = grounds;
  const kept = trainedSteps(grounds);
  const each = secondsPerWork(grounds, 'train');
  const wayThere = (kept[0] ?? 0) / 2; // steps from the checkpoint before, on average
  const training = kept.length > 0 ? new Training(run, fast) : undefined;
  return {
    name: 'training steps',
    path: 'exact',
    count: kept.at(-1) ?? 0,
    address: (item) => addressOf(kept, item + 1),
    seconds: () => (SLOWNESS + wayThere) * each,
    check: (item) => {
      const step = item + 1;
      const end = kept.find((one) => one >= step)!;
      const trainer = copyTrainer(training!.at(item), exact);
      const report = stepAgain(grounds, training!, trainer);
      const recorded = parseMetrics(run.read(metricsFile(end)), metricsFile(end)).find((line) => line.step === step);
      const figures = differencesOfValues(addressOf(kept, step), recorded, report);
      if (step === end) return [...figures, ...compareFiles(grounds, end, encodeCheckpoint(trainer))];
      return [...figures, ...weightsThatDiffer(step, training!.at(step), trainer)];
    },
  };
}

const addressOf = (kept: readonly number[], step: number): string =>
  `${metricsFile(kept.find((one) => one >= step)!)}: step ${step}`;

/** One step, and its line of the metrics. */
function stepAgain({ run }: Grounds, training: Training, trainer: Trainer): StepMetrics {
  const { settings, seed } = run.plan;
  const order = new BatchOrder(settings.trainSamples, settings.batchSize, seed);
  const epoch = Math.floor(order.epochs(trainer.stepCount));
  const { step, loss, learningRate, gradientNorm, tokens } = trainer.step(training.batch(trainer.stepCount).batch);
  return { step, epoch, loss, learningRate, gradientNorm, tokens };
}

function compareFiles({ run }: Grounds, step: number, files: Files): Difference[] {
  return Object.entries(files).flatMap(([file, bytes]) => {
    const name = checkpointFile(step, file);
    return differencesOf(name, run.has(name) ? run.read(name) : undefined, bytes);
  });
}

function weightsThatDiffer(step: number, fast: Trainer, exact: Trainer): Difference[] {
  const tensors = ({ model }: Trainer) => new Map(model.parameters.map(({ name, value }) => [name!, value]));
  return differencesOfTensors(`fast kernels, step ${step}`, tensors(fast), tensors(exact));
}
