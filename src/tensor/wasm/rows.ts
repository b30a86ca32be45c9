/** @file Kernels that treat each row by itself: layer norm and cross-entropy. Appendix A. */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import { exp, log } from './exponential.ts';
import {
  f32_add,
  f32_convert_i32_u,
  f32_div,
  f32_load,
  f32_store,
  f32_sub,
  f32x4_add,
  f32x4_div,
  f32x4_extract_lane,
  f32x4_mul,
  f32x4_pmax,
  f32x4_splat,
  f32x4_sqrt,
  f32x4_sub,
  type I32,
  i32_add,
  i32_and,
  i32_ge_s,
  i32_load,
  i32_lt_s,
  i32_mul,
  i32_shl,
  i32_shr_u,
  i32_sub,
  i32x4_const,
  i32x4_gt_s,
  i32x4_splat,
  type V128,
  v128_and,
  v128_bitselect,
} from './instructions.ts';
import { HEAVY_CHUNK, LIGHT_CHUNK, type Runner, rowChunks } from './runner.ts';
import { accumulating, forVectors, maxOfLanes, type Put, share, sumOfLanes } from './vectors.ts';

type Address = Local<'i32'>;

/** Runs `body` for each row of a chunk. `arrays` (rows of `width`) and `scalars` (one number a row) are moved on. */
function eachRow(
  f: FunctionBuilder,
  args: { rows: I32; width: I32; size: I32 },
  chunk: I32,
  arrays: readonly Address[],
  scalars: readonly Address[],
  body: (bytes: Address) => void,
): void {
  const { first, count } = share(f, chunk, args.size, args.rows);
  const bytes = f.i32(i32_shl(args.width, 2));
  for (const array of arrays) f.increase(array, i32_mul(first, bytes));
  for (const array of scalars) f.increase(array, i32_shl(first, 2));
  const row = f.i32();
  f.for(row, 0, count, 1, () => {
    body(bytes);
    for (const array of arrays) f.increase(array, bytes);
    for (const array of scalars) f.increase(array, 4);
  });
}

/** Which lanes belong to the row: the ones before its end. */
function inside(bytes: I32, offset: I32): V128 {
  return i32x4_gt_s(i32x4_splat(i32_shr_u(i32_sub(bytes, offset), 2)), i32x4_const(0, 1, 2, 3));
}

const layerNormTask = task(
  'layerNorm',
  {
    out: 'i32',
    mean: 'i32',
    rstd: 'i32',
    x: 'i32',
    weight: 'i32',
    bias: 'i32',
    rows: 'i32',
    width: 'i32',
    size: 'i32',
    epsilon: 'f32',
  },
  (f, args, chunk) => {
    const { out, mean, rstd, x, weight, bias, epsilon } = args;
    const share = f.f32(f32_div(1, f32_convert_i32_u(args.width)));
    eachRow(f, args, chunk, [out, x], [mean, rstd], (bytes) => {
      const sum = f.v128(f32x4_splat(0));
      forVectors(f, bytes, (lanes) => f.set(sum, f32x4_add(sum, lanes.load(x))));
      const m = f.v128(f32x4_mul(f32x4_splat(sumOfLanes(f, sum)), f32x4_splat(share)));
      f.set(sum, f32x4_splat(0));
      forVectors(f, bytes, (lanes, offset) => {
        const centred = f.v128(v128_and(f32x4_sub(lanes.load(x), m), inside(bytes, offset)));
        f.set(sum, f.madd(centred, centred, sum));
      });
      const variance = f32x4_add(f32x4_mul(f32x4_splat(sumOfLanes(f, sum)), f32x4_splat(share)), f32x4_splat(epsilon));
      const r = f.v128(f32x4_div(f32x4_splat(1), f32x4_sqrt(variance)));
      forVectors(f, bytes, (lanes) => {
        const normalized = f32x4_mul(f32x4_sub(lanes.load(x), m), r);
        lanes.store(out, f.madd(normalized, lanes.load(weight), lanes.load(bias)));
      });
      f.do(f32_store(mean, f32x4_extract_lane(m, 0)));
      f.do(f32_store(rstd, f32x4_extract_lane(r, 0)));
    });
  },
);

