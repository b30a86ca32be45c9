/** @file Kernels that treat all rows with the same vectors, a number for each column: bias, batch norm. Appendix A. */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import {
  f32_convert_i32_u,
  f32_div,
  f32x4_add,
  f32x4_mul,
  f32x4_splat,
  f32x4_sub,
  type I32,
  i32_mul,
  i32_shl,
  type V128,
} from './instructions.ts';
import { LIGHT_CHUNK, type Runner, rowChunks } from './runner.ts';
import { accumulating, forVectors, type Lanes, type Put, share } from './vectors.ts';

/** Rows of a chunk: `body` handles four columns of one row; `arrays` are the addresses of the row. */
function forRows(
  f: FunctionBuilder,
  args: { rows: I32; width: I32; size: I32 },
  chunk: I32,
  arrays: readonly Local<'i32'>[],
  body: (lanes: Lanes) => void,
): void {
  const { first, count } = share(f, chunk, args.size, args.rows);
  const stride = f.i32(i32_shl(args.width, 2));
  for (const array of arrays) f.increase(array, i32_mul(first, stride));
  const row = f.i32();
  f.for(row, 0, count, 1, () => {
    forVectors(f, stride, body);
    for (const array of arrays) f.increase(array, stride);
  });
}

const addBiasTask = task(
  'addBias',
  { out: 'i32', x: 'i32', bias: 'i32', rows: 'i32', width: 'i32', size: 'i32' },
  (f, args, chunk) => {
    const { out, x, bias } = args;
    forRows(f, args, chunk, [out, x], (lanes) => lanes.store(out, f32x4_add(lanes.load(x), lanes.load(bias))));
  },
);

const normalizeColumnsTask = task(
  'normalizeColumns',
  {
    out: 'i32',
    x: 'i32',
    mean: 'i32',
    rstd: 'i32',
    weight: 'i32',
    bias: 'i32',
    rows: 'i32',
    width: 'i32',
    size: 'i32',
  },
  (f, args, chunk) => {
    const { out, x, mean, rstd, weight, bias } = args;
    forRows(f, args, chunk, [out, x], (lanes) => {
      const normalized = f32x4_mul(f32x4_sub(lanes.load(x), lanes.load(mean)), lanes.load(rstd));
      lanes.store(out, f.madd(normalized, lanes.load(weight), lanes.load(bias)));
    });
  },
);

// forward: y = (x - mean) rstd weight + bias, mean and rstd of x's own columns, so
// dx = rstd weight (dout - (dbias + normalized dweight) / rows)
const batchNormBackwardTask = task(
  'batchNormBackward',
  {
    dx: 'i32',
    dout: 'i32',
    x: 'i32',
    mean: 'i32',
    rstd: 'i32',
    weight: 'i32',
    dweight: 'i32',
    dbias: 'i32',
    rows: 'i32',
    width: 'i32',
    size: 'i32',
    accumulate: 'i32',
  },
  (f, args, chunk) => {
    const { dx, dout, x, mean, rstd, weight, dweight, dbias, accumulate } = args;
    const share = f.v128(f32x4_splat(f32_div(1, f32_convert_i32_u(args.rows))));
    const starts = [dx, dout, x].map((array) => [array, f.i32(array)] as const);
    accumulating(f, accumulate, (put: Put) => {
      for (const [array, start] of starts) f.set(array, start);
      forRows(f, args, chunk, [dx, dout, x], (lanes) => {
        const r = f.v128(lanes.load(rstd));
        const normalized = f32x4_mul(f32x4_sub(lanes.load(x), lanes.load(mean)), r);
        const common: V128 = f32x4_mul(f.madd(normalized, lanes.load(dweight), lanes.load(dbias)), share);
        put(lanes, dx, f32x4_mul(f32x4_mul(r, lanes.load(weight)), f32x4_sub(lanes.load(dout), common)));
      });
    });
  },
);

export const BROADCAST_TASKS = [addBiasTask, normalizeColumnsTask, batchNormBackwardTask] as unknown as readonly Task[];

type BroadcastKernels = Pick<Kernels, 'addBias' | 'normalizeColumns' | 'batchNormBackward'>;

export function broadcastKernels(runner: Runner): BroadcastKernels {
  const at = (array: FloatArray) => runner.address(array);
  return {
    addBias(out, x, bias, rows, width) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      runner.run(addBiasTask, { out: at(out), x: at(x), bias: at(bias), rows, width, size }, chunks);
    },
    normalizeColumns(out, x, mean, rstd, weight, bias, rows, width) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      const statistics = { mean: at(mean), rstd: at(rstd), weight: at(weight), bias: at(bias) };
      runner.run(normalizeColumnsTask, { out: at(out), x: at(x), ...statistics, rows, width, size }, chunks);
    },
    batchNormBackward(dx, dout, x, mean, rstd, weight, dweight, dbias, rows, width, accumulate) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      const statistics = { mean: at(mean), rstd: at(rstd), weight: at(weight), dweight: at(dweight), dbias: at(dbias) };
      const sizes = { rows, width, size, accumulate: Number(accumulate) };
      runner.run(batchNormBackwardTask, { dx: at(dx), dout: at(dout), x: at(x), ...statistics, ...sizes }, chunks);
    },
  };
}
