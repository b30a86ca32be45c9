/**
 * @file Matrix product: packed panels, register tiles, split over threads by output elements. Appendix A.
 *
 * After Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). What the fast kernel adds to the
 * plain loops: (1) a tile of 6 x 8 elements of C stays in registers while the innermost loop runs along k: 2 vectors of B
 * and 6 splats of A feed 12 multiply-adds; (2) B is copied into panels that the loop reads in order; A is read where it
 * lies, and only a transposed A, whose rows run across memory, is packed too; (3) blocks that fit the caches; (4) blocks of
 * C are shared out to the threads.
 *
 * The sum over k is cut every BLOCK_K elements, whatever the sizes; each part is summed in order and the parts are added
 * in order. So an element's bits depend on neither tile nor thread.
 */
import { ShapeError } from '../errors.ts';
import type { Kernels, MatmulOptions } from '../kernels.ts';
import { routine, type Task, task } from './assembler.ts';
import { i32_add, i32_div_u, i32_mul, i32_ne, i32_or, i32_rem_u, i32_shl, i32_sub, select } from './instructions.ts';
import { packLines8, packLines24, packTransposed } from './panels.ts';
import type { Runner } from './runner.ts';
import { EDGE_BYTES, multiplyColumns, multiplyRows, TILE_COLUMNS, TILE_ROWS } from './tile.ts';
import { forVectors, i32_min } from './vectors.ts';

/** A panel of B, BLOCK_K x 8, fits the first-level cache; a block of A or B the second-level cache. */
const BLOCK_K = 256;
const BLOCK_ROWS = 264;
const BLOCK_COLUMNS = 256;
/** Of a transposed A: four tiles. */
const PANEL_A_WIDTH = 24;
const PANEL_A_BYTES = BLOCK_ROWS * BLOCK_K * 4;
const PANEL_B_BYTES = BLOCK_COLUMNS * BLOCK_K * 4;
export const MATMUL_SCRATCH_BYTES = PANEL_A_BYTES + PANEL_B_BYTES + EDGE_BYTES;

/** Every row of C, `stride` bytes apart, becomes `bias`; the products are added to it. */
const fillRows = routine(
  'fillRows',
  ['i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, c, stride, bias, rows, columns) => {
    const row = f.i32();
    f.for(row, 0, rows, 1, () => {
      forVectors(f, i32_shl(columns, 2), (lanes) => lanes.store(c, lanes.load(bias)));
      f.increase(c, stride);
    });
  },
);

/** One block of C. Strides and offsets in bytes; a, b, c of matrix 0 of the batch. */
export const matmulTask = task(
  'matmul',
  {
    c: 'i32',
    a: 'i32',
    b: 'i32',
    bias: 'i32',
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
    const panelsB = f.i32(i32_add(scratch, PANEL_A_BYTES));
    const edge = f.i32(i32_add(panelsB, PANEL_B_BYTES));
    const begin = f.i32();
    const group = f.i32();
    const panelA = f.i32();
    const target = f.i32();
    const part = f.i32();
    f.if(args.bias, () => f.run(fillRows, c, i32_shl(n, 2), i32_add(args.bias, i32_shl(column, 2)), rows, columns));
    f.for(begin, 0, k, BLOCK_K, () => {
      f.set(part, i32_min(f.i32(i32_sub(k, begin)), f.i32(BLOCK_K)));
      f.if(
        transposeB,
        () => f.run(packTransposed, panelsB, b, rowStrideB, columns, part),
        () => f.run(packLines8, panelsB, b, rowStrideB, columns, part),
      );
      const add = f.i32(i32_or(i32_or(accumulate, i32_ne(begin, 0)), i32_ne(args.bias, 0)));
      const strideC = f.i32(i32_shl(n, 2));
      const panelStride = f.i32(i32_shl(part, 5));
      f.if(
        transposeA,
        () => {
          f.run(packLines24, scratch, a, rowStrideA, rows, part);
          f.set(panelA, scratch);
          f.set(target, c);
          f.for(group, 0, rows, PANEL_A_WIDTH, () => {
            const left = f.i32(i32_min(f.i32(i32_sub(rows, group)), f.i32(PANEL_A_WIDTH)));
            f.run(
              multiplyColumns,
              target,
              strideC,
              panelA,
              4 * PANEL_A_WIDTH,
              panelsB,
              panelStride,
              left,
              columns,
              part,
              add,
              edge,
            );
            f.increase(panelA, i32_mul(part, 4 * PANEL_A_WIDTH));
            f.increase(target, i32_mul(strideC, PANEL_A_WIDTH));
          });
        },
        () => f.run(multiplyRows, c, strideC, a, rowStrideA, panelsB, panelStride, rows, columns, part, add, edge),
      );
      f.set(a, i32_add(a, i32_mul(stepA, BLOCK_K)));
      f.set(b, i32_add(b, i32_mul(stepB, BLOCK_K)));
    });
  },
);

