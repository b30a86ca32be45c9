/**
 * @file Matrix product: packed panels, register tiles, split over threads by output elements. Chapter 4.
 *
 * After Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). What the fast kernel adds to the
 * plain loops: (1) a block of C is computed from panels that are copied so that the innermost loop reads both operands
 * in order; (2) the innermost loop keeps a tile of 4 x 8 elements of C in registers: 2 vectors of B and 4 splats of A feed 8
 * multiply-adds; (3) blocks of C are shared among the threads.
 *
 * The sum over k is cut every BLOCK_K elements, whatever the sizes; each part is summed in order and the parts are added
 * in order. So an element's bits depend on neither tile nor thread.
 */
import type { Kernels, MatmulOptions } from '../kernels.ts';
import { ShapeError } from '../errors.ts';
import { type Local, routine, type Task, task } from './assembler.ts';
import {
  f32_add,
  f32_load,
  f32_store,
  f32x4_add,
  f32x4_splat,
  i32_add,
  i32_and,
  i32_div_u,
  i32_ge_s,
  i32_lt_s,
  i32_mul,
  i32_ne,
  i32_or,
  i32_rem_u,
  i32_shl,
  i32_shr_u,
  i32_sub,
  select,
  v128_load,
  v128_load32_splat,
  v128_store,
  f32,
} from './instructions.ts';
import type { Runner } from './runner.ts';
import { i32_min, loadPart, transpose4 } from './vectors.ts';

const TILE_ROWS = 4;
const TILE_COLUMNS = 8;
const BLOCK_K = 256;
const BLOCK_ROWS = 256;
const BLOCK_COLUMNS = 256;
const PANEL_A_BYTES = BLOCK_ROWS * BLOCK_K * 4;
const PANEL_B_BYTES = BLOCK_COLUMNS * BLOCK_K * 4;
/** A tile that hangs over the edge of C is computed here first. */
const EDGE_BYTES = TILE_ROWS * TILE_COLUMNS * 4;
export const MATMUL_SCRATCH_BYTES = PANEL_A_BYTES + PANEL_B_BYTES + EDGE_BYTES;

/**
 * Copies four rows of `k` floats into a panel, k-major: element [row][i] goes to to + i step + 4 row. Rows from `rows` on
 * (0 to 4 of them are there) become zeros.
 */
const packRows = routine('packRows', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], undefined, (f, to, step, from, stride, rows, k) => {
  const i = f.i32();
  f.set(i, 0);
  const full = i32_ge_s(rows, 4);
  f.if(full, () => {
    const pointers = [f.i32(from), f.i32(i32_add(from, stride)), f.i32(), f.i32()] as const;
    f.set(pointers[2], i32_add(pointers[1], stride));
    f.set(pointers[3], i32_add(pointers[2], stride));
    const rowsOf4 = [f.v128(), f.v128(), f.v128(), f.v128()] as const;
    f.for(i, 0, i32_and(k, -4), 4, () => {
      rowsOf4.forEach((row, r) => {
        f.set(row, v128_load(pointers[r]!));
        f.increase(pointers[r]!, 16);
      });
      transpose4(f, rowsOf4);
      for (const row of rowsOf4) {
        f.do(v128_store(to, row));
        f.increase(to, step);
      }
    });
  });
  const row = f.i32();
  f.for(i, i, k, 1, () => {
    for (let r = 0; r < 4; r++) f.do(f32_store(to, 0, 4 * r));
    f.for(row, 0, i32_min(rows, f.i32(4)), 1, () => {
      const value = f32_load(i32_add(from, i32_mul(row, stride), i32_shl(i, 2)));
      f.do(f32_store(i32_add(to, i32_shl(row, 2)), value));
    });
    f.increase(to, step);
  });
});

