/** @file A variable: a tensor that a loss can be differentiated by. Chapter 5. */
import type { Engine } from '../tensor/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';

export class Variable {
  readonly value: Tensor;
  /** Whether a gradient is wanted: false for data, and for whatever is computed from data alone. */
  readonly requiresGradient: boolean;
  /** Of a parameter or a gradcheck input: there to be read after `Tape.backward`. Of an op's output: there only meanwhile. */
  gradient: Tensor | undefined;
  readonly name: string | undefined;

  constructor(value: Tensor, options: { requiresGradient?: boolean; gradient?: Tensor; name?: string } = {}) {
    this.value = value;
    this.requiresGradient = options.requiresGradient ?? false;
    this.gradient = options.gradient;
    this.name = options.name;
  }
}

/**
 * A variable that is trained. Its gradient is allocated here, once, so make parameters outside of any `engine.scope`.
 * Throws `OutOfMemoryError`.
 */
export function parameter(engine: Engine, value: Tensor, name?: string): Variable {
  const gradient = engine.zeros(value.shape);
  return new Variable(value, { requiresGradient: true, gradient, ...(name === undefined ? {} : { name }) });
}
