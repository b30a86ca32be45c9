/** @file Training one probe. Chapter 7. */
import { AdamW, exponentialSchedule, Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ProbeError } from './errors.ts';
import type { FeatureShape } from './features.ts';
import { type HiddenLayers, Probe } from './probe.ts';
import { crossEntropyOf, type ProbeData, putTargets } from './score.ts';

export interface ProbeTraining {
  /** Pairs that a probe is shown in all, repetitions counted. */
  readonly samples: number;
  /** At most this many passes over the training pairs, however few they are. */
  readonly maxPasses: number;
  /** Pairs a step. */
  readonly batchSize: number;
  /** Peak of AdamW's learning rate. */
  readonly learningRate: number;
  /** AdamW's decay, of weights alone. */
  readonly weightDecay: number;
  /** The learning rate is multiplied by this after each of `intervals` equal parts of the training. */
  readonly decay: number;
  readonly intervals: number;
  /** How often, evenly spread, the validation cross-entropy is taken; the best of these moments is kept. */
  readonly validations: number;
}

/** As the released code of Jin & Rinard 2024 trains its probes, but for the moment kept: there the best on test. */
export const PAPER_PROBE_TRAINING: ProbeTraining = {
  samples: 10_000_000,
  maxPasses: Number.POSITIVE_INFINITY,
  batchSize: 1024,
  learningRate: 0.02,
  weightDecay: 0.2,
  decay: 0.95,
  intervals: 150,
  validations: 150,
};

export interface TrainedProbe {
  /** With the parameters of the best moment. */
  readonly probe: Probe;
  /** Validation cross-entropy in bits a pair, at each moment that it was taken. */
  readonly validation: readonly number[];
  /** Index in `validation` of the parameters that were kept. */
  readonly best: number;
}

/**
 * Trains a probe and keeps its parameters from the moment with the lowest validation cross-entropy. The probe lives in
 * the engine's current scope. A last batch of a single pair is left out: it has no variance. `random` gives
 * numbers in [0, 1), for the initial parameters and the order of the pairs. Throws {@link ProbeError} for fewer than 2
 * training pairs or no validation pair.
 */
export function trainProbe(
  engine: Engine,
  data: { readonly train: ProbeData; readonly validation: ProbeData },
  hiddenLayers: HiddenLayers,
  shape: FeatureShape,
  training: ProbeTraining,
  random: () => number,
): TrainedProbe {
  const [pairs = 0, width = 0] = data.train.x.shape;
  if (pairs < 2) throw new ProbeError(`probe: ${pairs} training pairs, expected 2 or more`);
  if (!data.validation.x.shape[0]) throw new ProbeError('probe: no validation pairs');

  const probe = new Probe(engine, width, hiddenLayers, shape, random);
  const optimizer = new AdamW(engine, probe.parameters, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: training.weightDecay,
  });
  const samples = Math.min(training.samples, training.maxPasses * pairs);
  const { learningRate: peak, decay } = training;
  const learningRate = exponentialSchedule({ peak, decay, interval: samples / training.intervals }); // by samples seen
  const takeBatch = createBatches(engine, data.train, shape, training.batchSize, random);

  const validation: number[] = [];
  let best = 0;
  let kept = probe.snapshot();
  for (let seen = 0; seen < samples; ) {
    engine.scope(() => {
      const { x, targets } = takeBatch();
      const tape = new Tape(engine);
      tape.backward(probe.forward(tape, tape.constant(x), targets, true).loss);
      optimizer.step(learningRate(seen));
      seen += x.shape[0]!;
    });
    if (seen * training.validations < (validation.length + 1) * samples) continue;
    const bits = crossEntropyOf(engine, probe, data.validation);
    if (validation.length === 0 || bits < validation[best]!) {
      best = validation.length;
      kept = probe.snapshot();
    }
    validation.push(bits);
  }
  probe.restore(kept);
  return { probe, validation, best };
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