/** The same for a matrix that is k-major already: k rows of `columns` (0 to 4 used) floats. */
const packColumns = routine('packColumns', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], undefined, (f, to, step, from, stride, columns, k) => {
  const i = f.i32();
  const copy = (load: () => ReturnType<typeof v128_load>) =>
    f.for(i, 0, k, 1, () => {
      f.do(v128_store(to, load()));
      f.increase(to, step);
      f.increase(from, stride);
    });
  f.if(
    i32_ge_s(columns, 4),
    () => copy(() => v128_load(from)),
    () =>
      f.if(
        i32_lt_s(columns, 1),
        () => copy(() => f32x4_splat(0)),
        () => copy(() => f.call(loadPart, from, columns)),
      ),
  );
});

/**
 * Packs `count` rows (k-major: columns) into panels of `4 << wide`: `from` is the first element, `stride` leads to the next
 * row in memory. Ends are filled with zeros.
 */
const pack = routine('pack', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], undefined, (f, to, wide, from, stride, kMajor, count, k) => {
  const i = f.i32();
  const rest = f.i32();
  const target = f.i32();
  const step = f.i32(i32_shl(16, wide));
  // Groups of four: with wide panels two groups lie side by side.
  const groups = f.i32(i32_shl(i32_shr_u(i32_add(count, i32_sub(i32_shl(4, wide), 1)), i32_add(wide, 2)), wide));
  f.for(i, 0, groups, 1, () => {
    f.set(rest, i32_sub(count, i32_shl(i, 2)));
    f.set(target, i32_add(to, i32_mul(i32_mul(i32_shr_u(i, wide), step), k), i32_shl(i32_and(i, wide), 4)));
    f.if(
      kMajor,
      () => f.run(packColumns, target, step, i32_add(from, i32_shl(i, 4)), stride, rest, k),
      () => f.run(packRows, target, step, i32_add(from, i32_mul(i32_shl(i, 2), stride)), stride, rest, k),
    );
  });
});

/** C (rows x columns) = or += panels of A times panels of B, the innermost three loops. */
const multiplyPanels = routine(
  'multiplyPanels',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, c, strideC, panelsA, panelsB, rows, columns, k, add, edge) => {
    const row = f.i32();
    const column = f.i32();
    const a = f.i32();
    const b = f.i32();
    const end = f.i32();
    const target = f.i32();
    const left = f.v128();
    const right = f.v128();
    const splat = f.v128();
    const tile: Local<'v128'>[] = Array.from({ length: 8 }, () => f.v128());
    f.for(column, 0, columns, TILE_COLUMNS, () => {
      f.for(row, 0, rows, TILE_ROWS, () => {
        f.set(a, i32_add(panelsA, i32_mul(row, i32_shl(k, 2))));
        f.set(b, i32_add(panelsB, i32_mul(column, i32_shl(k, 2))));
        f.set(end, i32_add(b, i32_shl(k, 5)));
        for (const sum of tile) f.set(sum, f32x4_splat(0));
        f.doWhile(i32_ne(b, end), () => {
          f.set(left, v128_load(b, 0));
          f.set(right, v128_load(b, 16));
          for (let r = 0; r < TILE_ROWS; r++) {
            f.set(splat, v128_load32_splat(a, 4 * r));
            f.set(tile[2 * r]!, f.madd(splat, left, tile[2 * r]!));
            f.set(tile[2 * r + 1]!, f.madd(splat, right, tile[2 * r + 1]!));
          }
          f.increase(a, 4 * TILE_ROWS);
          f.increase(b, 4 * TILE_COLUMNS);
        });
        f.set(target, i32_add(c, i32_mul(row, strideC), i32_shl(column, 2)));
        const whole = i32_and(
          i32_ge_s(i32_sub(rows, row), TILE_ROWS),
          i32_ge_s(i32_sub(columns, column), TILE_COLUMNS),
        );
        f.if(
          whole,
          () => {
            f.if(
              add,
              () => {
                for (let r = 0; r < TILE_ROWS; r++) {
                  f.do(v128_store(target, f32x4_add(v128_load(target), tile[2 * r]!)));
                  f.do(v128_store(target, f32x4_add(v128_load(target, 16), tile[2 * r + 1]!), 16));
                  f.increase(target, strideC);
                }
              },
              () => {
                for (let r = 0; r < TILE_ROWS; r++) {
                  f.do(v128_store(target, tile[2 * r]!));
                  f.do(v128_store(target, tile[2 * r + 1]!, 16));
                  f.increase(target, strideC);
                }
              },
            );
          },
          () => {
            tile.forEach((sum, i) => f.do(v128_store(edge, sum, 16 * i)));
            f.run(copyEdge, target, strideC, edge, i32_sub(rows, row), i32_sub(columns, column), add);
          },
        );
      });
    });
  },
);

