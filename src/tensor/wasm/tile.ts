/**
 * @file The innermost loop of every matrix product: a tile of 4 x 8 sums in registers, and how it is emptied into C.
 * Chapter 4.
 *
 * B comes in panels: 8 columns side by side for each step along k (panels.ts). A is either four rows, read where they
 * lie, or four numbers side by side for each k, from a panel or from any matrix with a row for each k.
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
  i32_ge_s,
  i32_gt_s,
  i32_mul,
  i32_ne,
  i32_shl,
  i32_sub,
  select,
  type V128,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import { i32_min } from './vectors.ts';

export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
/** What {@link storeTile} needs for a tile that hangs over the edge of the matrix. */
export const EDGE_BYTES = TILE_ROWS * TILE_COLUMNS * 4;

/** Row r of the tile is vectors 2 r and 2 r + 1. */
type Tile = readonly Local<'v128'>[];

/** Variables of a tile loop; one set serves all the tiles of a function. */
interface TileLoop {
  readonly tile: Tile;
  readonly b: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly left: Local<'v128'>;
  readonly right: Local<'v128'>;
  readonly splat: Local<'v128'>;
}

function tileLoop(f: FunctionBuilder): TileLoop {
  const tile = Array.from({ length: 2 * TILE_ROWS }, () => f.v128());
  return { tile, b: f.i32(), end: f.i32(), left: f.v128(), right: f.v128(), splat: f.v128() };
}

/** How a tile reads A: four rows as they lie in memory, or four neighbours at each step along k. */
type ReadA = (r: number) => V128;

/**
 * tile += A B over k, k at least 1; B is a panel. Not unrolled: V8 then loads so far ahead that the sums no longer fit into the
 * registers.
 */
function multiplyTile(f: FunctionBuilder, loop: TileLoop, readA: ReadA, advanceA: () => void, b: I32, k: I32): void {
  f.set(loop.b, b);
  f.set(loop.end, i32_add(loop.b, i32_shl(k, 5)));
  f.doWhile(i32_ne(loop.b, loop.end), () => {
    f.set(loop.left, v128_load(loop.b, 0));
    f.set(loop.right, v128_load(loop.b, 16));
    for (let r = 0; r < TILE_ROWS; r++) {
      const [left, right] = [loop.tile[2 * r]!, loop.tile[2 * r + 1]!];
      f.set(loop.splat, readA(r));
      f.set(left, f.madd(loop.splat, loop.left, left));
      f.set(right, f.madd(loop.splat, loop.right, right));
    }
    advanceA();
    f.increase(loop.b, 4 * TILE_COLUMNS);
  });
}

/**
 * C [rows, columns] = A B, or C += A B with `add`. B is panels 8 wide, `panelStride` bytes apart. A is `rows`: element (r, i) at
 * a + r strideA + 4 i; or `columns`: at a + 4 r + i strideA. `edge`: EDGE_BYTES of scratch memory. At least one row, column and k.
 * Of `columns`, four numbers are read also where fewer rows are left.
 */
function multiply(operandA: 'rows' | 'columns') {
  return routine(
    `multiply_${operandA}`,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (f, c, strideC, a, strideA, panels, panelStride, rows, columns, k, add, edge) => {
      const row = f.i32();
      const column = f.i32();
      const target = f.i32();
      const loop = tileLoop(f);
      const pointers = Array.from({ length: TILE_ROWS }, () => f.i32());
      const b = f.i32(panels);
      f.for(column, 0, columns, TILE_COLUMNS, () => {
        f.for(row, 0, rows, TILE_ROWS, () => {
          for (const sum of loop.tile) f.set(sum, f32x4_splat(0));
          const [first] = pointers as [Local<'i32'>];
          if (operandA === 'rows') {
            // Where fewer than four rows are left, the last one stands in for the others.
            f.set(first, i32_add(a, i32_mul(row, strideA)));
            const left = i32_sub(rows, row);
            for (let r = 1; r < TILE_ROWS; r++) {
              f.set(pointers[r]!, i32_add(pointers[r - 1]!, select(i32_gt_s(left, r), strideA, i32(0))));
            }
            const advance = () => {
              for (const pointer of pointers) f.increase(pointer, 4);
            };
            multiplyTile(f, loop, (r) => v128_load32_splat(pointers[r]!), advance, b, k);
          } else {
            f.set(first, i32_add(a, i32_shl(row, 2)));
            const advance = () => f.increase(first, strideA);
            multiplyTile(f, loop, (r) => v128_load32_splat(first, 4 * r), advance, b, k);
          }
          f.set(target, i32_add(c, i32_mul(row, strideC), i32_shl(column, 2)));
          storeTile(f, loop.tile, target, strideC, i32_sub(rows, row), i32_sub(columns, column), add, edge);
        });
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
    for (let r = 0; r < TILE_ROWS; r++) {
      f.do(v128_store(c, value(v128_load(c), tile[2 * r]!)));
      f.do(v128_store(c, value(v128_load(c, 16), tile[2 * r + 1]!), 16));
      f.increase(c, strideC);
    }
  };
  f.if(
    i32_and(i32_ge_s(rows, TILE_ROWS), i32_ge_s(columns, TILE_COLUMNS)),
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
      f.run(copyEdge, c, strideC, edge, rows, columns, add);
    },
  );
}

/** The part of a tile (in `edge`) that C has room for. */
const copyEdge = routine(
  'copyEdge',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, c, strideC, edge, rows, columns, add) => {
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
  },
);
