/** @file Layer norm and batch norm. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';

/** The weight's and the bias's gradients come from one kernel, but either may be unwanted or have contributions already. */
function contributeParameters(
  tape: Tape,
  weight: Variable,
  bias: Variable,
  dweight: FloatArray,
  dbias: FloatArray,
): void {
  for (const [v, gradient] of [[weight, dweight] as const, [bias, dbias] as const]) {
    if (!v.requiresGradient) continue;
    const { data, accumulate } = tape.gradientOf(v);
    tape.engine.kernels.scale(data, gradient, 1, accumulate);
  }
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) weight + bias, mean and (biased) variance of each row: x [rows, width], weight
 * and bias [width]. As `torch.nn.functional.layer_norm`. Throws `ShapeError`.
 */
export function layerNorm(tape: Tape, x: Variable, weight: Variable, bias: Variable, epsilon: number): Variable {
  const { engine } = tape;
  const { kernels } = engine;
  const [rows, width] = matrixShape('layerNorm', 'x', x);
  expectShape('layerNorm', 'weight', weight, [width]);
  expectShape('layerNorm', 'bias', bias, [width]);

  const y = engine.empty([rows, width]);
  const mean = engine.empty([rows]).data;
  const rstd = engine.empty([rows]).data;
  const [X, w] = [x.value.data, weight.value.data];
  kernels.layerNorm(y.data, mean, rstd, X, w, bias.value.data, rows, width, epsilon);

  const output = tape.output(y, [x, weight, bias]);
  tape.record(output, (dy) => {
    // forward: y = z weight + bias with z = (x - mean) rstd, so dx = rstd (dz - average(dz) - z average(dz z)), dz = dy weight
    if (x.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(x);
      kernels.layerNormBackward(data, dy, X, w, mean, rstd, rows, width, accumulate);
    }
    // and dweight = the sum of dy z over the rows, dbias = the sum of dy
    if (weight.requiresGradient || bias.requiresGradient) {
      const dweight = engine.empty([width]).data;
      const dbias = engine.empty([width]).data;
      kernels.layerNormBackwardParameters(dweight, dbias, dy, X, mean, rstd, rows, width, false);
      contributeParameters(tape, weight, bias, dweight, dbias);
    }
  });
  return output;
}

export interface BatchNormOptions {
  /** True: statistics of this batch, which also move the running ones. False: the running statistics. */
  readonly training: boolean;
  /** Share of the batch in the running statistics after it; PyTorch's default is 0.1. */
  readonly momentum: number;
  /** Added to the variance; PyTorch's default is 1e-5. */
  readonly epsilon: number;
}

export interface RunningStatistics {
  readonly mean: Tensor; // [width]
  readonly variance: Tensor; // [width]
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) weight + bias, statistics by column: x [rows, width], the others [width]. As
 * `torch.nn.functional.batch_norm`: the batch is normalised by its biased variance, `running` (updated in place in
 * training, recording or not) keeps the unbiased one. Throws {@link ShapeError}, also for a training batch of one row.
 */
export function batchNorm(
  tape: Tape,
  x: Variable,
  weight: Variable,
  bias: Variable,
  running: RunningStatistics,
  options: BatchNormOptions,
): Variable {
  const { engine } = tape;
  const { kernels } = engine;
  const { training, momentum, epsilon } = options;
  const [rows, width] = matrixShape('batchNorm', 'x', x);
  expectShape('batchNorm', 'weight', weight, [width]);
  expectShape('batchNorm', 'bias', bias, [width]);
  expectShape('batchNorm', 'running mean', running.mean, [width]);
  expectShape('batchNorm', 'running variance', running.variance, [width]);
  if (training && rows < 2) throw new ShapeError(`batchNorm: ${named('x', x)} has no variance in training`);

  const y = engine.empty([rows, width]);
  const mean = engine.empty([width]).data;
  const rstd = engine.empty([width]).data;
  const [X, w] = [x.value.data, weight.value.data];
  if (training) {
    kernels.columnStatistics(mean, rstd, X, rows, width, epsilon);
    moveRunning(running, mean, rstd, rows, momentum, epsilon);
  } else {
    mean.set(running.mean.data);
    for (let j = 0; j < width; j++) rstd[j] = 1 / Math.sqrt(running.variance.data[j]! + epsilon);
  }
  kernels.normalizeColumns(y.data, X, mean, rstd, w, bias.value.data, rows, width);

  const output = tape.output(y, [x, weight, bias]);
  tape.record(output, (dy) => {
    // forward: y = z weight + bias with z = (x - mean) rstd, so dweight = the sum of dy z over the rows, dbias = the sum of dy
    const dweight = engine.empty([width]).data;
    const dbias = engine.empty([width]).data;
    kernels.batchNormBackwardParameters(dweight, dbias, dy, X, mean, rstd, rows, width, false);
    contributeParameters(tape, weight, bias, dweight, dbias);
    if (!x.requiresGradient) return;
    const { data, accumulate } = tape.gradientOf(x);
    if (training) {
      // and, mean and rstd being functions of x, dx = rstd weight (dy - average(dy) - z average(dy z))
      kernels.batchNormBackward(data, dy, X, mean, rstd, w, dweight, dbias, rows, width, accumulate);
    } else {
      // and, mean and rstd being constants, dx = dy rstd weight: the same kernel as forward, without mean and bias
      const zeros = engine.zeros([width]).data;
      const dx = accumulate ? engine.empty([rows, width]).data : data;
      kernels.normalizeColumns(dx, dy, zeros, rstd, w, zeros, rows, width);
      if (accumulate) kernels.scale(data, dx, 1, true);
    }
  });
  return output;
}

/** running = (1 - momentum) running + momentum batch, per column. */
function moveRunning(
  running: RunningStatistics,
  mean: FloatArray,
  rstd: FloatArray,
  rows: number,
  momentum: number,
  epsilon: number,
): void {
  const runningMean = running.mean.data;
  const runningVariance = running.variance.data;
  for (let j = 0; j < mean.length; j++) {
    // forward: rstd = 1 / sqrt(variance + epsilon), so variance = 1 / rstd^2 - epsilon; rows / (rows - 1) removes its bias
    const biased = Math.max(1 / (rstd[j]! * rstd[j]!) - epsilon, 0);
    const variance = (biased * rows) / (rows - 1);
    runningMean[j] = (1 - momentum) * runningMean[j]! + momentum * mean[j]!;
    runningVariance[j] = (1 - momentum) * runningVariance[j]! + momentum * variance;
  }
}
