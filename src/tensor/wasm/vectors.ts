/**
 * @file What every kernel is made of: loops over vectors of four floats with any number left over, sums across lanes,
 * and the share of rows or elements that belongs to a chunk. Appendix A.
 */
import { type FunctionBuilder, type Local, routine } from './assembler.ts';
import {
  type F32,
  f32_add,
  f32_max,
  f32x4_add,
  f32x4_extract_lane,
  type I32,
  type I32Like,
  i32_add,
  i32_and,
  i32_gt_u,
  i32_lt_s,
  i32_mul,
  i32_ne,
  i32_shr_u,
  i32_sub,
  i32x4_shuffle,
  select,
  type V128,
  v128_load,
  v128_load32_lane,
  v128_load32_zero,
  v128_store,
  v128_store32_lane,
} from './instructions.ts';

/** `count` floats, 1 to 3; the other lanes are 0. */
export const loadPart = routine('loadPart', ['i32', 'i32'], 'v128', (f, address, count) => {
  const value = f.v128(v128_load32_zero(address));
  f.if(i32_gt_u(count, 1), () => f.set(value, v128_load32_lane(address, value, 1, 4)));
  f.if(i32_gt_u(count, 2), () => f.set(value, v128_load32_lane(address, value, 2, 8)));
  return value;
});

/** Stores the first `count` lanes, 1 to 3. */
export const storePart = routine('storePart', ['i32', 'v128', 'i32'], undefined, (f, address, value, count) => {
  f.do(v128_store32_lane(address, value, 0));
  f.if(i32_gt_u(count, 1), () => f.do(v128_store32_lane(address, value, 1, 4)));
  f.if(i32_gt_u(count, 2), () => f.do(v128_store32_lane(address, value, 2, 8)));
});

/** How a loop's body reaches its four floats (or the last one to three) of an array. */
export interface Lanes {
  load(array: I32Like): V128;
  store(array: I32Like, value: V128): void;
}

/**
 * Runs `body` for all floats of `bytes` / 4, four at a time; the rest, if any, once more with part of a vector. With `unroll`
 * a pass of the loop holds several vectors while there are as many.
 */
export function forVectors(
  f: FunctionBuilder,
  bytes: I32,
  body: (lanes: Lanes, offset: Local<'i32'>) => void,
  unroll = 1,
): void {
  const offset = f.i32(0);
  const whole = f.i32(i32_and(bytes, -16));
  const vector = () =>
    body(
      {
        load: (array) => v128_load(i32_add(array, offset)),
        store: (array, value) => f.do(v128_store(i32_add(array, offset), value)),
      },
      offset,
    );
  if (unroll > 1) {
    const limit = f.i32(i32_sub(whole, 16 * unroll - 16));
    f.for(offset, 0, limit, 16, () => {
      vector();
      for (let i = 1; i < unroll; i++) {
        f.increase(offset, 16);
        vector();
      }
    });
  }
  f.for(offset, offset, whole, 16, vector);
  f.if(i32_ne(whole, bytes), () => {
    const count = f.i32(i32_and(i32_shr_u(bytes, 2), 3));
    f.set(offset, whole);
    body(
      {
        load: (array) => f.call(loadPart, i32_add(array, offset), count),
        store: (array, value) => f.run(storePart, i32_add(array, offset), value, count),
      },
      offset,
    );
  });
}

/** Chunk number `chunk` of `total` items, `size` in each but perhaps the last: the first one and how many. */
export function share(
  f: FunctionBuilder,
  chunk: I32,
  size: I32,
  total: I32,
): { first: Local<'i32'>; count: Local<'i32'> } {
  const first = f.i32(i32_mul(chunk, size));
  const rest = f.i32(i32_sub(total, first));
  return { first, count: f.i32(i32_min(rest, size)) };
}

/** Signed. */
export function i32_min(a: I32, b: I32): I32 {
  return select(i32_lt_s(a, b), a, b);
}

/** Sum of the four lanes, as (0 + 2) + (1 + 3). */
export function sumOfLanes(f: FunctionBuilder, vector: V128): F32 {
  const v = f.v128(vector);
  return f32_add(
    f32_add(f32x4_extract_lane(v, 0), f32x4_extract_lane(v, 2)),
    f32_add(f32x4_extract_lane(v, 1), f32x4_extract_lane(v, 3)),
  );
}

export function maxOfLanes(f: FunctionBuilder, vector: V128): F32 {
  const v = f.v128(vector);
  return f32_max(
    f32_max(f32x4_extract_lane(v, 0), f32x4_extract_lane(v, 2)),
    f32_max(f32x4_extract_lane(v, 1), f32x4_extract_lane(v, 3)),
  );
}

/** Four rows of four become four columns, in place. */
export function transpose4(
  f: FunctionBuilder,
  rows: readonly [Local<'v128'>, Local<'v128'>, Local<'v128'>, Local<'v128'>],
): void {
  const [a, b, c, d] = rows;
  const ab = f.v128(i32x4_shuffle(a, b, [0, 4, 1, 5])); // a0 b0 a1 b1
  const cd = f.v128(i32x4_shuffle(c, d, [0, 4, 1, 5]));
  const abHigh = f.v128(i32x4_shuffle(a, b, [2, 6, 3, 7])); // a2 b2 a3 b3
  const cdHigh = f.v128(i32x4_shuffle(c, d, [2, 6, 3, 7]));
  f.set(a, i32x4_shuffle(ab, cd, [0, 1, 4, 5])); // a0 b0 c0 d0
  f.set(b, i32x4_shuffle(ab, cd, [2, 3, 6, 7]));
  f.set(c, i32x4_shuffle(abHigh, cdHigh, [0, 1, 4, 5]));
  f.set(d, i32x4_shuffle(abHigh, cdHigh, [2, 3, 6, 7]));
}

/** Stores a value where it belongs, or adds it there. */
export type Put = (lanes: Lanes, array: I32Like, value: V128) => void;

/** Emits `loop` twice, once storing and once adding, and runs the one that the flag chooses. */
export function accumulating(f: FunctionBuilder, accumulate: I32, loop: (put: Put) => void): void {
  f.if(
    accumulate,
    () => loop((lanes, array, value) => lanes.store(array, f32x4_add(lanes.load(array), value))),
    () => loop((lanes, array, value) => lanes.store(array, value)),
  );
}