/** Below this many multiply-adds a product is not split: handing over would cost more. */
const SPLIT_WORK = 40_000;

/** Height and width of the blocks of C that the threads take: whole tiles, and all blocks as equal as they can be. */
function blocks(options: MatmulOptions, threads: number): { rows: number; columns: number } {
  const { m, n, k, transposeA = false, batch = 1 } = options;
  // Rows of A that are read where they lie should stay in the second-level cache; packed, there is room for BLOCK_ROWS.
  const most = transposeA ? BLOCK_ROWS : Math.max(BLOCK_ROWS, Math.floor(PANEL_A_BYTES / (4 * k)));
  let down = Math.ceil(m / roundUp(most, TILE_ROWS));
  let across = Math.ceil(n / BLOCK_COLUMNS);
  const rows = () => roundUp(m / down, TILE_ROWS);
  const columns = () => roundUp(n / across, TILE_COLUMNS);
  // Several blocks a thread let the quick ones take more. But what is packed is packed again for each block, so where both
  // operands are, each thread has one.
  const wanted = threads === 1 ? 1 : (transposeA ? 1 : 6) * threads;
  const enough = Math.min(wanted, Math.ceil((m * n * k * batch) / SPLIT_WORK));
  while (down * across * batch < enough && (rows() > TILE_ROWS || columns() > TILE_COLUMNS)) {
    if (rows() >= columns()) down++;
    else across++;
  }
  return { rows: rows(), columns: columns() };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

export function matmulKernels(runner: Runner): Pick<Kernels, 'matmul'> {
  return {
    matmul(c, a, b, options: MatmulOptions) {
      const { m, n, k, transposeA = false, transposeB = false, accumulate = false, bias, batch = 1 } = options;
      const { strideA = m * k, strideB = k * n, strideC = m * n } = options;
      const fits = (length: number, stride: number, size: number) => length >= (batch - 1) * stride + size;
      if (
        batch > 0 &&
        !(fits(c.length, strideC, m * n) && fits(a.length, strideA, m * k) && fits(b.length, strideB, k * n))
      ) {
        throw new ShapeError(
          `matmul: ${batch} products [${m}, ${k}] x [${k}, ${n}] do not fit arrays of ${a.length}, ${b.length} and ${c.length} elements`,
        );
      }
      if (bias && (accumulate || bias.length !== n)) {
        throw new ShapeError(`matmul: a bias of ${bias.length} for ${n} columns${accumulate ? ', accumulating' : ''}`);
      }
      if (m === 0 || n === 0 || batch === 0) return;
      if (k === 0) {
        for (let row = 0; row < batch * m && !accumulate; row++) {
          const start = Math.floor(row / m) * strideC + (row % m) * n;
          if (bias) c.set(bias, start);
          else c.fill(0, start, start + n);
        }
        return;
      }
      const { rows, columns } = blocks(options, runner.threads);
      const blocksDown = Math.ceil(m / rows);
      const blocksAcross = Math.ceil(n / columns);
      runner.run(
        matmulTask,
        {
          c: runner.address(c),
          a: runner.address(a),
          b: runner.address(b),
          bias: bias ? runner.address(bias) : 0,
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
