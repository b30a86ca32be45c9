/** @file ReLU with batch norm, one unit a row and the samples of a batch side by side: a probe's hidden layer. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import type { FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { BackwardPass, Node, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import type { BatchNormOptions, RunningStatistics } from './batch-norm.ts';
import { expectShape, matrixShape, named } from './check.ts';
import { added, copied, dataOf, gradient, gradientOf, input, row, terms, within } from './element.ts';

export interface Attributes extends BatchNormOptions {
  readonly units: number;
  readonly rows: number;
  readonly running: RunningStatistics;
}

/** Of each unit [units]; the variance is the biased one in training. */
export interface Statistics {
  readonly mean: FloatArray;
  readonly variance: FloatArray;
}

/**
 * y = (h - mean) / sqrt(variance + epsilon) weight + shift with h = max(x + bias, 0), statistics by row: x [units, rows],
 * the others [units]. What follows the product in `torch.nn`'s Linear, ReLU, BatchNorm1d; `running` as in `batchNorm`.
 * Has a derivative in training only. Throws {@link ShapeError}, also for a training batch of one sample.
 */
export function reluBatchNorm(
  tape: Tape,
  x: Variable,
  bias: Variable,
  weight: Variable,
  shift: Variable,
  running: RunningStatistics,
  options: BatchNormOptions,
): Variable {
  const [units, rows] = matrixShape('reluBatchNorm', 'x', x);
  expectShape('reluBatchNorm', 'bias', bias, [units]);
  expectShape('reluBatchNorm', 'weight', weight, [units]);
  expectShape('reluBatchNorm', 'shift', shift, [units]);
  expectShape('reluBatchNorm', 'running mean', running.mean, [units]);
  expectShape('reluBatchNorm', 'running variance', running.variance, [units]);
  if (options.training && rows < 2) throw new ShapeError(`reluBatchNorm: ${named('x', x)} has no variance in training`);
  return tape.apply(reluBatchNormOp, [x, bias, weight, shift], { ...options, units, rows, running }).output;
}

export const reluBatchNormOp: Op<Attributes, Statistics> = {
  name: 'reluBatchNorm',
  forward(engine, [x, bias, weight, shift], { units, rows, running, training, momentum, epsilon }) {
    const y = engine.empty([units, rows]);
    const { mean, variance } = training ? { mean: engine.empty([units]), variance: engine.empty([units]) } : running;
    const [m, v] = [mean.data, variance.data];
    const [X, b, w, s] = [x!.data, bias!.data, weight!.data, shift!.data];
    engine.kernels.reluBatchNorm(y.data, m, v, X, b, w, s, units, rows, epsilon, training);
    if (training) {
      move(running.mean, m, momentum);
      move(running.variance, v, momentum, rows / (rows - 1)); // the running variance is the unbiased one
    }
    return { value: y, saved: { mean: m, variance: v } };
  },
  backward(tape, { inputs, attributes: { units, rows, epsilon, training }, saved: { mean, variance } }, dy) {
    if (!training) throw new Error('reluBatchNorm: no derivative outside of training');
    const [x, bias, weight, shift] = inputs as [Variable, Variable, Variable, Variable];
    // forward: y = z weight + shift with z = (h - mean) rstd, so dweight = the sum of dy z over the samples, dshift = the
    // sum of dy and, mean and rstd being functions of h, dh = rstd weight (dy - average(dy) - z average(dy z))
    // forward: h = max(x + bias, 0), so dx = dh where h > 0, else 0, and dbias = the sum of dx
    contribute(tape, [x, bias, weight, shift], (gradients) => {
      const [dx, dbias, dweight, dshift] = gradients as [FloatArray, FloatArray, FloatArray, FloatArray];
      const [X, b, w] = [x.value.data, bias.value.data, weight.value.data];
      const { kernels } = tape.engine;
      kernels.reluBatchNormBackward(dx, dbias, dweight, dshift, dy, X, b, mean, variance, w, units, rows, epsilon);
    });
  },
  explain(node, at) {
    const { rows, epsilon, training } = node.attributes;
    const [u, r] = [Math.floor(at / rows), at % rows];
    const { mean, variance } = node.saved;
    return {
      formula: '(h - mean) / sqrt(variance + epsilon) weight + shift, h = max(x + bias, 0)',
      terms: [
        { source: input(0, at) },
        { source: input(1, u) },
        ...statistics(node.saved, u),
        { source: input(2, u) },
        { source: input(3, u) },
      ],
      again: (engine) => {
        const one = (value: number): FloatArray => copied(engine, [value]);
        const [y, x] = [copied(engine, new Float64Array(rows)), copied(engine, row(dataOf(node, 0), u, rows))];
        const [m, v] = [one(mean[u]!), one(variance[u]!)];
        const [b, w, s] = [1, 2, 3].map((i) => one(dataOf(node, i)[u]!)) as [FloatArray, FloatArray, FloatArray];
        engine.kernels.reluBatchNorm(y, m, v, x, b, w, s, 1, rows, epsilon, training);
        return y[r]!;
      },
    };
  },
  explainGradient(node, which, at) {
    const { rows } = node.attributes;
    const [u, r] = which === 0 ? [Math.floor(at / rows), at % rows] : [at, 0];
    const formulas = [
      'rstd weight (dy - average(dy) - z average(dy z)) where h > 0, else 0',
      'sum over samples of dx',
      'sum over samples of dy z, z = (h - mean) rstd',
      'sum over samples of dy',
    ];
    const all = terms(rows, (q) => ({ source: gradient(u * rows + q) }));
    const own = [{ source: gradient(at), times: input(2, u) }, { source: input(0, at) }, ...statistics(node.saved, u)];
    return {
      formula: formulas[which]!,
      terms: which === 0 ? own : all,
      again: (engine, before) => added(engine, backwardOfUnit(engine, node, u)[which]![r]!, before),
    };
  },
};

