/**
 * @file Sums over the rows of a matrix: gradients of biases and of the norms' weights, batch norm's statistics. Chapter 4.
 *
 * A chunk is 16 columns, one cache line wide, all rows: nothing is summed across threads. Rows are summed in blocks of
 * BLOCK_ROWS, and the blocks' sums in order, which keeps the rounding error small.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import {
  f32_convert_i32_u,
  f32_div,
  f32x4_add,
  f32x4_div,
  f32x4_mul,
  f32x4_splat,
  f32x4_sqrt,
  f32x4_sub,
  type I32,
  i32_add,
  i32_ge_s,
  i32_mul,
  i32_shl,
  i32_shr_u,
  i32_sub,
  type V128,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import { LIGHT_CHUNK, type Runner, rowChunks } from './runner.ts';
import { accumulating, forVectors, i32_min, type Lanes, loadPart, type Put, share, storePart } from './vectors.ts';

const COLUMNS = 16;
const BLOCK_ROWS = 64;

type Vector = Local<'v128'>;

/**
 * Runs `body` for a chunk's columns: four vectors at once where 16 columns are left, otherwise vector by vector, the last
 * with only some of its lanes.
 */
function forColumns(f: FunctionBuilder, chunk: I32, width: I32, body: (vectors: readonly Lanes[]) => void): void {
  const left = f.i32(i32_sub(width, i32_mul(chunk, COLUMNS)));
  const offset = f.i32(i32_mul(chunk, 4 * COLUMNS));
  const whole = (bytes: number): Lanes => ({
    load: (array) => v128_load(i32_add(array, offset), bytes),
    store: (array, value) => f.do(v128_store(i32_add(array, offset), value, bytes)),
  });
  f.if(
    i32_ge_s(left, COLUMNS),
    () => body([whole(0), whole(16), whole(32), whole(48)]),
    () => {
      const end = f.i32(i32_add(offset, i32_shl(left, 2)));
      f.for(offset, offset, end, 16, () => {
        const count = f.i32(i32_shr_u(i32_sub(end, offset), 2));
        const part: Lanes = {
          load: (array) => f.call(loadPart, i32_add(array, offset), count),
          store: (array, value) => f.run(storePart, i32_add(array, offset), value, count),
        };
        f.if(
          i32_ge_s(count, 4),
          () => body([whole(0)]),
          () => body([part]),
        );
      });
    },
  );
}

/**
 * Sums over all rows, for each vector of columns the sums of `terms`. `advance` is called after each row: it moves the
 * addresses on.
 */
function sumRows<V>(
  f: FunctionBuilder,
  rows: I32,
  vectors: readonly V[],
  terms: (vector: V, index: number, sums: readonly Vector[]) => void,
  count: number,
  advance: () => void,
): Vector[][] {
  const make = () => vectors.map(() => Array.from({ length: count }, () => f.v128(f32x4_splat(0))));
  const totals = make();
  const sums = make();
  const block = f.i32();
  const row = f.i32();
  f.for(block, 0, rows, BLOCK_ROWS, () => {
    for (const group of sums) for (const sum of group) f.set(sum, f32x4_splat(0));
    f.for(row, 0, i32_min(f.i32(i32_sub(rows, block)), f.i32(BLOCK_ROWS)), 1, () => {
      for (const [i, vector] of vectors.entries()) terms(vector, i, sums[i]!);
      advance();
    });
    for (const [i, group] of totals.entries()) {
      for (const [t, total] of group.entries()) f.set(total, f32x4_add(total, sums[i]![t]!));
    }
  });
  return totals;
}

const columnSumsTask = task(
  'columnSums',
  { out: 'i32', x: 'i32', rows: 'i32', width: 'i32', accumulate: 'i32' },
  (f, { out, x, rows, width, accumulate }, chunk) => {
    const start = f.i32(x);
    forColumns(f, chunk, width, (vectors) => {
      f.set(x, start);
      const totals = sumRows(
        f,
        rows,
        vectors,
        (lanes, _, [sum]) => f.set(sum!, f32x4_add(sum!, lanes.load(x))),
        1,
        () => f.increase(x, i32_shl(width, 2)),
      );
      accumulating(f, accumulate, (put) => {
        for (const [i, lanes] of vectors.entries()) put(lanes, out, totals[i]![0]!);
      });
    });
  },
);

const columnStatisticsTask = task(
  'columnStatistics',
  { mean: 'i32', rstd: 'i32', x: 'i32', rows: 'i32', width: 'i32', epsilon: 'f32' },
  (f, { mean, rstd, x, rows, width, epsilon }, chunk) => {
    const start = f.i32(x);
    const advance = () => f.increase(x, i32_shl(width, 2));
    const count = f.v128(f32x4_splat(f32_convert_i32_u(rows)));
    forColumns(f, chunk, width, (vectors) => {
      f.set(x, start);
      const add = (lanes: Lanes, _: number, [sum]: readonly Vector[]) => f.set(sum!, f32x4_add(sum!, lanes.load(x)));
      const means = sumRows(f, rows, vectors, add, 1, advance).map(([sum]) => f.v128(f32x4_div(sum!, count)));
      f.set(x, start);
      const addSquare = (lanes: Lanes, i: number, [sum]: readonly Vector[]) => {
        const centred = f.v128(f32x4_sub(lanes.load(x), means[i]!));
        f.set(sum!, f.madd(centred, centred, sum!));
      };
      const squares = sumRows(f, rows, vectors, addSquare, 1, advance);
      vectors.forEach((lanes, i) => {
        lanes.store(mean, means[i]!);
        const variance = f32x4_add(f32x4_div(squares[i]![0]!, count), f32x4_splat(epsilon));
        lanes.store(rstd, f32x4_div(f32x4_splat(1), f32x4_sqrt(variance)));
      });
    });
  },
);