/** The part of a tile (in `edge`) that C has room for. */
const copyEdge = routine('copyEdge', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], undefined, (f, c, strideC, edge, rows, columns, add) => {
  const row = f.i32();
  const column = f.i32();
  const to = f.i32();
  f.for(row, 0, i32_min(rows, f.i32(TILE_ROWS)), 1, () => {
    f.for(column, 0, i32_min(columns, f.i32(TILE_COLUMNS)), 1, () => {
      f.set(to, i32_add(c, i32_shl(column, 2)));
      const value = f32_load(i32_add(edge, i32_shl(row, 5), i32_shl(column, 2)));
      f.do(f32_store(to, f32_add(value, select(add, f32_load(to), f32(0)))));
    });
    f.increase(c, strideC);
  });
});

/** One block of C. Strides and offsets in bytes; a, b, c of matrix 0 of the batch. */
export const matmulTask = task(
  'matmul',
  {
    c: 'i32',
    a: 'i32',
    b: 'i32',
    m: 'i32',
    n: 'i32',
    k: 'i32',
    rowStrideA: 'i32',
    rowStrideB: 'i32',
    transposeA: 'i32',
    transposeB: 'i32',
    accumulate: 'i32',
    blockRows: 'i32',
    blockColumns: 'i32',
    blocksDown: 'i32',
    blocksAcross: 'i32',
    strideA: 'i32',
    strideB: 'i32',
    strideC: 'i32',
  },
  (f, args, chunk, scratch) => {
    const { m, n, k, rowStrideA, rowStrideB, transposeA, transposeB, accumulate, blockRows, blockColumns } = args;
    const across = f.i32(i32_rem_u(chunk, args.blocksAcross));
    const rest = f.i32(i32_div_u(chunk, args.blocksAcross));
    const down = f.i32(i32_rem_u(rest, args.blocksDown));
    const matrix = f.i32(i32_div_u(rest, args.blocksDown));
    const row = f.i32(i32_mul(down, blockRows));
    const column = f.i32(i32_mul(across, blockColumns));
    const rows = f.i32(i32_min(f.i32(i32_sub(m, row)), blockRows));
    const columns = f.i32(i32_min(f.i32(i32_sub(n, column)), blockColumns));
    const c = f.i32(i32_add(args.c, i32_mul(matrix, args.strideC), i32_shl(i32_add(i32_mul(row, n), column), 2)));
    const a = f.i32(i32_add(args.a, i32_mul(matrix, args.strideA)));
    const b = f.i32(i32_add(args.b, i32_mul(matrix, args.strideB)));
    // First element of the block's rows of A and columns of B, and how far one step along k leads.
    f.set(a, i32_add(a, i32_mul(row, select(transposeA, f.i32(4), rowStrideA))));
    f.set(b, i32_add(b, i32_mul(column, select(transposeB, rowStrideB, f.i32(4)))));
    const stepA = f.i32(select(transposeA, rowStrideA, f.i32(4)));
    const stepB = f.i32(select(transposeB, f.i32(4), rowStrideB));
    const kMajorB = f.i32(i32_sub(1, transposeB));
    const panelsB = f.i32(i32_add(scratch, PANEL_A_BYTES));
    const edge = f.i32(i32_add(panelsB, PANEL_B_BYTES));
    const begin = f.i32();
    const part = f.i32();
    f.for(begin, 0, k, BLOCK_K, () => {
      f.set(part, i32_min(f.i32(i32_sub(k, begin)), f.i32(BLOCK_K)));
      f.run(pack, scratch, 0, a, rowStrideA, transposeA, rows, part);
      f.run(pack, panelsB, 1, b, rowStrideB, kMajorB, columns, part);
      const add = i32_or(accumulate, i32_ne(begin, 0));
      f.run(multiplyPanels, c, i32_shl(n, 2), scratch, panelsB, rows, columns, part, add, edge);
      f.set(a, i32_add(a, i32_shl(stepA, 8)));
      f.set(b, i32_add(b, i32_shl(stepB, 8)));
    });
  },
);

