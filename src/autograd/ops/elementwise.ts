/** @file Sums, multiples and activation functions. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import type { Kernels } from '../../tensor/kernels.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { BackwardPass, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape } from './check.ts';
import { accumulator, added, copied, dataOf, gradient, gradientOf, input, terms } from './element.ts';

/** y = a + b, same shapes. Throws `ShapeError`. */
export function add(tape: Tape, a: Variable, b: Variable): Variable {
  expectShape('add', 'b', b, a.value.shape);
  return tape.apply(addOp, [a, b], {}).output;
}

/** y = a + b + c, same shapes: the residual sum of a CodeGen block. Throws `ShapeError`. */
export function add3(tape: Tape, a: Variable, b: Variable, c: Variable): Variable {
  expectShape('add3', 'b', b, a.value.shape);
  expectShape('add3', 'c', c, a.value.shape);
  return tape.apply(add3Op, [a, b, c], {}).output;
}

/** y = factor x, of any shape. */
export function scale(tape: Tape, x: Variable, factor: number): Variable {
  return tape.apply(scaleOp, [x], { factor }).output;
}

/** y = gelu_new(x), of any shape: Hugging Face's tanh form, `torch.nn.functional.gelu(x, approximate='tanh')`. */
export function geluNew(tape: Tape, x: Variable): Variable {
  return tape.apply(geluNewOp, [x], {}).output;
}

/** y = max(x, 0), of any shape. The derivative at 0 is taken as 0, as in PyTorch. */
export function relu(tape: Tape, x: Variable): Variable {
  return tape.apply(reluOp, [x], {}).output;
}

/** A sum of inputs of the same shape. */
function sumOp(
  name: string,
  formula: string,
  compute: (kernels: Kernels, out: FloatArray, inputs: readonly FloatArray[]) => void,
): Op<object> {
  return {
    name,
    forward(engine, inputs) {
      const y = engine.empty(inputs[0]!.shape);
      compute(
        engine.kernels,
        y.data,
        inputs.map((input) => input!.data),
      );
      return { value: y, saved: undefined };
    },
    backward(tape, { inputs }, dy) {
      // forward: y = a + b + ..., so da = dy, db = dy, ...
      for (const v of inputs) contribute(tape, v!, dy);
    },
    explain: (node, at) => ({
      formula,
      terms: terms(node.inputs.length, (number) => ({ source: input(number, at), added: true })),
      again: (engine) => {
        const y = accumulator(engine, undefined);
        compute(
          engine.kernels,
          y,
          node.inputs.map((_, number) => copied(engine, [dataOf(node, number)[at]!])),
        );
        return y[0]!;
      },
    }),
    explainGradient: (node, _, at) => passedOn('dy', gradientOf(node), at, 1),
  };
}

export const addOp = sumOp('add', 'a + b', (kernels, y, [a, b]) => kernels.add(y, a!, b!));
export const add3Op = sumOp('add3', 'a + b + c', (kernels, y, [a, b, c]) => kernels.add3(y, a!, b!, c!));

export const scaleOp: Op<{ readonly factor: number }> = {
  name: 'scale',
  forward(engine, [x], { factor }) {
    const y = engine.empty(x!.shape);
    engine.kernels.scale(y.data, x!.data, factor, false);
    return { value: y, saved: undefined };
  },
  backward(tape, { inputs: [x], attributes: { factor } }, dy) {
    // forward: y = factor x, so dx = factor dy
    contribute(tape, x!, dy, factor);
  },
  explain: (node, at) => {
    const { factor } = node.attributes;
    const times = { name: 'factor', value: factor };
    return {
      formula: 'factor x',
      terms: [{ source: input(0, at), times }],
      again: (engine) => added(engine, dataOf(node, 0)[at]!, undefined, factor),
    };
  },
  explainGradient: (node, _, at) => passedOn('factor dy', gradientOf(node), at, node.attributes.factor),
};

/** A function of each element by itself, and its derivative. */
function activationOp(
  name: string,
  formulas: { readonly value: string; readonly gradient: string },
  forward: (engine: Engine, y: FloatArray, x: FloatArray) => void,
  backward: (engine: Engine, dx: FloatArray, dy: FloatArray, x: FloatArray, accumulate: boolean) => void,
): Op<object> {
  return {
    name,
    forward(engine, [x]) {
      const y = engine.empty(x!.shape);
      forward(engine, y.data, x!.data);
      return { value: y, saved: undefined };
    },
    backward(tape, { inputs: [x] }, dy) {
      const { data, accumulate } = tape.gradientOf(x!);
      backward(tape.engine, data, dy, x!.value.data, accumulate);
    },
    explain: (node, at) => ({
      formula: formulas.value,
      terms: [{ source: input(0, at) }],
      again: (engine) => {
        const y = accumulator(engine, undefined);
        forward(engine, y, copied(engine, [dataOf(node, 0)[at]!]));
        return y[0]!;
      },
    }),
    explainGradient: (node, _, at) => ({
      formula: formulas.gradient,
      terms: [{ source: gradient(at) }, { source: input(0, at) }],
      again: (engine, before) => {
        const dx = accumulator(engine, before);
        const [dy, x] = [gradientOf(node)[at]!, dataOf(node, 0)[at]!];
        backward(engine, dx, copied(engine, [dy]), copied(engine, [x]), before !== undefined);
        return dx[0]!;
      },
    }),
  };
}

// forward: y = gelu(x), so dx = dy gelu'(x)
export const geluNewOp = activationOp(
  'geluNew',
  { value: 'x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))', gradient: "dy gelu'(x)" },
  ({ kernels }, y, x) => kernels.gelu(y, x),
  ({ kernels }, dx, dy, x, accumulate) => kernels.geluBackward(dx, dy, x, accumulate),
);

// forward: y = max(x, 0), so dx = dy where x > 0, else 0
export const reluOp = activationOp(
  'relu',
  { value: 'max(x, 0)', gradient: 'dy where x > 0, else 0' },
  ({ kernels }, y, x) => kernels.relu(y, x),
  ({ kernels }, dx, dy, x, accumulate) => kernels.reluBackward(dx, dy, x, accumulate),
);

/** Passes a gradient on unchanged, or `factor` times it. */
function contribute(tape: BackwardPass, v: Variable, dy: FloatArray, factor = 1): void {
  if (!v.requiresGradient) return;
  const { data, accumulate } = tape.gradientOf(v);
  tape.engine.kernels.scale(data, dy, factor, accumulate);
}

function passedOn(formula: string, dy: FloatArray, at: number, factor: number) {
  return {
    formula,
    terms: [
      { source: gradient(at), ...(factor === 1 ? { added: true } : { times: { name: 'factor', value: factor } }) },
    ],
    again: (engine: Engine, before?: number) => added(engine, dy[at]!, before, factor),
  };
}
