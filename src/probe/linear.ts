/** @file A linear probe at the optimum of its convex problem. Chapter 9. */

import { Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import { exponentOf, powerOfTwo } from '../tensor/functions/double-double.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cholesky, solveCholesky } from './cholesky.ts';
import type { FeatureShape } from './features.ts';
import { type MinimizeOptions, minimize } from './lbfgs.ts';
import { Probe } from './probe.ts';
import { crossEntropyOf, type ProbeData, putTargets } from './score.ts';

/** Penalties that are tried, strongest first, each a fifth of the one before; n pairs and scikit-learn's `C` give 1 / (n C). */
export const PENALTIES = [0.1, 0.02, 0.004, 8e-4, 1.6e-4, 3.2e-5, 6.4e-6] as const;
/** No weaker penalty is tried once so many in a row have done worse on validation than the best. */
const PATIENCE = 2;
/** How nearly the minimum is reached while penalties are compared; the best one is then brought to the end. */
const COMPARING = { tolerance: 5e-4 } as const;

/** Pairs to learn from, and pairs to choose by. */
export interface TrainingData {
  readonly train: ProbeData;
  readonly validation: ProbeData;
}

export interface TrainedProbe {
  /** With the parameters of the best moment. */
  readonly probe: Probe;
  /** Validation cross-entropy in bits a pair: after each interval, or of a linear probe for each penalty. */
  readonly validation: readonly number[];
  /** Index in `validation` of the parameters that were kept. */
  readonly best: number;
  /** A linear probe reached the minimum of its problem; another one stopped improving on validation before its samples ran out. */
  readonly converged: boolean;
}

export interface LinearFit {
  /** Mean cross-entropy of the training pairs in nats, heads summed, without the penalty. */
  readonly crossEntropy: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Moves a linear probe to the minimum of its mean cross-entropy on these pairs plus `penalty` / 2 times the squares of its
 * weights (biases are free), from where it is. The problem is convex: where it starts decides nothing but the time. As
 * scikit-learn's `LogisticRegression(C=1 / (n * penalty))`, one for each head.
 */
export function fitLinear(
  engine: Engine,
  probe: Probe,
  { x, labels }: ProbeData,
  penalty: number,
  options: Omit<MinimizeOptions, 'precondition'> = {},
): LinearFit {
  const { heads } = probe.shape;
  const [pairs = 0, width = 0] = x.shape;
  const [weight, bias] = probe.parameters;
  const [weights, biases] = [weight!.value.data, bias!.value.data];
  const curvatures = curvaturesOf(labels, probe.shape);
  // One block a class: its weights, then its bias.
  const block = new Float64Array(width + 1);
  const precondition = (v: Float64Array): void => {
    curvatures.forEach((curvature, c) => {
      block.set(v.subarray(c * width, (c + 1) * width));
      block[width] = v[weights.length + c]!;
      solveCholesky(factorOf(engine, x, curvature, penalty), block);
      v.set(block.subarray(0, width), c * width);
      v[weights.length + c] = block[width]!;
    });
  };
  return engine.scope(() => {
    const targets = engine.integers(heads * pairs);
    putTargets(targets, labels, heads, pairs, (row) => row);
    let crossEntropy = 0;
    const put = (parameters: Float64Array): void => {
      weights.set(parameters.subarray(0, weights.length));
      biases.set(parameters.subarray(weights.length));
    };
    const start = Float64Array.from([...weights, ...biases]);
    const objective = (parameters: Float64Array, gradient: Float64Array): number => {
      put(parameters);
      return engine.scope(() => {
        const tape = new Tape(engine);
        const { loss } = probe.forward(tape, tape.constant(x), targets, true);
        tape.backward(loss);
        gradient.set(weight!.gradient!.data);
        gradient.set(bias!.gradient!.data, weights.length);
        crossEntropy = loss.value.data[0]!;
        let squares = 0;
        for (let i = 0; i < weights.length; i++) {
          squares += parameters[i]! * parameters[i]!;
          gradient[i]! += penalty * parameters[i]!;
        }
        return crossEntropy + (penalty / 2) * squares;
      });
    };
    const found = minimize(objective, start, { ...options, precondition });
    put(found.x);
    return { crossEntropy, iterations: found.iterations, converged: found.converged };
  });
}

/**
 * How much each class curves the loss, [heads x classes]: f (1 - f) for a class of frequency f, which is the curvature where
 * the probe knows the frequencies alone. Rounded to powers of 4, since {@link minimize} needs no more than a guess.
 */
function curvaturesOf(labels: Int32Array, { heads, classes }: FeatureShape): number[] {
  const counts = new Array<number>(heads * classes).fill(0);
  labels.forEach((label, at) => void counts[(at % heads) * classes + label]!++);
  const pairs = labels.length / heads;
  return counts.map((count) => {
    const frequency = Math.max(count, 1) / (pairs + 1);
    return powerOfTwo(2 * Math.ceil(exponentOf(frequency * (1 - frequency)) / 2));
  });
}

/** Many probes read the same inputs: what they share of the work. */
const prepared = new WeakMap<Tensor, { readonly moments: Float64Array; readonly factors: Map<string, Float64Array> }>();

/** The Cholesky factor of `curvature` times the moments of the inputs plus the penalty of the weights. [width + 1, width + 1] */
function factorOf(engine: Engine, x: Tensor, curvature: number, penalty: number): Float64Array {
  const known = prepared.get(x) ?? { moments: momentsOf(engine, x), factors: new Map<string, Float64Array>() };
  prepared.set(x, known);
  const key = `${curvature} ${penalty}`;
  const factor = known.factors.get(key);
  if (factor) return factor;
  const size = x.shape[1]! + 1;
  const matrix = known.moments.map((value) => curvature * value);
  // The bias gets a trace of the penalty, lest rounding make the matrix indefinite.
  for (let i = 0; i < size; i++) matrix[i * size + i]! += i < size - 1 ? penalty : 1e-3 * penalty;
  const made = cholesky(matrix, size);
  known.factors.set(key, made);
  return made;
}

/** Of the inputs and a 1 beside them: the mean of their products. [width + 1, width + 1] */
function momentsOf(engine: Engine, x: Tensor): Float64Array {
  const [pairs = 0, width = 0] = x.shape;
  const size = width + 1;
  const moments = new Float64Array(size * size);
  engine.scope(() => {
    const products = engine.empty([width, width]);
    engine.kernels.matmul(products.data, x.data, x.data, { m: width, n: width, k: pairs, transposeA: true });
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) moments[i * size + j] = products.data[i * width + j]! / pairs;
    }
  });
  for (let pair = 0; pair < pairs; pair++) {
    for (let j = 0; j < width; j++) moments[width * size + j]! += x.data[pair * width + j]! / pairs;
  }
  for (let j = 0; j < width; j++) moments[j * size + width] = moments[width * size + j]!;
  moments[size * size - 1] = 1;
  return moments;
}

/**
 * The linear probe whose penalty, among {@link PENALTIES}, does best on validation pairs. Each fit begins where the one with
 * the stronger penalty ended. There must be two training pairs and a validation pair.
 */
export function trainLinear(engine: Engine, data: TrainingData, shape: FeatureShape): TrainedProbe {
  const probe = new Probe(engine, data.train.x.shape[1]!, 0, shape, () => 0.5); // all parameters 0
  const validation: number[] = [];
  let [best, kept] = [0, probe.snapshot()];
  for (const penalty of PENALTIES) {
    fitLinear(engine, probe, data.train, penalty, COMPARING);
    const bits = crossEntropyOf(engine, probe, data.validation);
    if (validation.length === 0 || bits < validation[best]!) [best, kept] = [validation.length, probe.snapshot()];
    validation.push(bits);
    if (validation.length - 1 - best >= PATIENCE) break;
  }
  probe.restore(kept);
  const { converged } = fitLinear(engine, probe, data.train, PENALTIES[best]!);
  validation[best] = crossEntropyOf(engine, probe, data.validation);
  return { probe, validation, best, converged };
}
