/** @file AdamW and clipping of the gradient. Chapter 7. */
import type { Engine } from '../tensor/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from './variable.ts';

export interface AdamWSettings {
  /** Memory of the averaged gradient; PyTorch's default is 0.9. */
  readonly beta1: number;
  /** Memory of the averaged squared gradient; PyTorch's default is 0.999. */
  readonly beta2: number;
  /** Added to the denominator; PyTorch's default is 1e-8. */
  readonly epsilon: number;
  /** Share of a weight, times the learning rate, that each step takes off. Only of parameters with two or more axes. */
  readonly weightDecay: number;
}

/** What AdamW remembers about one parameter, both of the parameter's shape. */
export interface AdamWMoments {
  readonly m: Tensor;
  readonly v: Tensor;
}

/** As `torch.optim.AdamW` with two parameter groups: matrices, which decay, and the rest, which do not. */
export class AdamW {
  /** How many steps were taken. Set it, and the contents of `state`, to continue an earlier run. */
  stepCount = 0;
  /** In the order of the parameters. */
  readonly state: readonly AdamWMoments[];
  readonly parameters: readonly Variable[];
  readonly settings: AdamWSettings;
  readonly #engine: Engine;

  /** Allocates `state`, zeros: make it outside of any `engine.scope`. Throws `OutOfMemoryError`. */
  constructor(engine: Engine, parameters: readonly Variable[], settings: AdamWSettings) {
    this.#engine = engine;
    this.parameters = parameters;
    this.settings = settings;
    this.state = parameters.map(({ value }) => ({ m: engine.zeros(value.shape), v: engine.zeros(value.shape) }));
  }

  /** Moves every parameter against its gradient, which counts `gradientScale` times (see {@link clipScale}). */
  step(learningRate: number, gradientScale = 1): void {
    this.stepCount++;
    const { settings, stepCount } = this;
    this.parameters.forEach(({ value, gradient, name }, i) => {
      if (gradient === undefined) throw new Error(`AdamW: parameter ${name ?? i} has no gradient`);
      const { m, v } = this.state[i]!;
      this.#engine.kernels.adamw(value.data, gradient.data, m.data, v.data, {
        ...settings,
        weightDecay: value.shape.length >= 2 ? settings.weightDecay : 0,
        learningRate,
        gradientScale,
        step: stepCount,
      });
    });
  }
}

/** Length of all parameters' gradients as one vector. */
export function gradientNorm(engine: Engine, parameters: readonly Variable[]): number {
  let sum = 0;
  for (const { gradient } of parameters) {
    if (gradient) sum += engine.kernels.sumOfSquares(gradient.data);
  }
  return Math.sqrt(sum);
}

/** By what to multiply gradients of this norm so that it is at most `maxNorm`. As `torch.nn.utils.clip_grad_norm_`. */
export function clipScale(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}
