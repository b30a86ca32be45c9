/**
 * @file Causal attention, forward: one task for each head of each sample. Chapter 4.
 *
 * What it adds to the plain loops. Eight queries are treated at a time, one in each lane: scores are kept as [key][8
 * queries], so that maximum, exponential and sum run down the keys without crossing lanes, and the block is, as it lies,
 * the panel that the product with the values wants. Keys behind the block's last query are never touched.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type Task, task } from './assembler.ts';
import { attentionBackwardTask, backwardScratchBytes } from './attention-backward.ts';
import {
  HEAD_SCHEMA,
  headAddresses,
  headArguments,
  laterThanQuery,
  longestSample,
  panels,
  sampleAndHead,
  scatter,
  scratchPieces,
} from './attention-heads.ts';
import { attentionStepTask } from './attention-step.ts';
import { exp, log } from './exponential.ts';
import {
  f32x4_add,
  f32x4_div,
  f32x4_mul,
  f32x4_neg,
  f32x4_pmax,
  f32x4_splat,
  i32,
  i32_add,
  i32_ge_s,
  i32_gt_s,
  i32_mul,
  i32_shl,
  i32_sub,
  type V128,
  v128_bitselect,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import type { Runner } from './runner.ts';
import { clearTile, EDGE_BYTES, multiplyTile, pack, panelBytes, storeTile, tileLoop } from './tile.ts';
import { i32_min } from './vectors.ts';

const causalAttentionTask = task(
  'causalAttention',
  {
    out: 'i32',
    logSumExp: 'i32',
    qkv: 'i32',
    starts: 'i32',
    ...HEAD_SCHEMA,
  },
  (f, args, chunk, scratch) => {
    const { headSize, heads } = args;
    const { head, first, length } = sampleAndHead(f, args, args.starts, chunk);
    const { query, key, value, stride } = headAddresses(f, args, args.qkv, first, head);
    const outStride = f.i32(i32_shl(i32_mul(heads, headSize), 2));
    const out = f.i32(i32_add(args.out, i32_mul(first, outStride), i32_shl(i32_mul(head, headSize), 2)));
    const logSumExp = f.i32(i32_add(args.logSumExp, i32_shl(i32_add(i32_mul(first, heads), head), 2)));
    const scale = f.v128(f32x4_splat(args.scale));

    const take = scratchPieces(f, scratch);
    const edge = take(i32(EDGE_BYTES));
    const numbers = take(i32(32)); // one for each query of the block
    const keys = take(panels(length, headSize, 4)); // [key / 4][headSize][4]
    const queries = take(panels(length, headSize, 8)); // [query / 8][headSize][8]
    const values = take(panels(headSize, length, 8)); // [headSize / 8][key][8]
    const scores = take(i32(0)); // [key][8 queries]
    f.run(pack, keys, 0, key, stride, 0, length, headSize);
    f.run(pack, queries, 1, query, stride, 0, length, headSize);
    f.run(pack, values, 1, value, stride, 1, headSize, length);

    const loop = tileLoop(f);
    const block = f.i32();
    const k = f.i32();
    const row = f.i32();
    const to = f.i32();
    const largest = [f.v128(), f.v128()] as const;
    const sum = [f.v128(), f.v128()] as const;
    f.for(block, 0, length, 8, () => {
      const end = f.i32(i32_min(length, i32_add(block, 8))); // keys that any of these queries sees
      for (const half of [0, 1] as const) f.set(largest[half], f32x4_splat(-Infinity));
      const panel = i32_add(queries, i32_shl(i32_mul(block, headSize), 2));
      f.for(k, 0, end, 4, () => {
        clearTile(f, loop);
        multiplyTile(f, loop, i32_add(keys, i32_shl(i32_mul(k, headSize), 2)), 16, 4, panel, headSize); // [4 keys, 8 queries]
        f.if(i32_ge_s(k, block), () => {
          loop.tile.forEach((score, i) => {
            const later = laterThanQuery(i32_add(i32_sub(k, block), i >> 1), i & 1);
            f.set(score, v128_bitselect(f32x4_splat(-Infinity), score, later));
          });
        });
        f.set(to, i32_add(scores, i32_shl(k, 5)));
        loop.tile.forEach((score, i) => {
          f.set(largest[(i & 1) as 0 | 1], f32x4_pmax(score, largest[(i & 1) as 0 | 1]));
          f.do(v128_store(to, score, 16 * i));
        });
      });
      // p = exp(scale s - scale max)
      const shift = largest.map((value) => f.v128(f32x4_neg(f32x4_mul(value, scale))));
      for (const half of [0, 1] as const) f.set(sum[half], f32x4_splat(0));
      const exponentials = (mask: (half: 0 | 1) => V128 | undefined) => {
        f.set(to, i32_add(scores, i32_shl(row, 5)));
        for (const half of [0, 1] as const) {
          const e = f.call(exp, f.madd(v128_load(to, 16 * half), scale, shift[half]!));
          const later = mask(half);
          const p = f.v128(later ? v128_bitselect(f32x4_splat(0), e, later) : e);
          f.do(v128_store(to, p, 16 * half));
          f.set(sum[half], f32x4_add(sum[half], p));
        }
      };
      f.for(row, 0, block, 1, () => exponentials(() => undefined));
      f.for(row, block, end, 1, () => exponentials((half) => laterThanQuery(i32_sub(row, block), half)));
      for (const half of [0, 1] as const) {
        const logarithm = f32x4_add(f.call(log, sum[half]), f32x4_neg(shift[half]!));
        f.do(v128_store(numbers, logarithm, 16 * half));
      }
      f.run(scatter, numbers, i32_add(logSumExp, i32_shl(i32_mul(block, heads), 2)), heads, i32_sub(end, block));
      for (const half of [0, 1] as const) f.do(v128_store(numbers, f32x4_div(f32x4_splat(1), sum[half]), 16 * half));
      const column = f.i32();
      f.for(column, 0, headSize, 8, () => {
        for (const half of [0, 1]) {
          clearTile(f, loop);
          const valuePanel = i32_add(values, i32_shl(i32_mul(column, length), 2));
          multiplyTile(f, loop, i32_add(scores, 16 * half), 32, 4, valuePanel, end); // [4 queries, 8 of headSize]
          loop.tile.forEach((element, i) => {
            f.set(element, f32x4_mul(element, v128_load32_splat(numbers, 16 * half + 4 * (i >> 1))));
          });
          const rows = f.i32(i32_sub(end, i32_add(block, 4 * half)));
          f.set(to, i32_add(out, i32_mul(i32_add(block, 4 * half), outStride), i32_shl(column, 2)));
          f.if(i32_gt_s(rows, 0), () => {
            storeTile(f, loop.tile, to, outStride, rows, i32_sub(headSize, column), i32(0), edge);
          });
        }
      });
    });
  },
);

export const ATTENTION_TASKS = [
  causalAttentionTask,
  attentionBackwardTask,
  attentionStepTask,
] as unknown as readonly Task[];

function forwardScratchBytes(length: number, headSize: number): number {
  const panelsBytes =
    panelBytes(length, headSize, 4) + panelBytes(length, headSize, 8) + panelBytes(headSize, length, 8);
  return EDGE_BYTES + 32 + panelsBytes + 32 * (length + 4);
}

type AttentionKernels = Pick<Kernels, 'causalAttention' | 'causalAttentionBackward' | 'attentionStep'>;

export function attentionKernels(runner: Runner): AttentionKernels {
  const at = (array: FloatArray | Int32Array) => runner.address(array);
  return {
    causalAttention(out, logSumExp, qkv, starts, batch, layout) {
      const longest = longestSample('causalAttention', starts, batch, qkv.length, layout);
      const arrays = { out: at(out), logSumExp: at(logSumExp), qkv: at(qkv), starts: at(starts) };
      const bytes = forwardScratchBytes(longest, layout.headSize);
      runner.run(causalAttentionTask, { ...arrays, ...headArguments(layout) }, batch * layout.heads, bytes);
    },
    causalAttentionBackward(dqkv, dout, out, logSumExp, qkv, starts, batch, layout, accumulate) {
      const longest = longestSample('causalAttentionBackward', starts, batch, qkv.length, layout);
      const inputs = { dout: at(dout), out: at(out), logSumExp: at(logSumExp), qkv: at(qkv), starts: at(starts) };
      const args = { dqkv: at(dqkv), ...inputs, ...headArguments(layout), accumulate: Number(accumulate) };
      const bytes = backwardScratchBytes(longest, layout.headSize);
      runner.run(attentionBackwardTask, args, batch * layout.heads, bytes);
    },
    attentionStep(out, cache, lengths, batch, capacity, layout) {
      const arrays = { out: at(out), cache: at(cache), lengths: at(lengths) };
      const args = { ...arrays, capacity, ...headArguments(layout) };
      runner.run(attentionStepTask, args, batch * layout.heads, 4 * capacity + 16);
    },
  };
}
