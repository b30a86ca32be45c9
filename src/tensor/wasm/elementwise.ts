/** @file Kernels that treat each element by itself: sums, scaling, GELU, ReLU, AdamW. Appendix A. */

import { ShapeError } from '../errors.ts';
import { power } from '../functions/power.ts';
import type { AdamWOptions, Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import { exp } from './exponential.ts';
import {
  f32x4_add,
  f32x4_div,
  f32x4_gt,
  f32x4_mul,
  f32x4_splat,
  f32x4_sqrt,
  f32x4_sub,
  i32_shl,
  type V128,
  v128_and,
} from './instructions.ts';
import { HEAVY_CHUNK, LIGHT_CHUNK, type Runner } from './runner.ts';
import { accumulating, forVectors, type Lanes, type Put, share } from './vectors.ts';

/** Vectors in a pass of the loop: the processor overlaps them. */
const UNROLL = 4;

type Named<N extends string, T extends 'i32' | 'f32'> = { readonly [K in N]: T };
type Vector = Local<'v128'>;

/**
 * A loop over the elements of some arrays, output first, with some factors; `body` computes four elements and puts them.
 * The factors come as vectors of four equal numbers.
 */
function elementwise<const A extends string, const F extends string = never>(
  name: string,
  arrays: readonly A[],
  factors: readonly F[],
  body: (
    f: FunctionBuilder,
    array: { [K in A]: Local<'i32'> },
    lanes: Lanes,
    put: Put,
    factor: { [K in F]: Vector },
  ) => void,
) {
  const named = <T>(names: readonly string[], value: (name: string) => T) =>
    Object.fromEntries(names.map((key) => [key, value(key)]));
  const schema = {
    ...named(arrays, () => 'i32'),
    ...named(factors, () => 'f32'),
    length: 'i32',
    size: 'i32',
    accumulate: 'i32',
  } as Named<A | 'length' | 'size' | 'accumulate', 'i32'> & Named<F, 'f32'>;
  return task(name, schema, (f, all, chunk) => {
    const args = all as unknown as { [K in A | 'length' | 'size' | 'accumulate']: Local<'i32'> };
    const { first, count } = share(f, chunk, args.size, args.length);
    for (const array of arrays) f.increase(args[array], i32_shl(first, 2));
    const factor = named(factors, (key) => f.v128(f32x4_splat((all as unknown as Record<string, Local<'f32'>>)[key]!)));
    accumulating(f, args.accumulate, (put) => {
      forVectors(f, i32_shl(count, 2), (lanes) => body(f, args, lanes, put, factor as { [K in F]: Vector }), UNROLL);
    });
  });
}

const addTask = elementwise('add', ['out', 'a', 'b'], [], (_, { out, a, b }, lanes, put) => {
  put(lanes, out, f32x4_add(lanes.load(a), lanes.load(b)));
});

const add3Task = elementwise('add3', ['out', 'a', 'b', 'c'], [], (_, { out, a, b, c }, lanes, put) => {
  put(lanes, out, f32x4_add(f32x4_add(lanes.load(a), lanes.load(b)), lanes.load(c)));
});

const scaleTask = elementwise('scale', ['out', 'x'], ['factor'], (_, { out, x }, lanes, put, { factor }) => {
  put(lanes, out, f32x4_mul(lanes.load(x), factor));
});

const reluTask = elementwise('relu', ['out', 'x'], [], (f, { out, x }, lanes, put) => {
  put(lanes, out, positivePart(f, lanes.load(x), undefined));
});

const reluBackwardTask = elementwise('reluBackward', ['dx', 'dout', 'x'], [], (f, { dx, dout, x }, lanes, put) => {
  put(lanes, dx, positivePart(f, lanes.load(x), lanes.load(dout)));
});

/** x > 0 ? value : 0, where value is x itself if not given. */
function positivePart(f: FunctionBuilder, argument: V128, value: V128 | undefined): V128 {
  const x = f.v128(argument);
  return v128_and(value ?? x, f32x4_gt(x, f32x4_splat(0)));
}

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** exp(-2 u) with u = sqrt(2 / pi) (x + 0.044715 x^3), so that 0.5 (1 + tanh(u)) = 1 / (1 + exp(-2 u)). */
function expOfMinus2U(f: FunctionBuilder, x: Vector, square: Vector): V128 {
  const inner = f.madd(square, f32x4_splat(-2 * SQRT_2_OVER_PI * CUBE), f32x4_splat(-2 * SQRT_2_OVER_PI));
  return exp(f, f32x4_mul(x, inner), true);
}

const geluTask = elementwise('gelu', ['out', 'x'], [], (f, { out, x: array }, lanes, put) => {
  const x = f.v128(lanes.load(array));
  const square = f.v128(f32x4_mul(x, x));
  put(lanes, out, f32x4_div(x, f32x4_add(f32x4_splat(1), expOfMinus2U(f, x, square))));
});

// forward: y = x s, s = 1 / (1 + e), e = exp(-2 u), so dy/dx = s + x s (1 - s) 2 u' with 1 - s = e s (nothing cancels)
// and 2 u' = 2 sqrt(2 / pi) (1 + 3 x 0.044715 x^2)
const geluBackwardTask = elementwise(
  'geluBackward',
  ['dx', 'dout', 'x'],
  [],
  (f, { dx, dout, x: array }, lanes, put) => {
    const x = f.v128(lanes.load(array));
    const square = f.v128(f32x4_mul(x, x));
    const e = f.v128(expOfMinus2U(f, x, square));
    const s = f.v128(f32x4_div(f32x4_splat(1), f32x4_add(f32x4_splat(1), e)));
    const slope = f.madd(square, f32x4_splat(6 * SQRT_2_OVER_PI * CUBE), f32x4_splat(2 * SQRT_2_OVER_PI));
    const bent = f32x4_mul(f32x4_mul(e, s), f32x4_mul(x, slope));
    put(lanes, dx, f32x4_mul(lanes.load(dout), f.madd(bent, s, s)));
  },
);

/** torch.optim.AdamW, with everything that is the same for all elements computed beforehand. */
const adamwTask = elementwise(
  'adamw',
  ['parameter', 'gradient', 'm', 'v'],
  ['keep', 'scale', 'beta1', 'rest1', 'beta2', 'rest2', 'rootCorrection2', 'epsilon', 'rate'],
  (f, array, lanes, _, factor) => {
    const g = f.v128(f32x4_mul(lanes.load(array.gradient), factor.scale));
    const m = f.v128(f.madd(lanes.load(array.m), factor.beta1, f32x4_mul(g, factor.rest1)));
    const v = f.v128(f.madd(lanes.load(array.v), factor.beta2, f32x4_mul(f32x4_mul(g, g), factor.rest2)));
    lanes.store(array.m, m);
    lanes.store(array.v, v);
    const root = f.madd(f32x4_sqrt(v), factor.rootCorrection2, factor.epsilon);
    const kept = f32x4_mul(lanes.load(array.parameter), factor.keep);
    lanes.store(array.parameter, f32x4_sub(kept, f32x4_div(f32x4_mul(m, factor.rate), root)));
  },
);

export const ELEMENTWISE_TASKS: readonly Task[] = [
  addTask,
  add3Task,
  scaleTask,
  reluTask,
  reluBackwardTask,
  geluTask,
  geluBackwardTask,
  adamwTask,
] as unknown as readonly Task[];

type ElementwiseKernels = Pick<
  Kernels,
  'add' | 'add3' | 'scale' | 'gelu' | 'geluBackward' | 'relu' | 'reluBackward' | 'adamw'
>;

export function elementwiseKernels(runner: Runner): ElementwiseKernels {
  const at = (array: FloatArray) => runner.address(array);
  const sizes = (kernel: string, chunk: number, accumulate: boolean, ...arrays: FloatArray[]) => {
    const length = arrays[0]!.length;
    for (const array of arrays) {
      if (array.length !== length) throw new ShapeError(`${kernel}: arrays of ${length} and ${array.length} elements`);
    }
    return [{ length, size: chunk, accumulate: Number(accumulate) }, Math.ceil(length / chunk)] as const;
  };
  return {
    add(out, a, b) {
      const [common, chunks] = sizes('add', LIGHT_CHUNK, false, out, a, b);
      runner.run(addTask, { out: at(out), a: at(a), b: at(b), ...common }, chunks);
    },
    add3(out, a, b, c) {
      const [common, chunks] = sizes('add3', LIGHT_CHUNK, false, out, a, b, c);
      runner.run(add3Task, { out: at(out), a: at(a), b: at(b), c: at(c), ...common }, chunks);
    },
    scale(out, x, factor, accumulate) {
      const [common, chunks] = sizes('scale', LIGHT_CHUNK, accumulate, out, x);
      runner.run(scaleTask, { out: at(out), x: at(x), factor, ...common }, chunks);
    },
    gelu(out, x) {
      const [common, chunks] = sizes('gelu', HEAVY_CHUNK, false, out, x);
      runner.run(geluTask, { out: at(out), x: at(x), ...common }, chunks);
    },
    geluBackward(dx, dout, x, accumulate) {
      const [common, chunks] = sizes('geluBackward', HEAVY_CHUNK, accumulate, dx, dout, x);
      runner.run(geluBackwardTask, { dx: at(dx), dout: at(dout), x: at(x), ...common }, chunks);
    },
    relu(out, x) {
      const [common, chunks] = sizes('relu', LIGHT_CHUNK, false, out, x);
      runner.run(reluTask, { out: at(out), x: at(x), ...common }, chunks);
    },
    reluBackward(dx, dout, x, accumulate) {
      const [common, chunks] = sizes('reluBackward', LIGHT_CHUNK, accumulate, dx, dout, x);
      runner.run(reluBackwardTask, { dx: at(dx), dout: at(dout), x: at(x), ...common }, chunks);
    },
    adamw(parameter, gradient, m, v, options: AdamWOptions) {
      const [common, chunks] = sizes('adamw', HEAVY_CHUNK, false, parameter, gradient, m, v);
      const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale } = options;
      runner.run(
        adamwTask,
        {
          parameter: at(parameter),
          gradient: at(gradient),
          m: at(m),
          v: at(v),
          keep: 1 - learningRate * weightDecay,
          scale: gradientScale,
          beta1,
          rest1: 1 - beta1,
          beta2,
          rest2: 1 - beta2,
          rootCorrection2: 1 / Math.sqrt(1 - power(beta2, step)),
          epsilon,
          rate: learningRate / (1 - power(beta1, step)),
          ...common,
        },
        chunks,
      );
    },
  };
}
