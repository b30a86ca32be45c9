/**
 * @file The innermost loop of every matrix product: a tile of 4 x 8 sums in registers, and what feeds and empties it.
 * Chapter 4.
 *
 * Panels hold an operand in the order in which the loop reads it, k-major: 4 rows of A, or 8 columns of B, side by side
 * for each k.
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
  i32_add,
  i32_and,
  i32_ge_s,
  i32_lt_s,
  i32_mul,
  i32_ne,
  i32_shl,
  i32_shr_u,
  i32_sub,
  select,
  type V128,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import { i32_min, loadPart, transpose4 } from './vectors.ts';

export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
/** What {@link storeTile} needs for a tile that hangs over the edge of the matrix. */
export const EDGE_BYTES = TILE_ROWS * TILE_COLUMNS * 4;

/** Row r of the tile is vectors 2 r and 2 r + 1. */
export type Tile = readonly Local<'v128'>[];

/** Variables of a tile loop; one set serves all the tiles of a function. */
export interface TileLoop {
  readonly tile: Tile;
  readonly a: Local<'i32'>;
  readonly b: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly left: Local<'v128'>;
  readonly right: Local<'v128'>;
  readonly splat: Local<'v128'>;
}

export function tileLoop(f: FunctionBuilder): TileLoop {
  const tile = Array.from({ length: 2 * TILE_ROWS }, () => f.v128());
  return { tile, a: f.i32(), b: f.i32(), end: f.i32(), left: f.v128(), right: f.v128(), splat: f.v128() };
}

export function clearTile(f: FunctionBuilder, { tile }: TileLoop): void {
  for (const sum of tile) f.set(sum, f32x4_splat(0));
}

/**
 * tile += A B over k, k at least 1. Element (r, i) of A is at a + r rowStep + i step (bytes), B is a panel. Not unrolled:
 * V8 then loads so far ahead that the sums no longer fit into the registers.
 */
export function multiplyTile(
  f: FunctionBuilder,
  loop: TileLoop,
  a: I32,
  step: number,
  rowStep: number,
  b: I32,
  k: I32,
): void {
  f.set(loop.a, a);
  f.set(loop.b, b);
  f.set(loop.end, i32_add(loop.b, i32_shl(k, 5)));
  f.doWhile(i32_ne(loop.b, loop.end), () => {
    f.set(loop.left, v128_load(loop.b, 0));
    f.set(loop.right, v128_load(loop.b, 16));
    for (let r = 0; r < TILE_ROWS; r++) {
      const [left, right] = [loop.tile[2 * r]!, loop.tile[2 * r + 1]!];
      f.set(loop.splat, v128_load32_splat(loop.a, rowStep * r));
      f.set(left, f.madd(loop.splat, loop.left, left));
      f.set(right, f.madd(loop.splat, loop.right, right));
    }
    f.increase(loop.a, step);
    f.increase(loop.b, 4 * TILE_COLUMNS);
  });
}

/** C = tile, or C += tile, where only `rows` x `columns` of C are left (any larger number: all of it). Changes `c`. */
export function storeTile(
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

/**
 * Copies four rows of `k` floats into a panel, k-major: element [row][i] goes to to + i step + 4 row. Rows from `rows` on
 * become zeros.
 */
const packRows = routine(
  'packRows',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, to, step, from, stride, rows, k) => {
    const i = f.i32();
    f.set(i, 0);
    f.if(i32_ge_s(rows, 4), () => {
      const second = f.i32(i32_add(from, stride));
      const third = f.i32(i32_add(second, stride));
      const pointers = [f.i32(from), second, third, f.i32(i32_add(third, stride))];
      const four = [f.v128(), f.v128(), f.v128(), f.v128()] as const;
      f.for(i, 0, i32_and(k, -4), 4, () => {
        four.forEach((row, r) => {
          f.set(row, v128_load(pointers[r]!));
          f.increase(pointers[r]!, 16);
        });
        transpose4(f, four);
        for (const row of four) {
          f.do(v128_store(to, row));
          f.increase(to, step);
        }
      });
    });
    const row = f.i32();
    f.for(i, i, k, 1, () => {
      f.do(v128_store(to, f32x4_splat(0)));
      f.for(row, 0, i32_min(rows, f.i32(4)), 1, () => {
        const value = f32_load(i32_add(from, i32_mul(row, stride), i32_shl(i, 2)));
        f.do(f32_store(i32_add(to, i32_shl(row, 2)), value));
      });
      f.increase(to, step);
    });
  },
);

/** The same for a matrix that is k-major already: k rows of which `columns` floats belong to the panel. */
const packColumns = routine(
  'packColumns',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, to, step, from, stride, columns, k) => {
    const i = f.i32();
    const copy = (value: V128) =>
      f.for(i, 0, k, 1, () => {
        f.do(v128_store(to, value));
        f.increase(to, step);
        f.increase(from, stride);
      });
    f.if(
      i32_ge_s(columns, 4),
      () => copy(v128_load(from)),
      () => {
        f.if(
          i32_lt_s(columns, 1),
          () => copy(f32x4_splat(0)),
          () => copy(f.call(loadPart, from, columns)),
        );
      },
    );
  },
);

/**
 * Packs `count` rows of k floats (`kMajor`: k rows of `count` floats) into panels `4 << wide` wide. `from` is the first
 * element, `stride` bytes lead to the next row in memory. The last panel is filled up with zeros.
 */
export const pack = routine(
  'pack',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, to, wide, from, stride, kMajor, count, k) => {
    const group = f.i32(); // of four; in wide panels two lie side by side
    const rest = f.i32();
    const target = f.i32();
    const step = f.i32(i32_shl(16, wide));
    const panels = i32_shr_u(i32_add(count, i32_sub(i32_shl(4, wide), 1)), i32_add(wide, 2));
    const groups = f.i32(i32_shl(panels, wide));
    f.for(group, 0, groups, 1, () => {
      f.set(rest, i32_sub(count, i32_shl(group, 2)));
      f.set(target, i32_add(to, i32_mul(i32_mul(i32_shr_u(group, wide), step), k), i32_shl(i32_and(group, wide), 4)));
      f.if(
        kMajor,
        () => f.run(packColumns, target, step, i32_add(from, i32_shl(group, 4)), stride, rest, k),
        () => f.run(packRows, target, step, i32_add(from, i32_mul(i32_shl(group, 2), stride)), stride, rest, k),
      );
    });
  },
);

/** Bytes of {@link pack}'s panels. */
export function panelBytes(count: number, k: number, width: 4 | 8): number {
  return Math.ceil(count / width) * width * k * 4;
}
