/** @file The computation that the reader follows: y = x + relu(x wT + b), and the mean of y is the loss. Appendix C. */
import { add, linear, mean, relu, Variable } from '../../../src/autograd/index.ts';
import { createReferenceEngine } from '../../../src/tensor/reference-engine.ts';
import { type Gradients, WatchedTape } from './watched-tape.ts';

export interface Line {
  readonly name: string;
  /** How it is computed; empty for what is given. */
  readonly formula: string;
  readonly value: readonly number[];
  readonly variable: Variable;
}

export interface Computation {
  /** What is given: x, w and b. */
  readonly given: readonly Line[];
  /** A line for each node of the tape, in the order of the tape. */
  readonly nodes: readonly Line[];
  /** Before the first node goes back, then after each, the last node first. */
  readonly moments: readonly Gradients[];
}

export function compute(x1: number, x2: number): Computation {
  const engine = createReferenceEngine('float64');
  const tape = new WatchedTape(engine, { keepGradients: true });
  const wanted = (shape: number[], values: number[]) =>
    new Variable(engine.tensor(shape, values), { requiresGradient: true });
  const x = wanted([1, 2], [x1, x2]);
  const w = wanted([2, 2], [1, -1, 0.5, 1]);
  const b = wanted([2], [0.5, -1]);
  const u = linear(tape, x, w, b);
  const h = relu(tape, u);
  const y = add(tape, h, x);
  const loss = mean(tape, y);
  tape.backward(loss);
  const line = (name: string, formula: string, variable: Variable): Line => ({
    ...{ name, formula, variable },
    value: Array.from(variable.value.data),
  });
  return {
    given: [line('x', '', x), line('w', '', w), line('b', '', b)],
    nodes: [line('u', 'x wᵀ + b', u), line('h', 'relu(u)', h), line('y', 'h + x', y), line('loss', 'mean(y)', loss)],
    moments: tape.moments,
  };
}