/** Below this many multiply-adds a product is not split: handing over would cost more. */
const SPLIT_WORK = 40_000;

/** Height and width of the blocks of C that the threads take, whole tiles. */
function blocks(m: number, n: number, k: number, batch: number, threads: number): { rows: number; columns: number } {
  let rows = Math.min(BLOCK_ROWS, roundUp(m, TILE_ROWS));
  let columns = Math.min(BLOCK_COLUMNS, roundUp(n, TILE_COLUMNS));
  const enough = threads === 1 ? 1 : Math.min(4 * threads, Math.ceil((m * n * k * batch) / SPLIT_WORK));
  const count = () => Math.ceil(m / rows) * Math.ceil(n / columns) * batch;
  while (count() < enough && (rows > TILE_ROWS || columns > TILE_COLUMNS)) {
    if (rows >= columns) rows = roundUp(rows / 2, TILE_ROWS);
    else columns = roundUp(columns / 2, TILE_COLUMNS);
  }
  return { rows, columns };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

export function matmulKernels(runner: Runner): Pick<Kernels, 'matmul'> {
  return {
    matmul(c, a, b, options: MatmulOptions) {
      const { m, n, k, transposeA = false, transposeB = false, accumulate = false, batch = 1 } = options;
      const { strideA = m * k, strideB = k * n, strideC = m * n } = options;
      const fits = (length: number, stride: number, size: number) => length >= (batch - 1) * stride + size;
      if (batch > 0 && !(fits(c.length, strideC, m * n) && fits(a.length, strideA, m * k) && fits(b.length, strideB, k * n))) {
        throw new ShapeError(
          `matmul: ${batch} products [${m}, ${k}] x [${k}, ${n}] do not fit arrays of ${a.length}, ${b.length} and ${c.length} elements`,
        );
      }
      if (m === 0 || n === 0 || batch === 0) return;
      if (k === 0) {
        for (let i = 0; i < batch && !accumulate; i++) c.fill(0, i * strideC, i * strideC + m * n);
        return;
      }
      const { rows, columns } = blocks(m, n, k, batch, runner.threads);
      const blocksDown = Math.ceil(m / rows);
      const blocksAcross = Math.ceil(n / columns);
      runner.run(
        matmulTask,
        {
          c: runner.address(c),
          a: runner.address(a),
          b: runner.address(b),
          m,
          n,
          k,
          rowStrideA: 4 * (transposeA ? m : k),
          rowStrideB: 4 * (transposeB ? k : n),
          transposeA: Number(transposeA),
          transposeB: Number(transposeB),
          accumulate: Number(accumulate),
          blockRows: rows,
          blockColumns: columns,
          blocksDown,
          blocksAcross,
          strideA: 4 * strideA,
          strideB: 4 * strideB,
          strideC: 4 * strideC,
        },
        blocksDown * blocksAcross * batch,
        MATMUL_SCRATCH_BYTES,
      );
    },
  };
}

export const MATMUL_TASKS = [matmulTask] as unknown as readonly Task[];
