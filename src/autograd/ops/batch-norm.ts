/** @file Batch norm. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import type { FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';
import { accumulator, added, column, copied, dataOf, gradient, gradientOf, input, terms, within } from './element.ts';
import { contributeParameters } from './layer-norm.ts';

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

export interface Attributes extends BatchNormOptions {
  readonly rows: number;
  readonly width: number;
  readonly running: RunningStatistics;
}

/** Of each column. [width] */
export interface Statistics {
  readonly mean: FloatArray;
  /** 1 / sqrt(variance + epsilon) */
  readonly rstd: FloatArray;
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
  const [rows, width] = matrixShape('batchNorm', 'x', x);
  expectShape('batchNorm', 'weight', weight, [width]);
  expectShape('batchNorm', 'bias', bias, [width]);
  expectShape('batchNorm', 'running mean', running.mean, [width]);
  expectShape('batchNorm', 'running variance', running.variance, [width]);
  if (options.training && rows < 2) throw new ShapeError(`batchNorm: ${named('x', x)} has no variance in training`);
  return tape.apply(batchNormOp, [x, weight, bias], { ...options, rows, width, running }).output;
}

export const batchNormOp: Op<Attributes, Statistics> = {
  name: 'batchNorm',
  forward(engine, [x, weight, bias], { rows, width, running, training, momentum, epsilon }) {
    const { kernels } = engine;
    const y = engine.empty([rows, width]);
    const mean = engine.empty([width]).data;
    const rstd = engine.empty([width]).data;
    if (training) {
      kernels.columnStatistics(mean, rstd, x!.data, rows, width, epsilon);
      moveRunning(running, mean, rstd, rows, momentum, epsilon);
    } else {
      mean.set(running.mean.data);
      for (let j = 0; j < width; j++) rstd[j] = 1 / Math.sqrt(running.variance.data[j]! + epsilon);
    }
    kernels.normalizeColumns(y.data, x!.data, mean, rstd, weight!.data, bias!.data, rows, width);
    return { value: y, saved: { mean, rstd } };
  },
  backward(tape, { inputs: [x, weight, bias], attributes: { rows, width, training }, saved: { mean, rstd } }, dy) {
    const { engine } = tape;
    const { kernels } = engine;
    const [X, w] = [x!.value.data, weight!.value.data];
    // forward: y = z weight + bias with z = (x - mean) rstd, so dweight = the sum of dy z over the rows, dbias = the sum of dy
    const dweight = engine.empty([width]).data;
    const dbias = engine.empty([width]).data;
    kernels.batchNormBackwardParameters(dweight, dbias, dy, X, mean, rstd, rows, width, false);
    contributeParameters(tape, weight!, bias!, dweight, dbias);
    if (!x!.requiresGradient) return;
    const { data, accumulate } = tape.gradientOf(x!);
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
  },
  explain(node, at) {
    const { width } = node.attributes;
    const j = at % width;
    const { mean, rstd } = node.saved;
    return {
      formula: '(x - mean) rstd weight + bias, mean and rstd of the column',
      terms: [{ source: input(0, at) }, ...statistics(node.saved, j), { source: input(1, j) }, { source: input(2, j) }],
      again: (engine) => {
        const one = (value: number): FloatArray => copied(engine, [value]);
        const y = one(0);
        const [x, w, b] = [0, 1, 2].map((i) => one(dataOf(node, i)[i === 0 ? at : j]!)) as [
          FloatArray,
          FloatArray,
          FloatArray,
        ];
        engine.kernels.normalizeColumns(y, x, one(mean[j]!), one(rstd[j]!), w, b, 1, 1);
        return y[0]!;
      },
    };
  },
  explainGradient(node, which, at) {
    const { rows, width, training } = node.attributes;
    const [r, j] = which === 0 ? [Math.floor(at / width), at % width] : [0, at];
    const dy = gradientOf(node);
    const x = dataOf(node, 0);
    const { mean, rstd } = node.saved;
    const parameters = (engine: Engine) => {
      const [dweight, dbias] = [accumulator(engine, undefined), accumulator(engine, undefined)];
      const [d, from] = [copied(engine, column(dy, j, width)), copied(engine, column(x, j, width))];
      const [m, s, w] = [copied(engine, [mean[j]!]), copied(engine, [rstd[j]!]), copied(engine, [dataOf(node, 1)[j]!])];
      engine.kernels.batchNormBackwardParameters(dweight, dbias, d, from, m, s, rows, 1, false);
      return { dweight, dbias, d, from, m, s, w };
    };
    if (which > 0) {
      const place = (q: number): number => q * width + j;
      const z = (q: number) => within(`z[${q}]`, (x[place(q)]! - mean[j]!) * rstd[j]!);
      return {
        formula: which === 1 ? 'sum over rows r of dy[r] z[r], z = (x - mean) rstd' : 'sum over rows r of dy[r]',
        terms: terms(rows, (q) => ({
          source: gradient(place(q)),
          ...(which === 1 ? { times: z(q) } : { added: true }),
        })),
        again: (engine, before) => {
          const { dweight, dbias } = parameters(engine);
          return added(engine, (which === 1 ? dweight : dbias)[0]!, before);
        },
      };
    }
    return {
      formula: training ? 'rstd weight (dy - average(dy) - z average(dy z)), z = (x - mean) rstd' : 'dy rstd weight',
      terms: [{ source: gradient(at), times: input(1, j) }, { source: input(0, at) }, ...statistics(node.saved, j)],
      again: (engine, before) => {
        const { dweight, dbias, d, from, m, s, w } = parameters(engine);
        const dx = copied(engine, new Float64Array(rows).fill(before ?? 0));
        if (training) {
          engine.kernels.batchNormBackward(dx, d, from, m, s, w, dweight, dbias, rows, 1, before !== undefined);
          return dx[r]!;
        }
        const zero = copied(engine, [0]);
        engine.kernels.normalizeColumns(dx, d, zero, s, w, zero, rows, 1);
        return before === undefined ? dx[r]! : added(engine, dx[r]!, before);
      },
    };
  },
};

function statistics({ mean, rstd }: Statistics, j: number) {
  return [{ source: within('mean', mean[j]!) }, { source: within('rstd', rstd[j]!) }];
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