/** dx [rows], dbias, dweight and dshift of unit u. */
function backwardOfUnit(engine: Engine, node: Node<Attributes, Statistics>, u: number): readonly FloatArray[] {
  const { rows, epsilon } = node.attributes;
  const one = (value: number): FloatArray => copied(engine, [value]);
  const [dx, dbias, dweight, dshift] = [copied(engine, new Float64Array(rows)), one(0), one(0), one(0)];
  const [dy, x] = [gradientOf(node), dataOf(node, 0)].map((data) => copied(engine, row(data, u, rows)));
  const [m, v] = [one(node.saved.mean[u]!), one(node.saved.variance[u]!)];
  const [b, w] = [one(dataOf(node, 1)[u]!), one(dataOf(node, 2)[u]!)];
  engine.kernels.reluBatchNormBackward(dx, dbias, dweight, dshift, dy!, x!, b, m, v, w, 1, rows, epsilon);
  return [dx, dbias, dweight, dshift];
}

function statistics({ mean, variance }: Statistics, u: number) {
  return [{ source: within('mean', mean[u]!) }, { source: within('variance', variance[u]!) }];
}

/**
 * Has a kernel that knows no `accumulate` fill in the gradients of these variables: in place, or, where one is unwanted or
 * has contributions already, beside it.
 */
export function contribute(
  tape: BackwardPass,
  variables: readonly Variable[],
  fill: (gradients: FloatArray[]) => void,
): void {
  const { engine } = tape;
  const buffers = variables.map((v) => (v.requiresGradient ? tape.gradientOf(v) : undefined));
  const gradients = buffers.map((buffer, i) => {
    return buffer?.accumulate === false ? buffer.data : engine.empty(variables[i]!.value.shape).data;
  });
  fill(gradients);
  buffers.forEach((buffer, i) => {
    if (buffer?.accumulate) engine.kernels.scale(buffer.data, gradients[i]!, 1, true);
  });
}

/** running = (1 - momentum) running + momentum factor batch. */
function move(running: Tensor, batch: FloatArray, momentum: number, factor = 1): void {
  const { data } = running;
  for (let u = 0; u < batch.length; u++) data[u] = (1 - momentum) * data[u]! + momentum * factor * batch[u]!;
}
