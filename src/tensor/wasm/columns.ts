/**
 * @file Sums over the rows of a matrix: gradients of biases, batch norm's statistics. Appendix A.
 *
 * A chunk is 16 columns, one cache line wide, all rows: nothing is summed across threads. Rows are summed in blocks of
 * BLOCK_ROWS, and the blocks' sums in order, which keeps the rounding error small.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import {
  f32_convert_i32_u,
  f32x4_add,
  f32x4_div,
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
  v128_load,
  v128_store,
} from './instructions.ts';
import type { Runner } from './runner.ts';
import { accumulating, i32_min, type Lanes, loadPart, storePart } from './vectors.ts';

const COLUMNS = 16;
const BLOCK_ROWS = 64;

export type Vector = Local<'v128'>;

/** Chunks of a matrix of that width. */
export function columnChunks(width: number): number {
  return Math.ceil(width / COLUMNS);
}

/**
 * Runs `body` for a chunk's columns: four vectors at once where 16 columns are left, otherwise vector by vector, the last
 * with only some of its lanes.
 */
export function forColumns(
  f: FunctionBuilder,
  chunk: I32,
  width: I32,
  body: (vectors: readonly Lanes[]) => void,
): void {
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
export function sumRows<V>(
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

export const COLUMN_TASKS = [columnSumsTask, columnStatisticsTask] as unknown as readonly Task[];

type ColumnKernels = Pick<Kernels, 'columnSums' | 'columnStatistics'>;

export function columnKernels(runner: Runner): ColumnKernels {
  const at = (array: FloatArray) => runner.address(array);
  return {
    columnSums(out, x, rows, width, accumulate) {
      const args = { out: at(out), x: at(x), rows, width, accumulate: Number(accumulate) };
      runner.run(columnSumsTask, args, columnChunks(width));
    },
    columnStatistics(mean, rstd, x, rows, width, epsilon) {
      const args = { mean: at(mean), rstd: at(rstd), x: at(x), rows, width, epsilon };
      runner.run(columnStatisticsTask, args, columnChunks(width));
    },
  };
}
