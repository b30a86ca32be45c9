/**
 * @file Causal attention, forward: a chunk is a sample, or one head of it. Appendix A.
 *
 * What it adds to the plain loops. Eight queries are treated at a time, one in each lane: scores are kept as [key][8
 * queries], so that maximum, exponential and sum run down the keys without crossing lanes, and what they leave is, as it
 * lies, an operand of the product with the values. Keys behind the block's last query are never touched.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { routine, type Task, task } from './assembler.ts';
import { attentionBackwardTask, backwardScratchBytes } from './attention-backward.ts';
import {
  gatherRows,
  HEAD_SCHEMA,
  headAddresses,
  headArguments,
  headsTogether,
  laterThanQuery,
  longestSample,
  panels,
  readAhead,
  sampleAndHeads,
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
  i32_eq,
  i32_mul,
  i32_shl,
  i32_sub,
  v128_bitselect,
  v128_load,
  v128_load32_splat,
  v128_store,
} from './instructions.ts';
import { packLines8, packTransposed, panelBytes } from './panels.ts';
import type { Runner } from './runner.ts';
import { EDGE_BYTES, multiplyColumns, multiplyRows } from './tile.ts';
import { forVectors, i32_min } from './vectors.ts';

const HALVES = [0, 1] as const;

/**
 * Scores [key][8 queries], keys 0 to end - 1, become exp(scale (score - largest)); later keys than the query become 0. The block's
 * queries are numbers `begin` and following. Fills `numbers`: the 8 logarithms of the softmax' sums, then 1 / sum of each.
 */
const exponentials = routine(
  'exponentials',
  ['i32', 'i32', 'i32', 'f32', 'i32'],
  undefined,
  (f, scores, begin, end, factor, numbers) => {
    const scale = f.v128(f32x4_splat(factor));
    const row = f.i32();
    const at = f.i32();
    const diagonal = f.i32(i32_add(scores, i32_shl(begin, 5)));
    const bottom = f.i32(i32_add(scores, i32_shl(end, 5)));
    const largest = HALVES.map(() => f.v128(f32x4_splat(-Infinity)));
    const sum = HALVES.map(() => f.v128(f32x4_splat(0)));
    f.for(row, 0, i32_sub(end, begin), 1, () => {
      f.set(at, i32_add(diagonal, i32_shl(row, 5)));
      for (const half of HALVES) {
        const masked = v128_bitselect(f32x4_splat(-Infinity), v128_load(at, 16 * half), laterThanQuery(row, half));
        f.do(v128_store(at, masked, 16 * half));
      }
    });
    f.for(at, scores, bottom, 32, () => {
      for (const half of HALVES) f.set(largest[half]!, f32x4_pmax(v128_load(at, 16 * half), largest[half]!));
    });
    const shift = HALVES.map((half) => f.v128(f32x4_neg(f32x4_mul(largest[half]!, scale))));
    f.for(at, scores, diagonal, 32, () => {
      for (const half of HALVES) {
        const p = f.v128(exp(f, f.madd(v128_load(at, 16 * half), scale, shift[half]!)));
        f.do(v128_store(at, p, 16 * half));
        f.set(sum[half]!, f32x4_add(sum[half]!, p));
      }
    });
    f.for(row, 0, i32_sub(end, begin), 1, () => {
      f.set(at, i32_add(diagonal, i32_shl(row, 5)));
      for (const half of HALVES) {
        const e = exp(f, f.madd(v128_load(at, 16 * half), scale, shift[half]!));
        const p = f.v128(v128_bitselect(f32x4_splat(0), e, laterThanQuery(row, half)));
        f.do(v128_store(at, p, 16 * half));
        f.set(sum[half]!, f32x4_add(sum[half]!, p));
      }
    });
    for (const half of HALVES) {
      f.do(v128_store(numbers, f32x4_add(log(f, sum[half]!), f32x4_neg(shift[half]!)), 16 * half));
      f.do(v128_store(numbers, f32x4_div(f32x4_splat(1), sum[half]!), 32 + 16 * half));
    }
  },
);

