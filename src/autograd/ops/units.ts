/**
 * @file The layers of a probe, one unit a row and the samples of a batch side by side: ReLU with batch norm, and
 * cross-entropy of several heads. Chapter 5.
 */
import { ShapeError } from '../../tensor/errors.ts';
import type { FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';
import type { BatchNormOptions, RunningStatistics } from './norm.ts';

/**
 * Has a kernel that knows no `accumulate` fill in the gradients of these variables: in place, or, where one is unwanted or
 * has contributions already, beside it.
 */
function contribute(tape: Tape, variables: readonly Variable[], fill: (gradients: FloatArray[]) => void): void {
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
  { training, momentum, epsilon }: BatchNormOptions,
): Variable {
  const { engine } = tape;
  const { kernels } = engine;
  const [units, rows] = matrixShape('reluBatchNorm', 'x', x);
  expectShape('reluBatchNorm', 'bias', bias, [units]);
  expectShape('reluBatchNorm', 'weight', weight, [units]);
  expectShape('reluBatchNorm', 'shift', shift, [units]);
  expectShape('reluBatchNorm', 'running mean', running.mean, [units]);
  expectShape('reluBatchNorm', 'running variance', running.variance, [units]);
  if (training && rows < 2) throw new ShapeError(`reluBatchNorm: ${named('x', x)} has no variance in training`);

  const y = engine.empty([units, rows]);
  const { mean, variance } = training ? { mean: engine.empty([units]), variance: engine.empty([units]) } : running;
  const [X, b, w] = [x.value.data, bias.value.data, weight.value.data];
  const [m, v] = [mean.data, variance.data];
  kernels.reluBatchNorm(y.data, m, v, X, b, w, shift.value.data, units, rows, epsilon, training);
  if (training) {
    move(running.mean, m, momentum);
    move(running.variance, v, momentum, rows / (rows - 1)); // the running variance is the unbiased one
  }

  const output = tape.output(y, [x, bias, weight, shift]);
  tape.record(output, (dy) => {
    if (!training) throw new Error('reluBatchNorm: no derivative outside of training');
    // forward: y = z weight + shift with z = (h - mean) rstd, so dweight = the sum of dy z over the samples, dshift = the
    // sum of dy and, mean and rstd being functions of h, dh = rstd weight (dy - average(dy) - z average(dy z))
    // forward: h = max(x + bias, 0), so dx = dh where h > 0, else 0, and dbias = the sum of dx
    contribute(tape, [x, bias, weight, shift], (gradients) => {
      const [dx, dbias, dweight, dshift] = gradients as [FloatArray, FloatArray, FloatArray, FloatArray];
      kernels.reluBatchNormBackward(dx, dbias, dweight, dshift, dy, X, b, m, v, w, units, rows, epsilon);
    });
  });
  return output;
}

/** running = (1 - momentum) running + momentum factor batch. */
function move(running: Tensor, batch: FloatArray, momentum: number, factor = 1): void {
  const { data } = running;
  for (let u = 0; u < batch.length; u++) data[u] = (1 - momentum) * data[u]! + momentum * factor * batch[u]!;
}

export interface ColumnCrossEntropy {
  /** The mean over the samples of the sum of the heads' losses, in nats: a scalar, shape []. */
  readonly loss: Variable;
  /** Of each head and sample, in nats. [heads, rows] */
  readonly losses: Tensor;
}

/**
 * Cross-entropy of several answers about each sample: logits [heads x classes, rows], bias [heads x classes] to be added to
 * them, targets [heads x rows] (from `engine.integers`), head after head. Throws {@link ShapeError}, also for a target that is not a class.
 */
export function columnCrossEntropy(
  tape: Tape,
  logits: Variable,
  bias: Variable,
  targets: Int32Array,
  heads: number,
): ColumnCrossEntropy {
  const { engine } = tape;
  const { kernels } = engine;
  const [outputs, rows] = matrixShape('columnCrossEntropy', 'logits', logits);
  expectShape('columnCrossEntropy', 'bias', bias, [outputs]);
  const classes = outputs / heads;
  if (!Number.isInteger(classes)) {
    throw new ShapeError(`columnCrossEntropy: ${named('logits', logits)} do not divide into ${heads} heads`);
  }
  if (targets.length !== heads * rows) {
    throw new ShapeError(`columnCrossEntropy: ${targets.length} targets for ${heads} heads of ${rows} samples`);
  }
  for (const target of targets) {
    if (target < 0 || target >= classes) {
      throw new ShapeError(`columnCrossEntropy: target ${target} of ${classes} classes`);
    }
  }

  const losses = engine.empty([heads, rows]);
  const [x, b] = [logits.value.data, bias.value.data];
  kernels.columnCrossEntropy(losses.data, x, b, targets, heads, classes, rows);
  let total = 0;
  for (const loss of losses.data) total += loss;

  const loss = tape.output(engine.tensor([], [total / rows]), [logits, bias]);
  tape.record(loss, (dloss) => {
    // forward: loss = the sum over heads and samples of -log softmax(logits + bias)[target] / rows, so
    // dlogits = dloss / rows (softmax(logits + bias) - onehot(target)), and dbias = the sum of dlogits over the samples
    contribute(tape, [logits, bias], (gradients) => {
      const [dlogits, dbias] = gradients as [FloatArray, FloatArray];
      kernels.columnCrossEntropyBackward(dlogits, dbias, x, b, targets, dloss[0]! / rows, heads, classes, rows);
    });
  });
  return { loss, losses };
}