// forward: y = n weight + bias with n = (x - mean) rstd, so with g = dout weight
// dx = rstd (g - average(g) - n average(g n))
const layerNormBackwardTask = task(
  'layerNormBackward',
  {
    dx: 'i32',
    dout: 'i32',
    x: 'i32',
    weight: 'i32',
    mean: 'i32',
    rstd: 'i32',
    rows: 'i32',
    width: 'i32',
    size: 'i32',
    accumulate: 'i32',
  },
  (f, args, chunk) => {
    const { dx, dout, x, weight, mean, rstd, accumulate } = args;
    const share = f.v128(f32x4_splat(f32_div(1, f32_convert_i32_u(args.width))));
    eachRow(f, args, chunk, [dx, dout, x], [mean, rstd], (bytes) => {
      const m = f.v128(f32x4_splat(f32_load(mean)));
      const r = f.v128(f32x4_splat(f32_load(rstd)));
      const sum = f.v128(f32x4_splat(0));
      const product = f.v128(f32x4_splat(0));
      forVectors(f, bytes, (lanes) => {
        const g = f.v128(f32x4_mul(lanes.load(dout), lanes.load(weight))); // 0 beyond the end
        f.set(sum, f32x4_add(sum, g));
        f.set(product, f.madd(g, f32x4_mul(f32x4_sub(lanes.load(x), m), r), product));
      });
      f.set(sum, f32x4_mul(f32x4_splat(sumOfLanes(f, sum)), share));
      f.set(product, f32x4_mul(f32x4_splat(sumOfLanes(f, product)), share));
      accumulating(f, accumulate, (put: Put) => {
        forVectors(f, bytes, (lanes) => {
          const g = f32x4_mul(lanes.load(dout), lanes.load(weight));
          const n = f32x4_mul(f32x4_sub(lanes.load(x), m), r);
          put(lanes, dx, f32x4_mul(r, f32x4_sub(f32x4_sub(g, sum), f32x4_mul(n, product))));
        });
      });
    });
  },
);

/** Largest logit of a row and sum of exp(logit - largest). */
function softmaxParts(f: FunctionBuilder, logits: I32, bytes: I32): { largest: Local<'v128'>; sum: Local<'f32'> } {
  const largest = f.v128(f32x4_splat(-Infinity));
  forVectors(f, bytes, (lanes, offset) => {
    const value = f.v128(lanes.load(logits));
    f.set(largest, f32x4_pmax(v128_bitselect(value, f32x4_splat(-Infinity), inside(bytes, offset)), largest));
  });
  f.set(largest, f32x4_splat(maxOfLanes(f, largest)));
  const sum = f.v128(f32x4_splat(0));
  forVectors(f, bytes, (lanes, offset) => {
    const e = exp(f, f32x4_sub(lanes.load(logits), largest));
    f.set(sum, f32x4_add(sum, v128_and(e, inside(bytes, offset))));
  });
  return { largest, sum: f.f32(sumOfLanes(f, sum)) };
}

const crossEntropyTask = task(
  'crossEntropy',
  { losses: 'i32', logits: 'i32', targets: 'i32', rows: 'i32', width: 'i32', size: 'i32' },
  (f, args, chunk) => {
    const { losses, logits, targets } = args;
    eachRow(f, args, chunk, [logits], [losses, targets], (bytes) => {
      f.if(
        i32_lt_s(i32_load(targets), 0),
        () => f.do(f32_store(losses, 0)),
        () => {
          const { largest, sum } = softmaxParts(f, logits, bytes);
          const logSum = f32x4_extract_lane(log(f, f32x4_splat(sum)), 0);
          const target = f32_load(i32_add(logits, i32_shl(i32_load(targets), 2)));
          f.do(f32_store(losses, f32_add(logSum, f32_sub(f32x4_extract_lane(largest, 0), target))));
        },
      );
    });
  },
);

