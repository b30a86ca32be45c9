/** @file Sums, multiples and activation functions. Chapter 5. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape } from './check.ts';

/** Passes a gradient on unchanged, or `factor` times it. */
function contribute(tape: Tape, v: Variable, gradient: FloatArray, factor = 1): void {
  if (!v.requiresGradient) return;
  const { data, accumulate } = tape.gradientOf(v);
  tape.engine.kernels.scale(data, gradient, factor, accumulate);
}

/** y = a + b, same shapes. Throws `ShapeError`. */
export function add(tape: Tape, a: Variable, b: Variable): Variable {
  expectShape('add', 'b', b, a.value.shape);
  const y = tape.engine.empty(a.value.shape);
  tape.engine.kernels.add(y.data, a.value.data, b.value.data);

  const output = tape.output(y, [a, b]);
  tape.record(output, (dy) => {
    // forward: y = a + b, so da = dy and db = dy
    contribute(tape, a, dy);
    contribute(tape, b, dy);
  });
  return output;
}

/** y = a + b + c, same shapes: the residual sum of a CodeGen block. Throws `ShapeError`. */
export function add3(tape: Tape, a: Variable, b: Variable, c: Variable): Variable {
  expectShape('add3', 'b', b, a.value.shape);
  expectShape('add3', 'c', c, a.value.shape);
  const y = tape.engine.empty(a.value.shape);
  tape.engine.kernels.add3(y.data, a.value.data, b.value.data, c.value.data);

  const output = tape.output(y, [a, b, c]);
  tape.record(output, (dy) => {
    // forward: y = a + b + c, so da = db = dc = dy
    contribute(tape, a, dy);
    contribute(tape, b, dy);
    contribute(tape, c, dy);
  });
  return output;
}

/** y = factor x, of any shape. */
export function scale(tape: Tape, x: Variable, factor: number): Variable {
  const y = tape.engine.empty(x.value.shape);
  tape.engine.kernels.scale(y.data, x.value.data, factor, false);

  const output = tape.output(y, [x]);
  tape.record(output, (dy) => {
    // forward: y = factor x, so dx = factor dy
    contribute(tape, x, dy, factor);
  });
  return output;
}

/** y = gelu_new(x), of any shape: Hugging Face's tanh form, `torch.nn.functional.gelu(x, approximate='tanh')`. */
export function geluNew(tape: Tape, x: Variable): Variable {
  const { kernels } = tape.engine;
  const y = tape.engine.empty(x.value.shape);
  kernels.gelu(y.data, x.value.data);

  const output = tape.output(y, [x]);
  tape.record(output, (dy) => {
    // forward: y = gelu(x), so dx = dy gelu'(x)
    const { data, accumulate } = tape.gradientOf(x);
    kernels.geluBackward(data, dy, x.value.data, accumulate);
  });
  return output;
}

/** y = max(x, 0), of any shape. The derivative at 0 is taken as 0, as in PyTorch. */
export function relu(tape: Tape, x: Variable): Variable {
  const { kernels } = tape.engine;
  const y = tape.engine.empty(x.value.shape);
  kernels.relu(y.data, x.value.data);

  const output = tape.output(y, [x]);
  tape.record(output, (dy) => {
    // forward: y = max(x, 0), so dx = dy where x > 0, else 0
    const { data, accumulate } = tape.gradientOf(x);
    kernels.reluBackward(data, dy, x.value.data, accumulate);
  });
  return output;
}
