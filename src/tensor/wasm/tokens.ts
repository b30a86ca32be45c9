/** @file Kernels that follow token ids and positions: embedding and rotary position embedding. And the sum of squares. Appendix A. */

import { ShapeError } from '../errors.ts';
import type { Kernels } from '../kernels.ts';
import { positionsOf, rotaryTables } from '../rotary-table.ts';
import { type Local, type Task, task } from './assembler.ts';
import {
  f32_store,
  f32x4_add,
  f32x4_mul,
  f32x4_splat,
  i32_add,
  i32_and,
  i32_load,
  i32_mul,
  i32_shl,
  i32_sub,
  i32x4_shuffle,
  v128_load,
} from './instructions.ts';
import { LIGHT_CHUNK, type Runner, rowChunks } from './runner.ts';
import { accumulating, forVectors, i32_min, type Lanes, type Put, share, sumOfLanes } from './vectors.ts';

const embeddingTask = task(
  'embedding',
  { out: 'i32', table: 'i32', ids: 'i32', rows: 'i32', width: 'i32', size: 'i32' },
  (f, { out, table, ids, rows, width, size }, chunk) => {
    const { first, count } = share(f, chunk, size, rows);
    const bytes = f.i32(i32_shl(width, 2));
    f.increase(out, i32_mul(first, bytes));
    f.increase(ids, i32_shl(first, 2));
    const row = f.i32();
    const from = f.i32();
    f.for(row, 0, count, 1, () => {
      f.set(from, i32_add(table, i32_mul(i32_load(ids), bytes)));
      forVectors(f, bytes, (lanes) => lanes.store(out, lanes.load(from)));
      f.increase(out, bytes);
      f.increase(ids, 4);
    });
  },
);

/** A chunk is 16 columns of the table: each sum is made by one thread, in order of the rows. */
const EMBEDDING_COLUMNS = 16;

const embeddingBackwardTask = task(
  'embeddingBackward',
  { dtable: 'i32', dout: 'i32', ids: 'i32', rows: 'i32', width: 'i32', vocabulary: 'i32', accumulate: 'i32' },
  (f, { dtable, dout, ids, rows, width, vocabulary, accumulate }, chunk) => {
    const stride = f.i32(i32_shl(width, 2));
    const left = f.i32(i32_sub(width, i32_mul(chunk, EMBEDDING_COLUMNS)));
    const bytes = f.i32(i32_shl(i32_min(left, f.i32(EMBEDDING_COLUMNS)), 2));
    f.increase(dtable, i32_mul(chunk, 4 * EMBEDDING_COLUMNS));
    f.increase(dout, i32_mul(chunk, 4 * EMBEDDING_COLUMNS));
    const row = f.i32();
    const to = f.i32();
    f.if(i32_sub(1, accumulate), () => {
      f.set(to, dtable);
      f.for(row, 0, vocabulary, 1, () => {
        forVectors(f, bytes, (lanes) => lanes.store(to, f32x4_splat(0)));
        f.increase(to, stride);
      });
    });
    f.for(row, 0, rows, 1, () => {
      f.set(to, i32_add(dtable, i32_mul(i32_load(ids), stride)));
      forVectors(f, bytes, (lanes) => lanes.store(to, f32x4_add(lanes.load(to), lanes.load(dout))));
      f.increase(dout, stride);
      f.increase(ids, 4);
    });
  },
);

/**
 * With the tables of `rotaryTables` four numbers, two pairs, turn at once: (x0, x1, ...) c + (x1, x0, ...) s. A row is as
 * wide as the heads of a group, so that one loop runs through them all; as one head where the size of a head is odd, since
 * two numbers of different heads are no pair.
 */
const rotaryTask = task(
  'rotary',
  {
    out: 'i32',
    qkv: 'i32',
    positions: 'i32',
    cosines: 'i32',
    sines: 'i32',
    tokens: 'i32',
    stretch: 'i32',
    stretches: 'i32',
    groups: 'i32',
    size: 'i32',
    accumulate: 'i32',
  },
  (f, args, chunk) => {
    const { out, qkv, positions, cosines, sines, tokens, stretches, groups, size } = args;
    const { first, count } = share(f, chunk, size, tokens);
    const bytes = f.i32(i32_shl(args.stretch, 2));
    const width = f.i32(i32_mul(i32_mul(i32_mul(bytes, stretches), groups), 3));
    f.increase(out, i32_mul(first, width));
    f.increase(qkv, i32_mul(first, width));
    f.increase(positions, i32_shl(first, 2));
    const token = f.i32();
    const group = f.i32();
    const stretch = f.i32();
    const cosine = f.i32();
    const sine = f.i32();
    accumulating(f, args.accumulate, (put: Put) => {
      const copy = (lanes: Lanes) => put(lanes, out, lanes.load(qkv));
      const turn = (lanes: Lanes) => {
        const x = f.v128(lanes.load(qkv));
        const swapped = i32x4_shuffle(x, x, [1, 0, 3, 2]);
        put(lanes, out, f.madd(swapped, lanes.load(sine), f32x4_mul(x, lanes.load(cosine))));
      };
      f.for(token, 0, count, 1, () => {
        f.set(cosine, i32_add(cosines, i32_mul(i32_load(positions), bytes)));
        f.set(sine, i32_add(sines, i32_mul(i32_load(positions), bytes)));
        f.for(group, 0, groups, 1, () => {
          // A group is queries, values, keys.
          for (const body of [turn, copy, turn]) {
            f.for(stretch, 0, stretches, 1, () => {
              forVectors(f, bytes, body, 4);
              f.increase(out, bytes);
              f.increase(qkv, bytes);
            });
          }
        });
        f.increase(positions, 4);
      });
    });
  },
);

