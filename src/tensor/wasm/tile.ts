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
  i32,
  i32_add,
  i32_and,
  i32_ge_s,
  i32_gt_s,
  i32_lt_s,
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
import { i32_min, loadPart, transpose4 } from './vectors.ts';

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

/** Packs `count` rows of k floats, `stride` bytes apart, into panels 8 wide. The last panel is filled up with zeros. */
export const packTransposed = routine(
  'packTransposed',
  ['i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, to, from, stride, count, k) => {
    const group = f.i32();
    f.for(group, 0, i32_and(i32_add(count, 7), -8), 4, () => {
      // Two groups of four rows lie side by side in a panel.
      const target = i32_add(to, i32_mul(i32_and(group, -8), i32_shl(k, 2)), i32_shl(i32_and(group, 4), 2));
      f.run(packRows, target, 32, i32_add(from, i32_mul(group, stride)), stride, i32_sub(count, group), k);
    });
  },
);

/**
 * Packs k rows of `count` floats, `stride` bytes apart, into panels `width` wide. The last panel is filled up with zeros. Rows are
 * read from end to end, as the prefetcher likes it, and whole cache lines are written: two rows of 8, or one of 16, at once.
 */
function packLines(width: 8 | 16) {
  return routine(
    `packLines${width}`,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (f, to, from, stride, count, k) => {
      const i = f.i32();
      const group = f.i32();
      const source = f.i32();
      const target = f.i32();
      const lines = f.i32(i32_and(count, -16));
      const panelSize = f.i32(i32_mul(k, 4 * width));
      const copyRows = (rows: number) => {
        f.set(source, i32_add(from, i32_mul(i, stride)));
        f.set(target, i32_add(to, i32_mul(i, 4 * width)));
        f.for(group, 0, lines, 16, () => {
          const second = f.i32(i32_add(source, stride));
          for (let half = 0; half < 16; half += width) {
            for (let row = 0; row < rows; row++) {
              for (let column = 0; column < width; column += 4) {
                const value = v128_load(row === 0 ? source : second, 4 * (half + column));
                f.do(v128_store(target, value, 4 * (row * width + column)));
              }
            }
            f.increase(target, panelSize);
          }
          f.increase(source, 64);
        });
      };
      const together = 16 / width;
      const whole = f.i32(i32_and(k, -together));
      f.for(i, 0, whole, together, () => copyRows(together));
      if (together > 1) f.for(i, whole, k, 1, () => copyRows(1));
      f.for(group, lines, i32_and(i32_add(count, width - 1), -width), 4, () => {
        const panel = i32_mul(i32_and(group, -width), i32_shl(k, 2));
        const place = i32_add(to, panel, i32_shl(i32_and(group, width - 4), 2));
        f.run(packColumns, place, 4 * width, i32_add(from, i32_shl(group, 2)), stride, i32_sub(count, group), k);
      });
    },
  );
}
export const packLines8 = packLines(8);
export const packLines16 = packLines(16);

/** Bytes of the panels for `count` rows or columns. */
export function panelBytes(count: number, k: number, width: 8 | 16): number {
  return Math.ceil(count / width) * width * k * 4;
}
