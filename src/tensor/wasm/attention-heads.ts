/** @file What the attention tasks share: which sample and head a chunk is, and where its numbers lie. Appendix A. */
import { ShapeError } from '../errors.ts';
import type { HeadLayout } from '../kernels.ts';
import { type FunctionBuilder, type Local, routine } from './assembler.ts';
import {
  f32_load,
  f32_store,
  f32x4_splat,
  type I32,
  i32_add,
  i32_and,
  i32_div_u,
  i32_load,
  i32_lt_s,
  i32_mul,
  i32_rem_u,
  i32_shl,
  i32_sub,
  i32x4_const,
  i32x4_gt_s,
  i32x4_splat,
  type V128,
  v128_load,
  v128_or,
  v128_store,
} from './instructions.ts';
import { forVectors } from './vectors.ts';

export const HEAD_SCHEMA = { heads: 'i32', headSize: 'i32', headsPerGroup: 'i32', scale: 'f32' } as const;

export function headArguments({ heads, headSize, groups }: HeadLayout) {
  if (heads % groups !== 0) throw new ShapeError(`attention: ${heads} heads do not fall into ${groups} groups`);
  return { heads, headSize, headsPerGroup: heads / groups, scale: 1 / Math.sqrt(headSize) };
}

/** Length of the longest sample. Throws {@link ShapeError} when the samples are not within qkv. */
export function longestSample(
  kernel: string,
  starts: Int32Array,
  batch: number,
  elements: number,
  layout: HeadLayout,
): number {
  const tokens = elements / (3 * layout.heads * layout.headSize);
  let longest = 0;
  for (let sample = 0; sample < batch; sample++) {
    const [begin, end] = [starts[sample]!, starts[sample + 1]!];
    if (!(0 <= begin && begin <= end && end <= tokens)) {
      throw new ShapeError(`${kernel}: sample ${sample} has tokens ${begin} to ${end} of ${tokens}`);
    }
    longest = Math.max(longest, end - begin);
  }
  return longest;
}

/** What a chunk is: all heads of a sample, or one. Its sample's first token and how many it has, and its heads. */
export function sampleAndHeads(
  f: FunctionBuilder,
  args: { starts: I32; heads: I32; headsTogether: I32 },
  chunk: I32,
): { first: Local<'i32'>; length: Local<'i32'>; firstHead: Local<'i32'>; endHead: Local<'i32'> } {
  const chunksPerSample = f.i32(i32_div_u(args.heads, args.headsTogether));
  const start = f.i32(i32_add(args.starts, i32_shl(i32_div_u(chunk, chunksPerSample), 2)));
  const first = f.i32(i32_load(start));
  const length = f.i32(i32_sub(i32_load(start, 4), first));
  const firstHead = f.i32(i32_mul(i32_rem_u(chunk, chunksPerSample), args.headsTogether));
  return { first, length, firstHead, endHead: f.i32(i32_add(firstHead, args.headsTogether)) };
}

/** All heads of a sample together read its rows once; but few or long samples are shared out head by head. */
export function headsTogether(batch: number, longest: number, heads: number, threads: number): number {
  return batch >= 4 * threads && longest <= 512 ? heads : 1;
}

/**
 * Reads `bytes` from end to end, which fetches them into the second-level cache as fast as memory can. The heads' own
 * accesses, some lines of each row, come too scattered for the processor to see them coming. `scratch`: 16 bytes.
 */
export const readAhead = routine('readAhead', ['i32', 'i32', 'i32'], undefined, (f, address, bytes, scratch) => {
  const at = f.i32();
  const sum = f.v128(f32x4_splat(0));
  f.for(at, 0, bytes, 64, () => f.set(sum, v128_or(sum, v128_load(i32_add(address, at)))));
  f.do(v128_store(scratch, sum));
});

/** Addresses of a head's query, value and key in row `row` of a matrix like qkv, and the row's bytes: `qkvOffsets` in code. */
export function headAddresses(
  f: FunctionBuilder,
  args: { heads: I32; headSize: I32; headsPerGroup: I32 },
  matrix: I32,
  row: I32,
  head: I32,
) {
  const part = f.i32(i32_shl(i32_mul(args.headsPerGroup, args.headSize), 2));
  const stride = f.i32(i32_mul(i32_mul(args.heads, args.headSize), 12));
  const group = i32_mul(i32_mul(i32_div_u(head, args.headsPerGroup), part), 3);
  const within = i32_shl(i32_mul(i32_rem_u(head, args.headsPerGroup), args.headSize), 2);
  const query = f.i32(i32_add(matrix, i32_mul(row, stride), group, within));
  const value = f.i32(i32_add(query, part));
  const key = f.i32(i32_add(value, part));
  return { query, key, value, stride };
}

/** Bytes of panels, 8 wide, for `count` rows of k numbers. */
export function panels(count: I32, k: I32): I32 {
  return i32_shl(i32_mul(i32_and(i32_add(count, 7), -8), k), 2);
}

/** Hands out a thread's scratch memory, piece by piece. */
export function scratchPieces(f: FunctionBuilder, scratch: I32): (bytes: I32) => Local<'i32'> {
  const next = f.i32(scratch);
  return (bytes) => {
    const address = f.i32(next);
    f.set(next, i32_add(next, bytes));
    return address;
  };
}

/** Lanes whose query, number 4 half + lane of its block, comes before the block's number `key`, so that it must not see it. */
export function laterThanQuery(key: I32, half: number): V128 {
  return i32x4_gt_s(i32x4_splat(key), i32x4_const(4 * half, 4 * half + 1, 4 * half + 2, 4 * half + 3));
}

/** Writes `count` numbers, `step` elements apart. */
export const scatter = routine('scatter', ['i32', 'i32', 'i32', 'i32'], undefined, (f, from, to, step, count) => {
  const i = f.i32();
  f.for(i, 0, count, 1, () => {
    f.do(f32_store(to, f32_load(i32_add(from, i32_shl(i, 2)))));
    f.increase(to, i32_shl(step, 2));
  });
});

/** Reads `count` numbers, `step` elements apart, and fills up to eight with zeros. */
export const gather = routine('gather', ['i32', 'i32', 'i32', 'i32'], undefined, (f, to, from, step, count) => {
  const i = f.i32();
  f.for(i, 0, 8, 1, () => {
    f.do(f32_store(i32_add(to, i32_shl(i, 2)), 0));
    f.if(i32_lt_s(i, count), () => f.do(f32_store(i32_add(to, i32_shl(i, 2)), f32_load(from))));
    f.increase(from, i32_shl(step, 2));
  });
});

/** Copies `count` rows of `bytes`, `stride` bytes apart, one right behind the other: a head's rows in qkv share few cache sets. */
export const gatherRows = routine(
  'gatherRows',
  ['i32', 'i32', 'i32', 'i32', 'i32'],
  undefined,
  (f, to, from, stride, count, bytes) => {
    const row = f.i32();
    f.for(row, 0, count, 1, () => {
      forVectors(f, bytes, (lanes) => lanes.store(to, lanes.load(from)));
      f.increase(to, bytes);
      f.increase(from, stride);
    });
  },
);
