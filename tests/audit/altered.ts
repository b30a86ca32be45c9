/** @file An engine one of whose kernels is wrong, for checkers to find. */
import { createBoundedEngine } from '../../src/audit/bounds/engine.ts';
import type { Engine, FloatArray, Kernels } from '../../src/tensor/index.ts';

type Arguments = readonly unknown[];
type Kernel = (...args: Arguments) => unknown;

/** The same engine; `alter` is called after each run of the kernel, with its arguments as they are then, and as they were. */
export function altered(
  engine: Engine,
  name: keyof Kernels,
  alter: (args: Arguments, before: Arguments) => void,
): Engine {
  const kernel = engine.kernels[name] as unknown as Kernel;
  const wrong: Kernel = (...args) => {
    const before = args.map((arg) => (arg instanceof Float32Array ? arg.slice() : arg));
    const result = kernel(...args);
    alter(args, before);
    return result;
  };
  const kernels = { ...engine.kernels, [name]: wrong };
  return new Proxy(engine, {
    get(target, key) {
      if (key === 'kernels') return kernels;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Moves the first element of argument `out` whose bound is not 0 as little beyond that bound as Float32 can. */
export function justBeyond(name: keyof Kernels, out: number) {
  return (args: Arguments, before: Arguments): void => {
    const copies = before.map((arg) => (arg instanceof Float32Array ? Float64Array.from(arg) : arg));
    const { engine, boundsOf } = createBoundedEngine();
    (engine.kernels[name] as unknown as Kernel)(...copies);
    const reference = copies[out] as Float64Array;
    const { errors } = boundsOf(reference)!;
    const at = errors.findIndex((bound, i) => bound > 0 && reference[i] !== 0);
    if (at < 0) return;
    const target = args[out] as FloatArray;
    let factor = 1.0001;
    do {
      target[at] = reference[at]! + factor * errors[at]!;
      factor *= 1.01;
    } while (target[at]! - reference[at]! <= errors[at]! * 1.00001);
  };
}
