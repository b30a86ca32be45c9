/** @file Gradcheck: is a derivative the derivative? Chapter 5. */
import type { Engine } from '../tensor/engine.ts';
import { createReferenceEngine } from '../tensor/reference-engine.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Op } from './op.ts';
import { Tape } from './tape.ts';
import { parameter, Variable } from './variable.ts';

/** Distance between the points of a difference. */
export const DIFFERENCE_STEP = 1e-4;

export interface GradcheckOptions {
  /** Uniform numbers in [0, 1) for the projection, for inputs given as shapes and for `samples`. Default: a fixed sequence. */
  readonly random?: () => number;
  /** Distance between the points of the difference. Default {@link DIFFERENCE_STEP}. */
  readonly step?: number;
  /** At most this many elements of each input are checked, chosen at random. Default: all. */
  readonly samples?: number;
  /** A double-precision engine; needed only when inputs are variables of that engine. */
  readonly engine?: Engine;
}

/** The element of which the tape's derivative is furthest from the numerical one. */
export interface GradcheckResult {
  /** |derivative - numeric| over the larger of the two, but at least over a thousandth of the largest derivative of all. */
  readonly relativeError: number;
  readonly input: number;
  readonly index: number;
  /** What the tape says. */
  readonly derivative: number;
  /** What the differences say. */
  readonly numeric: number;
  /** How many elements were compared. */
  readonly checked: number;
}

/**
 * Compares the tape's derivatives of what `build` computes with central differences, in double precision on the
 * reference kernels. The output may have any shape: it is multiplied by fixed random numbers and summed up, so that an
 * error in any of its elements shows. An input is a tensor (copied), a shape (filled with random numbers between -1 and
 * 1) or a variable (a model's parameter: moved, and put back).
 *
 * A correct derivative gives a relative error below 1e-6, unless an input lies within two steps of a kink (ReLU at 0).
 */
export function gradcheck(
  build: (tape: Tape, inputs: Variable[]) => Variable,
  inputs: readonly (Tensor | Shape | Variable)[],
  options: GradcheckOptions = {},
): GradcheckResult {
  const { random = fixedRandom(), step = DIFFERENCE_STEP, samples = Infinity } = options;
  const engine = poisoned(options.engine ?? createReferenceEngine('float64'));
  if (engine.precision !== 'float64')
    throw new Error(`gradcheck: needs double precision, the engine has ${engine.precision}`);
  const uniform = (): number => 2 * random() - 1;
  const variables = inputs.map((input) => {
    if (input instanceof Variable) return input;
    if (input instanceof Tensor) return parameter(engine, engine.tensor(input.shape, input.data));
    return parameter(engine, engine.tensor(input, Float64Array.from({ length: sizeOf(input) }, uniform)));
  });

  for (const { gradient } of variables) gradient?.data.fill(NaN); // to be overwritten, not added to
  const tape = new Tape(engine);
  const output = build(tape, variables);
  const projection = Float64Array.from({ length: output.value.size }, uniform);
  tape.backward(project(tape, output, projection), variables);

  const evaluate = (): number =>
    engine.scope(() => dot(build(new Tape(engine, { recording: false }), variables).value.data, projection));

  const found: Omit<GradcheckResult, 'relativeError' | 'checked'>[] = [];
  variables.forEach((variable, input) => {
    const { data } = variable.value;
    for (const index of chooseIndices(data.length, samples, random)) {
      const numeric = centralDifference(data, index, step, evaluate);
      found.push({ input, index, derivative: variable.gradient!.data[index]!, numeric });
    }
  });

  if (found.length === 0) throw new Error('gradcheck: the inputs have no elements');
  let largest = 0;
  for (const number of found.flatMap(({ derivative, numeric }) => [derivative, numeric])) {
    if (Number.isFinite(number)) largest = Math.max(largest, Math.abs(number));
  }
  let worst: GradcheckResult = { relativeError: -1, input: -1, index: -1, derivative: 0, numeric: 0, checked: 0 };
  for (const item of found) {
    const relativeError = relativeDifference(item.derivative, item.numeric, largest / 1000);
    if (relativeError > worst.relativeError) worst = { relativeError, ...item, checked: found.length };
  }
  return worst;
}

/**
 * f'(x) from f at x - 2h, x - h, x + h and x + 2h: the error of the plain central difference, h^2 f''' / 6, cancels and
 * one of order h^4 remains (Abramowitz and Stegun 1964, 25.3.6).
 */
export function centralDifference(data: Tensor['data'], index: number, h: number, evaluate: () => number): number {
  const x = data[index]!;
  const at = (value: number): number => {
    data[index] = value;
    return evaluate();
  };
  const near = at(x + h) - at(x - h);
  const far = at(x + 2 * h) - at(x - 2 * h);
  data[index] = x;
  return (8 * near - far) / (12 * h);
}

/** The output's product with a fixed direction: a scalar to start the backward pass from. */
function project(tape: Tape, output: Variable, direction: Float64Array): Variable {
  return tape.apply(projectOp, [output], { direction }).output;
}

const projectOp: Op<{ readonly direction: Float64Array }> = {
  name: 'project',
  forward: (engine, [x], { direction }) => ({
    value: engine.tensor([], [dot(x!.data, direction)]),
    saved: undefined,
  }),
  backward(tape, { inputs: [x], attributes: { direction } }, dloss) {
    // forward: loss = sum of x[i] direction[i], so dx[i] = dloss direction[i]
    const { data, accumulate } = tape.gradientOf(x!);
    tape.engine.kernels.scale(data, direction, dloss[0]!, accumulate);
  },
  explain: ({ inputs: [x], attributes: { direction } }) => ({
    formula: 'sum over i of x[i] direction[i]',
    terms: Array.from(direction, (value, at) => ({ source: { input: 0, at }, times: { name: 'direction', value } })),
    again: () => dot(x!.value.data, direction),
  }),
  explainGradient: ({ attributes: { direction }, output }, _, at) => ({
    formula: 'dloss direction',
    terms: [{ source: { gradient: 0 }, times: { name: 'direction', value: direction[at]! } }],
    again: (__, before = 0) => before + output.gradient!.data[0]! * direction[at]!,
  }),
};

function dot(a: Tensor['data'], b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** |a - b| over the larger of the two, but at least over `floor`. Infinity where one of the two is not a number. */
export function relativeDifference(a: number, b: number, floor: number): number {
  if (a === b) return 0;
  const error = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), floor);
  return Number.isNaN(error) ? Infinity : error;
}

/** So many of the numbers from 0 to size - 1, none twice. */
export function chooseIndices(size: number, samples: number, random: () => number): number[] {
  const indices = Array.from({ length: size }, (_, i) => i);
  if (size <= samples) return indices;
  for (let i = 0; i < samples; i++) {
    const j = i + Math.floor(random() * (size - i));
    [indices[i], indices[j]] = [indices[j]!, indices[i]!];
  }
  return indices.slice(0, samples);
}

/** The engine, but what is allocated without values holds NaN: whoever forgets to write an element, or adds to it, is found out. */
function poisoned(engine: Engine): Engine {
  return {
    ...engine,
    empty(shape) {
      const tensor = engine.empty(shape);
      tensor.data.fill(NaN);
      return tensor;
    },
  };
}

/** The generator "mulberry32" (Tommy Ettinger, public domain) with a fixed seed. */
function fixedRandom(): () => number {
  let state = 20_250_101;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