/**
 * Gradients of a norm's weight and bias. Layer norm has one mean and rstd a row, batch norm one a column: that is all
 * that differs.
 */
function normParameters(name: string, statistics: 'row' | 'column') {
  return task(
    name,
    {
      dweight: 'i32',
      dbias: 'i32',
      dout: 'i32',
      x: 'i32',
      mean: 'i32',
      rstd: 'i32',
      rows: 'i32',
      width: 'i32',
      accumulate: 'i32',
    },
    (f, { dweight, dbias, dout, x, mean, rstd, rows, width, accumulate }, chunk) => {
      const starts = [dout, x, mean, rstd].map((array) => [array, f.i32(array)] as const);
      forColumns(f, chunk, width, (vectors) => {
        for (const [array, start] of starts) f.set(array, start);
        const perColumn =
          statistics === 'column' ? vectors.map((lanes) => [f.v128(lanes.load(mean)), f.v128(lanes.load(rstd))]) : [];
        const m = f.v128();
        const r = f.v128();
        const terms = (lanes: Lanes, i: number, [weightSum, biasSum]: readonly Vector[]) => {
          if (statistics === 'row' && i === 0) {
            f.set(m, v128_load32_splat(mean));
            f.set(r, v128_load32_splat(rstd));
          }
          const [centre, factor] = statistics === 'row' ? [m, r] : [perColumn[i]![0]!, perColumn[i]![1]!];
          const d = f.v128(lanes.load(dout));
          const normalized = f32x4_mul(f32x4_sub(lanes.load(x), centre), factor);
          f.set(weightSum!, f.madd(d, normalized, weightSum!));
          f.set(biasSum!, f32x4_add(biasSum!, d));
        };
        const totals = sumRows(f, rows, vectors, terms, 2, () => {
          f.increase(dout, i32_shl(width, 2));
          f.increase(x, i32_shl(width, 2));
          if (statistics === 'row') {
            f.increase(mean, 4);
            f.increase(rstd, 4);
          }
        });
        accumulating(f, accumulate, (put) => {
          vectors.forEach((lanes, i) => {
            put(lanes, dweight, totals[i]![0]!);
            put(lanes, dbias, totals[i]![1]!);
          });
        });
      });
    },
  );
}

const layerNormParametersTask = normParameters('layerNormBackwardParameters', 'row');
const batchNormParametersTask = normParameters('batchNormBackwardParameters', 'column');

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

export const COLUMN_TASKS = [
  columnSumsTask,
  columnStatisticsTask,
  layerNormParametersTask,
  batchNormParametersTask,
  addBiasTask,
  normalizeColumnsTask,
  batchNormBackwardTask,
] as unknown as readonly Task[];

type ColumnKernels = Pick<
  Kernels,
  | 'addBias'
  | 'columnSums'
  | 'columnStatistics'
  | 'normalizeColumns'
  | 'batchNormBackward'
  | 'batchNormBackwardParameters'
  | 'layerNormBackwardParameters'
>;

export function columnKernels(runner: Runner): ColumnKernels {
  const at = (array: FloatArray) => runner.address(array);
  const columnChunks = (width: number) => Math.ceil(width / COLUMNS);
  return {
    addBias(out, x, bias, rows, width) {
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      runner.run(addBiasTask, { out: at(out), x: at(x), bias: at(bias), rows, width, size }, chunks);
    },
    columnSums(out, x, rows, width, accumulate) {
      const args = { out: at(out), x: at(x), rows, width, accumulate: Number(accumulate) };
      runner.run(columnSumsTask, args, columnChunks(width));
    },
    columnStatistics(mean, rstd, x, rows, width, epsilon) {
      const args = { mean: at(mean), rstd: at(rstd), x: at(x), rows, width, epsilon };
      runner.run(columnStatisticsTask, args, columnChunks(width));
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
    batchNormBackwardParameters(dweight, dbias, dout, x, mean, rstd, rows, width, accumulate) {
      const arrays = {
        dweight: at(dweight),
        dbias: at(dbias),
        dout: at(dout),
        x: at(x),
        mean: at(mean),
        rstd: at(rstd),
      };
      const args = { ...arrays, rows, width, accumulate: Number(accumulate) };
      runner.run(batchNormParametersTask, args, columnChunks(width));
    },
    layerNormBackwardParameters(dweight, dbias, dout, x, mean, rstd, rows, width, accumulate) {
      const arrays = {
        dweight: at(dweight),
        dbias: at(dbias),
        dout: at(dout),
        x: at(x),
        mean: at(mean),
        rstd: at(rstd),
      };
      const args = { ...arrays, rows, width, accumulate: Number(accumulate) };
      runner.run(layerNormParametersTask, args, columnChunks(width));
    },
  };
}
