/**
 * @file Packing: copies of an operand of a matrix product, in the order in which the tile's loop reads it. Appendix A.
 *
 * A panel holds columns of B, or rows of A, side by side for each step along k. B goes into panels 8 wide, as wide as a
 * tile. A transposed A goes into panels 24 wide, of which a tile takes 6; any other A is not packed.
 */
import { type Local, routine } from './assembler.ts';
import {
  f32_load,
  f32_store,
  f32x4_splat,
  i32_add,
  i32_and,
  i32_ge_s,
  i32_mul,
  i32_rem_u,
  i32_shl,
  i32_sub,
  v128_load,
  v128_store,
} from './instructions.ts';
import { i32_min, loadPart, transpose4 } from './vectors.ts';

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
 * read from end to end, as the prefetcher likes it, and whole cache lines are written: of 8 columns, two rows at once.
 */
function packLines(width: 8 | 24) {
  return routine(
    `packLines${width}`,
    ['i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (f, to, from, stride, count, k) => {
      const i = f.i32();
      const group = f.i32();
      const column = f.i32();
      const source = f.i32();
      const second = f.i32();
      const target = f.i32();
      const rest = f.i32(i32_rem_u(count, width));
      const whole = f.i32(i32_sub(count, rest));
      const panelSize = f.i32(i32_mul(k, 4 * width));
      const copyRows = (rows: number) => {
        f.set(source, i32_add(from, i32_mul(i, stride)));
        if (rows > 1) f.set(second, i32_add(source, stride));
        f.set(target, i32_add(to, i32_mul(i, 4 * width)));
        const eachRow = (copy: (row: Local<'i32'>, place: number) => void) => {
          copy(source, 0);
          if (rows > 1) copy(second, 4 * width);
        };
        f.for(group, 0, whole, width, () => {
          eachRow((row, place) => {
            for (let column = 0; column < width; column += 4) {
              f.do(v128_store(target, v128_load(row, 4 * column), place + 4 * column));
            }
            f.increase(row, 4 * width);
          });
          f.increase(target, panelSize);
        });
        f.if(rest, () => eachRow((row, place) => copyRest(row, f.i32(i32_add(target, place)))));
      };
      /** What is left of a row, and zeros behind it. */
      const copyRest = (row: Local<'i32'>, place: Local<'i32'>) => {
        const end = f.i32(i32_add(place, 4 * width));
        f.for(column, 0, i32_and(rest, -4), 4, () => {
          f.do(v128_store(place, v128_load(row)));
          f.increase(place, 16);
          f.increase(row, 16);
        });
        f.if(i32_and(rest, 3), () => {
          f.do(v128_store(place, f.call(loadPart, row, i32_and(rest, 3))));
          f.increase(place, 16);
        });
        f.for(place, place, end, 16, () => f.do(v128_store(place, f32x4_splat(0))));
      };
      const together = width === 8 ? 2 : 1;
      const even = f.i32(i32_and(k, -together));
      f.for(i, 0, even, together, () => copyRows(together));
      if (together > 1) f.for(i, even, k, 1, () => copyRows(1));
    },
  );
}
export const packLines8 = packLines(8);
export const packLines24 = packLines(24);

/** Bytes of the panels for `count` rows or columns. */
export function panelBytes(count: number, k: number, width: 8 | 24): number {
  return Math.ceil(count / width) * width * k * 4;
}
