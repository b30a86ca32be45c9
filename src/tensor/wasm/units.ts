/**
 * @file ReLU and batch norm where each row is a unit and the samples of a batch lie side by side. Appendix A.
 *
 * What this adds to the plain loops: a unit's samples are neighbours in memory, so four at a time are loaded, and the
 * passes over a row after the first find it in the first-level cache. One thread takes all the sums of a row, in an order
 * that depends on its length alone.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import {
  type F32,
  f32_add,
  f32_convert_i32_u,
  f32_div,
  f32_load,
  f32_mul,
  f32_sqrt,
  f32_store,
  f32x4_add,
  f32x4_gt,
  f32x4_mul,
  f32x4_pmax,
  f32x4_splat,
  f32x4_sub,
  type I32,
  i32_add,
  i32_and,
  i32_mul,
  i32_ne,
  i32_shl,
  i32_shr_u,
  i32x4_const,
  i32x4_gt_s,
  i32x4_splat,
  type V128,
  v128_and,
  v128_load32_splat,
} from './instructions.ts';
import { LIGHT_CHUNK, type Runner, rowChunks } from './runner.ts';
import { forVectors, type Lanes, loadPart, share, storePart, sumOfLanes } from './vectors.ts';

/** Sums that run beside each other: an addition takes as long as four can be begun. */
const CHAINS = 4;

/**
 * Sums over the floats of a row of whatever `terms` computes from its lanes, vector by vector; a row's last, partial
 * vector counts with the lanes that it has.
 */
export function sumRow(
  f: FunctionBuilder,
  bytes: I32,
  count: number,
  terms: (lanes: Lanes) => readonly V128[],
): Local<'f32'>[] {
  const chains = Array.from({ length: CHAINS }, () => Array.from({ length: count }, () => f.v128(f32x4_splat(0))));
  let turn = 0;
  const whole = f.i32(i32_and(bytes, -16));
  const add = (lanes: Lanes) => {
    const chain = chains[turn++ % CHAINS]!;
    terms(lanes).forEach((term, i) => {
      f.set(chain[i]!, f32x4_add(chain[i]!, term));
    });
  };
  forVectors(f, whole, add, CHAINS);
  f.if(i32_ne(whole, bytes), () => {
    const left = f.i32(i32_and(i32_shr_u(bytes, 2), 3));
    const inside = f.v128(i32x4_gt_s(i32x4_splat(left), i32x4_const(0, 1, 2, 3)));
    const part: Lanes = {
      load: (array) => f.call(loadPart, i32_add(array, whole), left),
      store: (array, value) => f.run(storePart, i32_add(array, whole), value, left),
    };
    terms(part).forEach((term, i) => {
      f.set(chains[0]![i]!, f32x4_add(chains[0]![i]!, v128_and(term, inside)));
    });
  });
  const [a, b, c, d] = chains as [Local<'v128'>[], Local<'v128'>[], Local<'v128'>[], Local<'v128'>[]];
  return a.map((sum, i) => {
    return f.f32(sumOfLanes(f, f32x4_add(f32x4_add(sum, b[i]!), f32x4_add(c[i]!, d[i]!))));
  });
}

/** Runs `body` for each unit of a chunk; `matrices` have a row for each unit, `vectors` a number. */
function eachUnit(
  f: FunctionBuilder,
  args: { units: I32; rows: I32; size: I32 },
  chunk: I32,
  matrices: readonly Local<'i32'>[],
  vectors: readonly Local<'i32'>[],
  body: (bytes: Local<'i32'>) => void,
): void {
  const { first, count } = share(f, chunk, args.size, args.units);
  const bytes = f.i32(i32_shl(args.rows, 2));
  for (const matrix of matrices) f.increase(matrix, i32_mul(first, bytes));
  for (const vector of vectors) f.increase(vector, i32_shl(first, 2));
  const unit = f.i32();
  f.for(unit, 0, count, 1, () => {
    body(bytes);
    for (const matrix of matrices) f.increase(matrix, bytes);
    for (const vector of vectors) f.increase(vector, 4);
  });
}

/** max(x + bias, 0) of four samples. */
const relu = (lanes: Lanes, x: I32, bias: V128): V128 => f32x4_pmax(f32x4_add(lanes.load(x), bias), f32x4_splat(0));

/** 1 / sqrt(variance + epsilon) */
const rstdOf = (variance: F32, epsilon: F32): F32 => f32_div(1, f32_sqrt(f32_add(variance, epsilon)));

