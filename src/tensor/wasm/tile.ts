/**
 * @file The innermost loop of every matrix product: a tile of 6 x 8 sums in registers, and how it is emptied into C.
 * Appendix A.
 *
 * B comes in panels: 8 columns side by side for each step along k (panels.ts). A is either six rows, read where they
 * lie, or six numbers side by side for each k, from a panel or from any matrix with a row for each k. Where few rows are
 * left, a tile of 4 x 8 wastes less.
 */
import { type FunctionBuilder, type Local, routine } from './assembler.ts';
import {
  f32,
  f32_add,
  f32_load,
  f32_store,
  f32x4_add,
  f32x4_splat,
  type I32,
  i32,
  i32_add,
  i32_and,
  i32_eq,
  i32_ge_s,
  i32_gt_s,
  i32_lt_s,
  i32_mul,
  i32_ne,
  i32_or,
  i32_shl,
  select,
  type V128,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import { i32_min } from './vectors.ts';

/** Rows of the largest tile. */
export const TILE_ROWS = 6;
export const TILE_COLUMNS = 8;
/** Rows of the tile for the last rows of a matrix. */
export const LOW_TILE_ROWS = 4;
/** What {@link storeTile} needs for a tile that hangs over the edge of the matrix. */
export const EDGE_BYTES = TILE_ROWS * TILE_COLUMNS * 4;

/** Row r of a tile is vectors 2 r and 2 r + 1. */
type Tile = readonly Local<'v128'>[];
/** How a product reads A: rows as they lie in memory, or neighbours at each step along k. */
type OperandA = 'rows' | 'columns';

/**
 * One tile, `height` rows of it, of C [rows, columns] = A B, or C += A B with `add`; `b` is a panel. See {@link multiply}.
 *
 * A function of its own, its loop not unrolled, and the multiply-adds behind a condition that always holds (k is at least
 * 1): V8 would otherwise load all of A before it multiplies, or keep something else in registers, and the sums no longer fit.
 */
function tileOf(operandA: OperandA, height: number) {
  return routine(
    `tile_${operandA}_${height}`,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (f, c, strideC, a, strideA, b, rows, columns, k, add, edge) => {
      const tile = Array.from({ length: 2 * height }, () => f.v128());
      const left = f.v128();
      const right = f.v128();
      const splat = f.v128();
      const end = f.i32(i32_add(b, i32_shl(k, 5)));
      // Where fewer rows are left, the last one stands in for the others.
      const pointers = [a];
      for (let r = 1; r < height && operandA === 'rows'; r++) {
        pointers.push(f.i32(i32_add(pointers[r - 1]!, select(i32_gt_s(rows, r), strideA, i32(0)))));
      }
      const readA = (r: number) =>
        operandA === 'rows' ? v128_load32_splat(pointers[r]!) : v128_load32_splat(a, 4 * r);
      // #region tileLoop
      for (const sum of tile) f.set(sum, f32x4_splat(0));
      f.doWhile(i32_ne(b, end), () => {
        f.set(left, v128_load(b, 0));
        f.set(right, v128_load(b, 16));
        f.if(i32_ne(b, end), () => {
          for (let r = 0; r < height; r++) {
            f.set(splat, readA(r));
            f.set(tile[2 * r]!, f.madd(splat, left, tile[2 * r]!));
            f.set(tile[2 * r + 1]!, f.madd(splat, right, tile[2 * r + 1]!));
          }
        });
        for (const pointer of pointers) f.increase(pointer, operandA === 'rows' ? 4 : strideA);
        f.increase(b, 4 * TILE_COLUMNS);
      });
      // #endregion
      storeTile(f, tile, c, strideC, rows, columns, add, edge);
    },
  );
}

/**
 * C [rows, columns] = A B, or C += A B with `add`. B is panels 8 wide, `panelStride` bytes apart. A is `rows`: element (r, i) at
 * a + r strideA + 4 i; or `columns`: at a + 4 r + i strideA. `edge`: EDGE_BYTES of scratch memory. At least one row, column and k.
 * Of `columns`, six numbers are read also where fewer rows are left. `f.tileRows` 4 makes all tiles low; the bits are the same.
 */
function multiply(operandA: OperandA) {
  const tall = tileOf(operandA, TILE_ROWS);
  const low = tileOf(operandA, LOW_TILE_ROWS);
  return routine(
    `multiply_${operandA}`,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (f, c, strideC, a, strideA, panels, panelStride, rows, columns, k, add, edge) => {
      const rowsLeft = f.i32();
      const columnsLeft = f.i32(columns);
      const b = f.i32(panels);
      const [target, source] = [f.i32(), f.i32()];
      const stepA = f.i32(operandA === 'rows' ? strideA : i32(4)); // from one row of A to the next
      /** The tile at the next rows of A and C, and on to the rows behind it. */
      const next = (tile: typeof tall, height: number) => {
        f.run(tile, target, strideC, source, strideA, b, rowsLeft, columnsLeft, k, add, edge);
        f.increase(target, i32_mul(strideC, height));
        f.increase(source, i32_mul(stepA, height));
        f.increase(rowsLeft, -height);
      };
      f.doWhile(i32_gt_s(columnsLeft, 0), () => {
        f.set(target, c);
        f.set(source, a);
        f.set(rowsLeft, rows);
        f.doWhile(i32_gt_s(rowsLeft, 0), () => {
          // 7 or 8 rows are two low tiles.
          const few = i32_or(i32_lt_s(rowsLeft, LOW_TILE_ROWS + 1), i32_eq(i32_and(i32_add(rowsLeft, 1), -2), 8));
          f.if(
            f.tileRows === LOW_TILE_ROWS ? i32(1) : few,
            () => next(low, LOW_TILE_ROWS),
            () => next(tall, TILE_ROWS),
          );
        });
        f.increase(c, 4 * TILE_COLUMNS);
        f.increase(columnsLeft, -TILE_COLUMNS);
        f.increase(b, panelStride);
      });
    },
  );
}
export const multiplyRows = multiply('rows');
export const multiplyColumns = multiply('columns');

/** C = tile, or C += tile, where only `rows` x `columns` of C are left (any larger number: all of it). Changes `c`. */
function storeTile(
  f: FunctionBuilder,
  tile: Tile,
  c: Local<'i32'>,
  strideC: I32,
  rows: I32,
  columns: I32,
  add: I32,
  edge: I32,
): void {
  const store = (value: (place: V128, sum: V128) => V128) => {
    for (let r = 0; r < tile.length / 2; r++) {
      f.do(v128_store(c, value(v128_load(c), tile[2 * r]!)));
      f.do(v128_store(c, value(v128_load(c, 16), tile[2 * r + 1]!), 16));
      f.increase(c, strideC);
    }
  };
  f.if(
    i32_and(i32_ge_s(rows, tile.length / 2), i32_ge_s(columns, TILE_COLUMNS)),
    () => {
      f.if(
        add,
        () => store(f32x4_add),
        () => store((_, sum) => sum),
      );
    },
    () => {
      tile.forEach((sum, i) => {
        f.do(v128_store(edge, sum, 16 * i));
      });
      f.run(copyEdge, c, strideC, edge, i32_min(rows, f.i32(tile.length / 2)), columns, add);
    },
  );
}

/** The part of a tile (in `edge`) that C has room for: `rows` of it, and of the columns as many as there are. */
const copyEdge = routine(
  'copyEdge',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, c, strideC, edge, rows, columns, add) => {
    const row = f.i32();
    const column = f.i32();
    const to = f.i32();
    f.for(row, 0, rows, 1, () => {
      f.for(column, 0, i32_min(columns, f.i32(TILE_COLUMNS)), 1, () => {
        f.set(to, i32_add(c, i32_shl(column, 2)));
        const value = f32_load(i32_add(edge, i32_shl(row, 5), i32_shl(column, 2)));
        f.do(f32_store(to, f32_add(value, select(add, f32_load(to), f32(-0)))));
      });
      f.increase(c, strideC);
    });
  },
);
