/** @file L-BFGS: the minimum of a smooth function of many numbers, from its values and gradients. Chapter 9. */
import { ProbeError } from './errors.ts';

/** The value at `x`; puts the gradient there into `gradient`, of the same length. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** Steps that are remembered. */
  readonly memory?: number;
  /** Converged when no entry of the gradient is larger than this. As `tol` of scikit-learn's `LogisticRegression`. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Relative rounding of the values: a step may go up by so much. */
  readonly rounding?: number;
  /** Multiplies in place by a guess at the inverse of the Hessian, symmetric and positive definite; nothing by default. */
  readonly precondition?: (v: Float64Array) => void;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False when it stopped at `maxIterations`, or where no step led further down. */
  readonly converged: boolean;
}

interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** A step, by how much it changed the gradient, and that times the guess at the inverse Hessian. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly preconditioned: Float64Array;
  readonly curvature: number; // step . change
}

/**
 * Goes down from `start` until the gradient vanishes. Nocedal and Wright 2006, *Numerical Optimization*, algorithms 7.4
 * (the direction) and 7.5; steps satisfy the weak Wolfe conditions. Deterministic: sums run from the first number to the last.
 *
 * Throws {@link ProbeError} where value or gradient at `start` is not finite.
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  {
    memory = 10,
    tolerance = 1e-4,
    maxIterations = 1000,
    rounding = 1e-7,
    precondition = () => {},
  }: MinimizeOptions = {},
): Minimum {
  const evaluate = (x: Float64Array): Point => {
    const gradient = new Float64Array(x.length);
    return { x, value: objective(x, gradient), gradient };
  };
  const guessed = (gradient: Float64Array): Float64Array => {
    const product = gradient.slice();
    precondition(product);
    return product;
  };
  let here = evaluate(start.slice());
  if (!Number.isFinite(here.value + dot(here.gradient, here.gradient))) {
    throw new ProbeError(`minimize: value ${here.value} at the start, or a gradient that is not finite`);
  }
  let preconditioned = guessed(here.gradient);
  const pairs: Pair[] = [];
  for (let iterations = 0; ; iterations++) {
    const converged = largest(here.gradient) <= tolerance;
    if (converged || iterations === maxIterations) return { x: here.x, value: here.value, iterations, converged };
    const direction = descent(here.gradient, preconditioned, pairs);
    // Without a remembered step the gradient's length says nothing of how far to go: begin with a step of length 1 at most.
    const first = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
    const next = stepAlong(evaluate, here, direction, first, rounding);
    if (!next) return { x: here.x, value: here.value, iterations, converged };
    const nextPreconditioned = guessed(next.gradient);
    const step = combine(next.x, -1, here.x);
    const change = combine(next.gradient, -1, here.gradient);
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) {
      pairs.push({ step, change, preconditioned: combine(nextPreconditioned, -1, preconditioned), curvature });
    }
    if (pairs.length > memory) pairs.shift();
    [here, preconditioned] = [next, nextPreconditioned];
  }
}

/**
 * Minus the gradient times the inverse Hessian that the remembered steps suggest: the two-loop recursion. `preconditioned` is
 * the gradient times the guess; since that is linear, the guess need not be applied again to what the first loop takes off.
 */
function descent(gradient: Float64Array, preconditioned: Float64Array, pairs: readonly Pair[]): Float64Array {
  const rest = gradient.slice();
  const direction = preconditioned.slice();
  const taken = new Float64Array(pairs.length);
  for (let at = pairs.length - 1; at >= 0; at--) {
    const { step, change, curvature } = pairs[at]!;
    taken[at] = dot(step, rest) / curvature;
    add(rest, -taken[at]!, change);
    add(direction, -taken[at]!, pairs[at]!.preconditioned);
  }
  const last = pairs.at(-1);
  if (last) scale(direction, last.curvature / dot(last.change, last.preconditioned));
  pairs.forEach(({ step, change, curvature }, at) => {
    add(direction, taken[at]! - dot(change, direction) / curvature, step);
  });
  scale(direction, -1);
  return direction;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const TRIES = 30;

/** A point along the direction that lies lower and where the slope is less steep, by bisection; undefined where there is none. */
function stepAlong(
  evaluate: (x: Float64Array) => Point,
  { x, value, gradient }: Point,
  direction: Float64Array,
  first: number,
  rounding: number,
): Point | undefined {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return undefined;
  let [low, high, length] = [0, Number.POSITIVE_INFINITY, first];
  for (let tries = 0; tries < TRIES; tries++) {
    const there = evaluate(combine(x, length, direction));
    const tooHigh = !(there.value <= value + SUFFICIENT_DECREASE * length * slope + rounding * Math.abs(value));
    if (tooHigh) high = length;
    else if (dot(there.gradient, direction) < CURVATURE * slope) low = length;
    else return there;
    length = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a += by * b */
function add(a: Float64Array, by: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += by * b[i]!;
}

function scale(a: Float64Array, by: number): void {
  for (let i = 0; i < a.length; i++) a[i]! *= by;
}

/** a + by * b */
function combine(a: Float64Array, by: number, b: Float64Array): Float64Array {
  const sum = a.slice();
  add(sum, by, b);
  return sum;
}

function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!));
  return most;
}