// forward: loss = log sum exp(logits) - logits[target], so dlogits = softmax(logits) - onehot(target)
const crossEntropyBackwardTask = task(
  'crossEntropyBackward',
  {
    dlogits: 'i32',
    logits: 'i32',
    targets: 'i32',
    rowScale: 'i32',
    rows: 'i32',
    width: 'i32',
    size: 'i32',
    accumulate: 'i32',
  },
  (f, args, chunk) => {
    const { dlogits, logits, targets, rowScale, accumulate } = args;
    eachRow(f, args, chunk, [dlogits, logits], [targets, rowScale], (bytes) => {
      f.if(
        i32_ge_s(i32_load(targets), 0),
        () => {
          const { largest, sum } = softmaxParts(f, logits, bytes);
          const factor = f.v128(f32x4_splat(f32_div(f32_load(rowScale), sum)));
          accumulating(f, accumulate, (put: Put) => {
            forVectors(f, bytes, (lanes) => {
              put(lanes, dlogits, f32x4_mul(exp(f, f32x4_sub(lanes.load(logits), largest)), factor));
            });
          });
          const place = f.i32(i32_add(dlogits, i32_shl(i32_load(targets), 2)));
          f.do(f32_store(place, f32_sub(f32_load(place), f32_load(rowScale))));
        },
        () => {
          f.if(i32_and(i32_sub(1, accumulate), 1), () => {
            forVectors(f, bytes, (lanes) => lanes.store(dlogits, f32x4_splat(0)));
          });
        },
      );
    });
  },
);

export const ROW_TASKS = [
  layerNormTask,
  layerNormBackwardTask,
  crossEntropyTask,
  crossEntropyBackwardTask,
] as unknown as readonly Task[];

type RowKernels = Pick<Kernels, 'layerNorm' | 'layerNormBackward' | 'crossEntropy' | 'crossEntropyBackward'>;

export function rowKernels(runner: Runner): RowKernels {
  const at = (array: FloatArray | Int32Array) => runner.address(array);
  return {
    layerNorm(out, mean, rstd, x, weight, bias, rows, width, epsilon) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      const arrays = { out: at(out), mean: at(mean), rstd: at(rstd), x: at(x), weight: at(weight), bias: at(bias) };
      runner.run(layerNormTask, { ...arrays, rows, width, size, epsilon }, chunks);
    },
    layerNormBackward(dx, dout, x, weight, mean, rstd, rows, width, accumulate) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      const arrays = { dx: at(dx), dout: at(dout), x: at(x), weight: at(weight), mean: at(mean), rstd: at(rstd) };
      runner.run(layerNormBackwardTask, { ...arrays, rows, width, size, accumulate: Number(accumulate) }, chunks);
    },
    crossEntropy(losses, logits, targets, rows, classes) {
      const { size, chunks } = rowChunks(rows, classes, HEAVY_CHUNK);
      const arrays = { losses: at(losses), logits: at(logits), targets: at(targets) };
      runner.run(crossEntropyTask, { ...arrays, rows, width: classes, size }, chunks);
    },
    crossEntropyBackward(dlogits, logits, targets, rowScale, rows, classes, accumulate) {
      const { size, chunks } = rowChunks(rows, classes, HEAVY_CHUNK);
      const arrays = { dlogits: at(dlogits), logits: at(logits), targets: at(targets), rowScale: at(rowScale) };
      const sizes = { rows, width: classes, size, accumulate: Number(accumulate) };
      runner.run(crossEntropyBackwardTask, { ...arrays, ...sizes }, chunks);
    },
  };
}
