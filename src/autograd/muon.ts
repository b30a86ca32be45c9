/** @file Muon: momentum whose every direction counts the same, for matrices. Chapter 7. */
import type { Engine } from '../tensor/engine.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { matrixShape } from './ops/check.ts';
import type { Variable } from './variable.ts';

export interface MuonSettings {
  /** Share of a weight, times the learning rate, that each step takes off, as AdamW's. */
  readonly weightDecay: number;
}

/** Jordan et al. 2024, https://kellerjordan.github.io/posts/muon: memory of the sum of gradients, with Nesterov's look ahead. */
const MOMENTUM = 0.95;
/** There too: five steps of s <- a s + b s^3 + c s^5, of which the first ones more than triple what is small. */
const STEPS = 5;
const [A, B, C] = [3.4445, -4.775, 2.0315];
/** Added to the norm: a gradient of zeros moves nothing. */
const EPSILON = 1e-7;
/** Root mean square of an AdamW update, about. Liu et al. 2025, arXiv 2502.16982, section 2.2. */
const ADAMW_SIZE = 0.2;

/**
 * For matrices alone. With the root mean square of its updates that of AdamW's, one learning rate and one weight decay serve
 * both. Source: Jordan et al. 2024; size of the update and decay: Liu et al. 2025.
 */
export class Muon {
  /** One sum of gradients a parameter, of its shape and in the order of the parameters. Set the contents to continue an earlier run. */
  readonly momentum: readonly Tensor[];
  readonly parameters: readonly Variable[];
  readonly settings: MuonSettings;
  readonly #engine: Engine;

  /**
   * Allocates `momentum`, zeros: make it outside of any `engine.scope`. Throws `OutOfMemoryError`, and `ShapeError` for a
   * parameter that is no matrix.
   */
  constructor(engine: Engine, parameters: readonly Variable[], settings: MuonSettings) {
    for (const parameter of parameters) matrixShape('Muon', parameter.name ?? 'a parameter', parameter);
    this.#engine = engine;
    this.parameters = parameters;
    this.settings = settings;
    this.momentum = parameters.map(({ value }) => engine.zeros(value.shape));
  }

  /** Moves every parameter against its gradient, which counts `gradientScale` times. Throws `OutOfMemoryError`. */
  step(learningRate: number, gradientScale = 1): void {
    const engine = this.#engine;
    const { kernels } = engine;
    this.parameters.forEach(({ value, gradient, name }, i) => {
      if (gradient === undefined) throw new Error(`Muon: parameter ${name ?? i} has no gradient`);
      const [weight, momentum] = [value.data, this.momentum[i]!.data];
      engine.scope(() => {
        // m <- mu m + g
        kernels.scale(momentum, momentum, MOMENTUM, false);
        kernels.scale(momentum, gradient.data, gradientScale, true);
        // Nesterov: u = mu m + g
        const update = engine.empty(value.shape);
        kernels.scale(update.data, momentum, MOMENTUM, false);
        kernels.scale(update.data, gradient.data, gradientScale, true);
        // w <- (1 - eta lambda) w - eta 0.2 sqrt(max(rows, columns)) orthogonal(u)
        const size = ADAMW_SIZE * Math.sqrt(Math.max(...value.shape));
        kernels.scale(weight, weight, 1 - learningRate * this.settings.weightDecay, false);
        kernels.scale(weight, orthogonalize(engine, update).data, -learningRate * size, true);
      });
    });
  }
}

/** Numbers that a step allocates, and gives back, for a matrix of this shape: three of them, and two squares. */
export function muonScratch([rows = 0, columns = 0]: Shape): number {
  return 3 * rows * columns + 2 * Math.min(rows, columns) * Math.min(rows, columns);
}

/**
 * About U V^T where x = U S V^T [rows, columns] is its singular value decomposition: every singular value that is at least a
 * hundredth of the Frobenius norm of x comes to lie between 0.68 and 1.14. Allocates the result, and more.
 *
 * Newton and Schulz's iteration: an odd polynomial of x is that polynomial of each singular value. Of a tall x the products
 * are taken on the other side, as if it were transposed, so that X X^T has the shorter side.
 */
export function orthogonalize(engine: Engine, x: Tensor): Tensor {
  const { kernels } = engine;
  const [rows, columns] = x.shape as [number, number];
  const tall = rows > columns;
  const [side, length] = tall ? [columns, rows] : [rows, columns];
  const square = engine.empty([side, side]).data;
  const polynomial = engine.empty([side, side]).data;
  let [from, to] = [engine.empty(x.shape), engine.empty(x.shape)];
  // Singular values are at most the Frobenius norm, so these are at most 1.
  kernels.scale(from.data, x.data, 1 / (Math.sqrt(kernels.sumOfSquares(x.data)) + EPSILON), false);
  for (let step = 0; step < STEPS; step++) {
    // S = X X^T: [side, side]
    kernels.matmul(square, from.data, from.data, { m: side, n: side, k: length, transposeA: tall, transposeB: !tall });
    // P = b S + c S^2: [side, side]
    kernels.matmul(polynomial, square, square, { m: side, n: side, k: side });
    kernels.scale(polynomial, polynomial, C, false);
    kernels.scale(polynomial, square, B, true);
    // X <- a X + P X, of a tall one a X + X P: [rows, columns]
    kernels.scale(to.data, from.data, A, false);
    const [left, right] = tall ? [from.data, polynomial] : [polynomial, from.data];
    kernels.matmul(to.data, left, right, { m: rows, n: columns, k: side, accumulate: true });
    [from, to] = [to, from];
  }
  return from;
}
