/** @file Every kernel that an optimizer calls judged by itself, from the numbers that it had. Appendix E. */
import { type Engine, type FloatArray, type Kernels, reference as referenceKernels } from '../tensor/index.ts';
import type { Trainer } from '../transformer/index.ts';
import { createBoundedEngine } from './bounds/engine.ts';
import { sumOfSquaresError } from './bounds/products.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Judged } from './verdict.ts';

type Argument = FloatArray | number | boolean | Readonly<Record<string, unknown>>;
type Kernel = (...args: readonly Argument[]) => number | undefined;

/** Which arguments of the optimizers' kernels are written. */
const WRITES: Readonly<Record<string, readonly number[]>> = {
  scale: [0],
  matmul: [0],
  adamw: [0, 2, 3],
  sumOfSquares: [],
};

export interface Call {
  readonly kernel: string;
  /** As the engine has them: the arrays are in its memory, and are overwritten later. */
  readonly args: readonly Argument[];
  readonly before: readonly Argument[];
  readonly after: readonly Argument[];
  readonly result: number | undefined;
}

const isFloats = (x: unknown): x is FloatArray => x instanceof Float32Array || x instanceof Float64Array;

/** Arguments copied, the same array to the same copy. */
function copied(args: readonly Argument[], copy: (x: FloatArray) => FloatArray): Argument[] {
  const copies = new Map<FloatArray, FloatArray>();
  return args.map((argument) => {
    if (!isFloats(argument)) return argument;
    const known = copies.get(argument) ?? copy(argument);
    copies.set(argument, known);
    return known;
  });
}

/** The same engine; from the first sum of squares on, with which the optimizers begin, `onCall` hears of what its kernels did. */
export function listeningTo(engine: Engine, onCall: (call: Call) => void): Engine {
  let listening = false;
  const kernels = Object.fromEntries(
    Object.entries(engine.kernels).map(([name, kernel]: [string, Kernel]) => [
      name,
      (...args: Argument[]) => {
        listening ||= name === 'sumOfSquares';
        if (!listening) return kernel(...args);
        const before = copied(args, (x) => x.slice());
        const result = kernel(...args);
        onCall({ kernel: name, args, before, after: copied(args, (x) => x.slice()), result });
        return result;
      },
    ]),
  ) as unknown as Kernels;
  return new Proxy(engine, {
    get(target, key) {
      if (key === 'kernels') return kernels;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Names of a trainer's arrays, each in the memory in which the optimizers work. */
export function arraysOf(trainer: Trainer): Map<FloatArray, string> {
  const names = new Map<FloatArray, string>();
  for (const { name, value, gradient } of trainer.model.parameters) {
    names.set(value.data, name!);
    if (gradient) names.set(gradient.data, `gradient of ${name}`);
  }
  for (const [name, { data }] of trainer.state().moments) names.set(data as FloatArray, name);
  return names;
}

/** The arrays that a call has written, or the number that it gave. `owner` is the parameter that is being updated. */
export function judgedCall(
  call: Call,
  names: ReadonlyMap<FloatArray, string>,
  owner: string,
  exact: Engine,
  watch: Stopwatch,
): Judged[] {
  const { kernel, args, before, after } = call;
  const nameOf = (argument: Argument) => names.get(argument as FloatArray) ?? `within the update of ${owner}`;
  const kernelOf = (kernels: Kernels) => kernels[kernel as keyof Kernels] as unknown as Kernel;
  const ours = copied(before, (x) => x.slice());
  const ourResult = watch.time('exact', () => kernelOf(exact.kernels)(...ours));
  const precise = copied(before, (x) => Float64Array.from(x));
  if (kernel === 'sumOfSquares') {
    const x = precise[0] as Float64Array;
    return [
      {
        op: kernel,
        direction: 'norm',
        name: nameOf(args[0]!),
        shape: [],
        fast: Float64Array.of(call.result!),
        exact: Float64Array.of(ourResult!),
        reference: Float64Array.of(referenceKernels.sumOfSquares(x)),
        bounds: [sumOfSquaresError(x)],
        formula: 'gamma(n) sum x^2, n = 512 + 8 of chunks of 8,192',
      },
    ];
  }
  const bounded = createBoundedEngine();
  watch.time('float64', () => kernelOf(bounded.engine.kernels)(...precise));
  return WRITES[kernel]!.map((at) => {
    const noted = bounded.boundsOf(precise[at] as FloatArray)!;
    const fast = after[at] as FloatArray;
    return {
      op: kernel,
      direction: 'update',
      name: nameOf(args[at]!),
      shape: [fast.length],
      fast,
      exact: ours[at] as FloatArray,
      reference: precise[at] as FloatArray,
      bounds: noted.errors,
      formula: noted.formula,
    };
  });
}
