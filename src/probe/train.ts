/** @file Training one probe. Chapter 9. */
import { AdamW, exponentialSchedule, Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ProbeError } from './errors.ts';
import type { FeatureShape } from './features.ts';
import { type TrainedProbe, type TrainingData, trainLinear } from './linear.ts';
import { type HiddenLayers, Probe } from './probe.ts';
import { crossEntropyOf, type ProbeData, putTargets } from './score.ts';

export interface ProbeTraining {
  /** Most pairs that a probe with hidden layers is shown, repetitions counted. */
  readonly samples: number;
  /** Pairs a step. */
  readonly batchSize: number;
  /** Peak of AdamW's learning rate. */
  readonly learningRate: number;
  /** AdamW's decay, of weights alone. */
  readonly weightDecay: number;
  /** Pairs from one validation to the next: a pass over the training pairs, but at most so many. */
  readonly interval: number;
  /** The learning rate is multiplied by this after each interval. */
  readonly decay: number;
  /** Training ends after so many intervals in which the validation cross-entropy has not fallen by {@link LEAST_IMPROVEMENT}. */
  readonly patience: number;
}

/** Share of the lowest validation cross-entropy by which a lower one must lie below it to count: as `threshold` of PyTorch's `ReduceLROnPlateau`. */
export const LEAST_IMPROVEMENT = 1e-3;

/** As the released code of Jin & Rinard 2024 trains its probes, to the end, but for the moment kept: there the best on test. */
export const PAPER_PROBE_TRAINING: ProbeTraining = {
  samples: 10_000_000,
  batchSize: 1024,
  learningRate: 0.02,
  weightDecay: 0.2,
  interval: 66_667, // 10,000,000 / 150
  decay: 0.95,
  patience: 150,
};

/**
 * Trains a probe. A linear one is brought to the optimum of its convex problem, see `trainLinear`; `training` and `random`
 * have no part in it. Others go on until validation stops improving, and keep their parameters from the moment with the
 * lowest validation cross-entropy; a last batch of a single pair is left out: it has no variance. `random` gives numbers in
 * [0, 1), for the initial parameters and the order of the pairs. The probe lives in the engine's current scope. Throws
 * {@link ProbeError} for fewer than 2 training pairs or no validation pair.
 */
export function trainProbe(
  engine: Engine,
  data: TrainingData,
  hiddenLayers: HiddenLayers,
  shape: FeatureShape,
  training: ProbeTraining,
  random: () => number,
): TrainedProbe {
  const [pairs = 0, width = 0] = data.train.x.shape;
  if (pairs < 2) throw new ProbeError(`probe: ${pairs} training pairs, expected 2 or more`);
  if (!data.validation.x.shape[0]) throw new ProbeError('probe: no validation pairs');
  if (hiddenLayers === 0) return trainLinear(engine, data, shape);

  const probe = new Probe(engine, width, hiddenLayers, shape, random);
  const optimizer = new AdamW(engine, probe.parameters, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: training.weightDecay,
  });
  const { learningRate: peak, decay, samples, patience } = training;
  const interval = Math.min(training.interval, pairs);
  const learningRate = exponentialSchedule({ peak, decay, interval }); // by pairs seen
  const takeBatch = createBatches(engine, data.train, shape, training.batchSize, random);

  const validation: number[] = [];
  let [best, improved] = [0, 0]; // the lowest, and the last that counted as an improvement
  let kept = probe.snapshot();
  let seen = 0;
  const stoppedImproving = (): boolean => validation.length > 0 && validation.length - 1 - improved >= patience;
  while (seen < samples && !stoppedImproving()) {
    engine.scope(() => {
      const { x, targets } = takeBatch();
      const tape = new Tape(engine);
      tape.backward(probe.forward(tape, tape.constant(x), targets, true).loss);
      optimizer.step(learningRate(seen));
      seen += x.shape[0]!;
    });
    if (seen < (validation.length + 1) * interval && seen < samples) continue;
    const bits = crossEntropyOf(engine, probe, data.validation);
    if (validation.length === 0 || bits < (1 - LEAST_IMPROVEMENT) * validation[improved]!) improved = validation.length;
    if (validation.length === 0 || bits < validation[best]!) {
      best = validation.length;
      kept = probe.snapshot();
    }
    validation.push(bits);
  }
  probe.restore(kept);
  return { probe, validation, best, converged: stoppedImproving() };
}

/** Inputs [rows, width] and targets [heads x rows], head after head, as a probe wants them. */
interface Batch {
  readonly x: Tensor;
  readonly targets: Int32Array;
}

/** Batches of ever new passes over the pairs, each in a new order; the arrays are used again by the next batch. */
function createBatches(
  engine: Engine,
  { x, labels }: ProbeData,
  { heads }: FeatureShape,
  batchSize: number,
  random: () => number,
): () => Batch {
  const [pairs = 0, width = 0] = x.shape;
  const size = Math.max(2, Math.min(batchSize, pairs));
  const order = Int32Array.from({ length: pairs }, (_, pair) => pair);
  const ids = engine.integers(size);
  const targets = engine.integers(size * heads);
  const gathered = engine.empty([size, width]);
  let next = pairs;
  return () => {
    if (pairs - next < 2) {
      shuffle(order, random);
      next = 0;
    }
    const rows = Math.min(size, pairs - next);
    ids.set(order.subarray(next, next + rows));
    putTargets(targets, labels, heads, rows, (row) => order[next + row]!);
    next += rows;
    const batch = gathered.rows(0, rows);
    engine.kernels.embedding(batch.data, x.data, ids, rows, width);
    return { x: batch, targets: targets.subarray(0, rows * heads) };
  };
}

/** Fisher and Yates: every order is equally likely. */
function shuffle(order: Int32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at]!;
    order[at] = order[other]!;
    order[other] = kept;
  }
}