/** Elements whose squares one chunk sums; the sums are added in double precision, in order. */
const SQUARES_CHUNK = 8192;

const sumOfSquaresTask = task(
  'sumOfSquares',
  { sums: 'i32', x: 'i32', length: 'i32' },
  (f, { sums, x, length }, chunk) => {
    const { first, count } = share(f, chunk, f.i32(SQUARES_CHUNK), length);
    f.increase(x, i32_shl(first, 2));
    const total = [0, 1, 2, 3].map(() => f.v128(f32x4_splat(0)));
    const i = f.i32();
    const whole = f.i32(i32_and(count, -16));
    f.for(i, 0, whole, 16, () => {
      total.forEach((sum, part) => {
        const value = f.v128(v128_load(x, 16 * part));
        f.set(sum, f.madd(value, value, sum));
      });
      f.increase(x, 64);
    });
    forVectors(f, i32_shl(i32_sub(count, whole), 2), (lanes) => {
      const value = f.v128(lanes.load(x));
      f.set(total[0]!, f.madd(value, value, total[0]!));
    });
    const [a, b, c, d] = total as [Local<'v128'>, Local<'v128'>, Local<'v128'>, Local<'v128'>];
    const sum = sumOfLanes(f, f32x4_add(f32x4_add(a, b), f32x4_add(c, d)));
    f.do(f32_store(i32_add(sums, i32_shl(chunk, 2)), sum));
  },
);

export const TOKEN_TASKS = [
  embeddingTask,
  embeddingBackwardTask,
  rotaryTask,
  sumOfSquaresTask,
] as unknown as readonly Task[];

type TokenKernels = Pick<Kernels, 'embedding' | 'embeddingBackward' | 'rotary' | 'sumOfSquares'>;

export function tokenKernels(runner: Runner): TokenKernels {
  return {
    embedding(out, table, ids, rows, width) {
      checkIds('embedding', ids, rows, table.length / width);
      const { size, chunks } = rowChunks(rows, width, LIGHT_CHUNK);
      const arrays = { out: runner.address(out), table: runner.address(table), ids: runner.address(ids) };
      runner.run(embeddingTask, { ...arrays, rows, width, size }, chunks);
    },
    embeddingBackward(dtable, dout, ids, rows, width, vocabulary, accumulate) {
      checkIds('embeddingBackward', ids, rows, vocabulary);
      const arrays = { dtable: runner.address(dtable), dout: runner.address(dout), ids: runner.address(ids) };
      const sizes = { rows, width, vocabulary, accumulate: Number(accumulate) };
      runner.run(embeddingBackwardTask, { ...arrays, ...sizes }, Math.ceil(width / EMBEDDING_COLUMNS));
    },
    rotary(out, qkv, positions, tokens, layout, rotaryDim, inverse, accumulate) {
      const { heads, headSize, groups } = layout;
      const { size, chunks } = rowChunks(tokens, 3 * heads * headSize, LIGHT_CHUNK);
      const [stretch, stretches] = headSize % 2 === 0 ? [(heads / groups) * headSize, 1] : [headSize, heads / groups];
      withTables(runner, { positions, tokens, stretch, headSize, rotaryDim, inverse }, (cosines, sines) => {
        const arrays = { out: runner.address(out), qkv: runner.address(qkv), positions: runner.address(positions) };
        const sizes = { tokens, stretch, stretches, groups, size };
        runner.run(rotaryTask, { ...arrays, cosines, sines, ...sizes, accumulate: Number(accumulate) }, chunks);
      });
    },
    sumOfSquares(x) {
      const chunks = Math.ceil(x.length / SQUARES_CHUNK);
      let total = 0;
      runner.temporary(4 * chunks, (sums) => {
        runner.run(sumOfSquaresTask, { sums, x: runner.address(x), length: x.length }, chunks);
        for (const sum of runner.floats(sums, chunks)) total += sum;
      });
      return total;
    },
  };
}

/** An id outside of the table would read or write anywhere in the memory. */
function checkIds(kernel: string, ids: Int32Array, rows: number, vocabulary: number): void {
  for (let row = 0; row < rows; row++) {
    const id = ids[row]!;
    if (!(id >= 0 && id < vocabulary))
      throw new ShapeError(`${kernel}: id ${id} in row ${row}, the table has ${vocabulary} rows`);
  }
}

interface Turn {
  readonly positions: Int32Array;
  readonly tokens: number;
  /** Width of the tables, a multiple of `headSize`. */
  readonly stretch: number;
  readonly headSize: number;
  readonly rotaryDim: number;
  readonly inverse: boolean;
}

function withTables(runner: Runner, turn: Turn, body: (cosines: number, sines: number) => void): void {
  const count = positionsOf(turn.positions, turn.tokens);
  const length = count * turn.stretch;
  const { cosines, sines, back } = rotaryTables(turn, count);
  const bytes = Math.ceil((4 * length) / 64) * 64;
  runner.temporary(2 * bytes, (address) => {
    runner.floats(address, length).set(cosines.subarray(0, length));
    runner.floats(address + bytes, length).set((turn.inverse ? back : sines).subarray(0, length));
    body(address, address + bytes);
  });
}