const causalAttentionTask = task(
  'causalAttention',
  {
    out: 'i32',
    logSumExp: 'i32',
    qkv: 'i32',
    starts: 'i32',
    headsTogether: 'i32',
    ...HEAD_SCHEMA,
  },
  (f, args, chunk, scratch) => {
    const { headSize, heads, scale } = args;
    const { first, length, firstHead, endHead } = sampleAndHeads(f, args, chunk);
    const outStride = f.i32(i32_shl(i32_mul(heads, headSize), 2));
    const rowBytes = i32_mul(outStride, 3);
    f.if(i32_eq(args.headsTogether, heads), () =>
      f.run(readAhead, i32_add(args.qkv, i32_mul(first, rowBytes)), i32_mul(length, rowBytes), scratch),
    );
    const take = scratchPieces(f, scratch);
    const edge = take(i32(EDGE_BYTES));
    const headBytes = f.i32(i32_shl(headSize, 2));
    const keyRows = take(i32_mul(length, headBytes)); // [key][headSize]
    const numbers = take(i32(64)); // of each query of the block: logSumExp, 1 / sum
    const queries = take(i32_shl(headSize, 5)); // [headSize][8 queries]
    const values = take(panels(headSize, length)); // [headSize / 8][key][8]
    const scores = take(i32(0)); // [key][8 queries]
    const head = f.i32();
    f.for(head, firstHead, endHead, 1, () => {
      const { query, key, value, stride } = headAddresses(f, args, args.qkv, first, head);
      const out = f.i32(i32_add(args.out, i32_mul(first, outStride), i32_shl(i32_mul(head, headSize), 2)));
      const logSumExp = f.i32(i32_add(args.logSumExp, i32_shl(i32_add(i32_mul(first, heads), head), 2)));
      f.run(gatherRows, keyRows, key, stride, length, headBytes);
      f.run(packLines8, values, value, stride, headSize, length);
      const valuePanel = f.i32(i32_shl(length, 5));
      const begin = f.i32();
      const row = f.i32();
      f.for(begin, 0, length, 8, () => {
        const end = f.i32(i32_min(length, i32_add(begin, 8))); // keys that any of these queries sees
        const count = f.i32(i32_sub(end, begin));
        const outBlock = f.i32(i32_add(out, i32_mul(begin, outStride)));
        f.run(packTransposed, queries, i32_add(query, i32_mul(begin, stride)), stride, count, headSize);
        f.run(multiplyRows, scores, 32, keyRows, headBytes, queries, 0, end, 8, headSize, 0, edge);
        f.run(exponentials, scores, begin, end, scale, numbers);
        f.run(scatter, numbers, i32_add(logSumExp, i32_shl(i32_mul(begin, heads), 2)), heads, count);
        f.run(multiplyColumns, outBlock, outStride, scores, 32, values, valuePanel, count, headSize, end, 0, edge);
        f.for(row, 0, count, 1, () => {
          const factor = f.v128(v128_load32_splat(i32_add(numbers, i32_shl(row, 2)), 32));
          forVectors(f, i32_shl(headSize, 2), (lanes) => {
            lanes.store(outBlock, f32x4_mul(lanes.load(outBlock), factor));
          });
          f.increase(outBlock, outStride);
        });
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
  return EDGE_BYTES + 64 + 4 * length * headSize + 32 * headSize + panelBytes(headSize, length, 8) + 32 * length;
}

type AttentionKernels = Pick<Kernels, 'causalAttention' | 'causalAttentionBackward' | 'attentionStep'>;

export function attentionKernels(runner: Runner): AttentionKernels {
  const at = (array: FloatArray | Int32Array) => runner.address(array);
  return {
    causalAttention(out, logSumExp, qkv, starts, batch, layout) {
      const longest = longestSample('causalAttention', starts, batch, qkv.length, layout);
      const together = headsTogether(batch, longest, layout.heads, runner.threads);
      const arrays = { out: at(out), logSumExp: at(logSumExp), qkv: at(qkv), starts: at(starts) };
      const bytes = forwardScratchBytes(longest, layout.headSize);
      const chunks = (batch * layout.heads) / together;
      runner.run(causalAttentionTask, { ...arrays, headsTogether: together, ...headArguments(layout) }, chunks, bytes);
    },
    causalAttentionBackward(dqkv, dout, out, logSumExp, qkv, starts, batch, layout, accumulate) {
      const longest = longestSample('causalAttentionBackward', starts, batch, qkv.length, layout);
      const together = headsTogether(batch, longest, layout.heads, runner.threads);
      const inputs = { dout: at(dout), out: at(out), logSumExp: at(logSumExp), qkv: at(qkv), starts: at(starts) };
      const args = {
        dqkv: at(dqkv),
        ...inputs,
        headsTogether: together,
        ...headArguments(layout),
        accumulate: Number(accumulate),
      };
      const bytes = backwardScratchBytes(longest, layout.headSize);
      runner.run(attentionBackwardTask, args, (batch * layout.heads) / together, bytes);
    },
    attentionStep(out, cache, lengths, batch, capacity, layout) {
      const arrays = { out: at(out), cache: at(cache), lengths: at(lengths) };
      const args = { ...arrays, capacity, ...headArguments(layout) };
      runner.run(attentionStepTask, args, batch * layout.heads, 4 * capacity + 16);
    },
  };
}