const reluBatchNormTask = task(
  'reluBatchNorm',
  {
    out: 'i32',
    mean: 'i32',
    variance: 'i32',
    x: 'i32',
    bias: 'i32',
    weight: 'i32',
    shift: 'i32',
    units: 'i32',
    rows: 'i32',
    size: 'i32',
    epsilon: 'f32',
    training: 'i32',
  },
  (f, args, chunk) => {
    const { out, mean, variance, x, bias, weight, shift } = args;
    const count = f.f32(f32_convert_i32_u(args.rows));
    eachUnit(f, args, chunk, [out, x], [mean, variance, bias, weight, shift], (bytes) => {
      const b = f.v128(v128_load32_splat(bias));
      f.if(args.training, () => {
        const [sum] = sumRow(f, bytes, 1, (lanes) => [relu(lanes, x, b)]);
        f.do(f32_store(mean, f32_div(sum!, count)));
        const m = f.v128(v128_load32_splat(mean));
        const [squares] = sumRow(f, bytes, 1, (lanes) => {
          const centred = f.v128(f32x4_sub(relu(lanes, x, b), m));
          return [f32x4_mul(centred, centred)];
        });
        f.do(f32_store(variance, f32_div(squares!, count)));
      });
      const m = f.v128(v128_load32_splat(mean));
      const s = f.v128(v128_load32_splat(shift));
      const factor = f.v128(f32x4_splat(f32_mul(rstdOf(f32_load(variance), args.epsilon), f32_load(weight))));
      forVectors(f, bytes, (lanes) => lanes.store(out, f.madd(f32x4_sub(relu(lanes, x, b), m), factor, s)), CHAINS);
    });
  },
);

// forward: h = max(x + bias, 0) and out = z weight + shift with z = (h - mean) rstd, mean and rstd of the row itself, so
// dh = rstd weight (dout - average(dout) - z average(dout z)), and dx = dh where h > 0
const reluBatchNormBackwardTask = task(
  'reluBatchNormBackward',
  {
    dx: 'i32',
    dbias: 'i32',
    dweight: 'i32',
    dshift: 'i32',
    dout: 'i32',
    x: 'i32',
    bias: 'i32',
    mean: 'i32',
    variance: 'i32',
    weight: 'i32',
    units: 'i32',
    rows: 'i32',
    size: 'i32',
    epsilon: 'f32',
  },
  (f, args, chunk) => {
    const { dx, dbias, dweight, dshift, dout, x, bias, mean, variance, weight } = args;
    const perRow = f.f32(f32_div(1, f32_convert_i32_u(args.rows)));
    eachUnit(f, args, chunk, [dx, dout, x], [dbias, dweight, dshift, bias, mean, variance, weight], (bytes) => {
      const b = f.v128(v128_load32_splat(bias));
      const m = f.v128(v128_load32_splat(mean));
      const [sumDout, sumDoutCentred] = sumRow(f, bytes, 2, (lanes) => {
        const d = f.v128(lanes.load(dout));
        return [d, f32x4_mul(d, f32x4_sub(relu(lanes, x, b), m))];
      });
      const rstd = f.f32(rstdOf(f32_load(variance), args.epsilon));
      const sumDoutZ = f.f32(f32_mul(sumDoutCentred!, rstd));
      f.do(f32_store(dshift, sumDout!));
      f.do(f32_store(dweight, sumDoutZ));
      // dh = slope dout - constant - (h - mean) tilt
      const slope = f.f32(f32_mul(rstd, f32_load(weight)));
      const slopes = f.v128(f32x4_splat(slope));
      const constant = f.v128(f32x4_splat(f32_mul(f32_mul(slope, sumDout!), perRow)));
      const tilt = f.v128(f32x4_splat(f32_mul(f32_mul(slope, f32_mul(sumDoutZ, rstd)), perRow)));
      const [sumDx] = sumRow(f, bytes, 1, (lanes) => {
        const h = f.v128(relu(lanes, x, b));
        const common = f.madd(f32x4_sub(h, m), tilt, constant);
        const dh = f32x4_sub(f32x4_mul(slopes, lanes.load(dout)), common);
        const gradient = f.v128(v128_and(dh, f32x4_gt(h, f32x4_splat(0))));
        lanes.store(dx, gradient);
        return [gradient];
      });
      f.do(f32_store(dbias, sumDx!));
    });
  },
);

export const UNIT_TASKS = [reluBatchNormTask, reluBatchNormBackwardTask] as unknown as readonly Task[];

type UnitKernels = Pick<Kernels, 'reluBatchNorm' | 'reluBatchNormBackward'>;

export function unitKernels(runner: Runner): UnitKernels {
  const at = (array: FloatArray) => runner.address(array);
  return {
    reluBatchNorm(out, mean, variance, x, bias, weight, shift, units, rows, epsilon, training) {
      const { size, chunks } = rowChunks(units, rows, LIGHT_CHUNK);
      const statistics = { mean: at(mean), variance: at(variance) };
      const parameters = { bias: at(bias), weight: at(weight), shift: at(shift) };
      const sizes = { units, rows, size, epsilon, training: Number(training) };
      runner.run(reluBatchNormTask, { out: at(out), x: at(x), ...statistics, ...parameters, ...sizes }, chunks);
    },
    reluBatchNormBackward(dx, dbias, dweight, dshift, dout, x, bias, mean, variance, weight, units, rows, epsilon) {
      const { size, chunks } = rowChunks(units, rows, LIGHT_CHUNK);
      const gradients = { dx: at(dx), dbias: at(dbias), dweight: at(dweight), dshift: at(dshift), dout: at(dout) };
      const inputs = { x: at(x), bias: at(bias), mean: at(mean), variance: at(variance), weight: at(weight) };
      runner.run(reluBatchNormBackwardTask, { ...gradients, ...inputs, units, rows, size, epsilon }, chunks);
    },
  };
}
