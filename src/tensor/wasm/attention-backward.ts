/**
 * @file Causal attention, backward: a chunk is a sample, or one head of it. Appendix A.
 *
 * As in the forward pass eight queries, one in each lane, are treated at a time; probabilities are computed again from
 * logSumExp. Keys and values get their gradients from sixteen queries at once, straight into dqkv.
 */
import { routine, task } from './assembler.ts';
import {
  gather,
  gatherRows,
  HEAD_SCHEMA,
  headAddresses,
  laterThanQuery,
  panels,
  readAhead,
  sampleAndHeads,
  scratchPieces,
} from './attention-heads.ts';
import { exp } from './exponential.ts';
import {
  f32_store,
  f32x4_mul,
  f32x4_neg,
  f32x4_splat,
  f32x4_sub,
  type I32,
  i32,
  i32_add,
  i32_eq,
  i32_gt_s,
  i32_mul,
  i32_shl,
  i32_sub,
  type V128,
  v128_bitselect,
  v128_load,
  v128_store,
} from './instructions.ts';
import { packLines8, packTransposed, panelBytes } from './panels.ts';
import { EDGE_BYTES, multiplyColumns, multiplyRows } from './tile.ts';
import { forVectors, i32_min, sumOfLanes } from './vectors.ts';

const HALVES = [0, 1] as const;
/** Queries whose probabilities are kept at once, and the bytes of a row [key][queries] of them. */
const BLOCK = 16;
const ROW_BYTES = 4 * BLOCK;

/**
 * For 8 queries, numbers `begin` and following, and keys 0 to end - 1: scores become probabilities p = exp(scale s - logSumExp), and
 * dp becomes scale p (dp - out.dout). Both are 0 where the key comes later. `numbers`: 8 logSumExp, then 8 out.dout.
 */
const scoreGradients = routine(
  'scoreGradients',
  ['i32', 'i32', 'i32', 'i32', 'f32', 'i32'],
  undefined,
  (f, scores, dscores, begin, end, factor, numbers) => {
    const scale = f.v128(f32x4_splat(factor));
    const row = f.i32();
    const shift = HALVES.map((half) => f.v128(f32x4_neg(v128_load(numbers, 16 * half))));
    const products = HALVES.map((half) => f.v128(v128_load(numbers, 32 + 16 * half)));
    const rows = (mask: (p: V128, half: number) => V128) => {
      for (const half of HALVES) {
        const e = exp(f, f.madd(v128_load(scores, 16 * half), scale, shift[half]!));
        const p = f.v128(mask(e, half));
        const difference = f32x4_sub(v128_load(dscores, 16 * half), products[half]!);
        f.do(v128_store(scores, p, 16 * half));
        f.do(v128_store(dscores, f32x4_mul(f32x4_mul(p, difference), scale), 16 * half));
      }
      f.increase(scores, ROW_BYTES);
      f.increase(dscores, ROW_BYTES);
    };
    f.for(row, 0, begin, 1, () => rows((p) => p));
    f.for(row, 0, i32_sub(end, begin), 1, () =>
      rows((p, half) => v128_bitselect(f32x4_splat(0), p, laterThanQuery(row, half))),
    );
  },
);

// forward, for one query q: s_j = scale q.k_j, p = softmax(s), out = sum of p_j v_j. So
// dv_j += p_j dout,  dp_j = dout.v_j,  ds_j = p_j (dp_j - out.dout),  dq = scale sum of ds_j k_j,  dk_j += scale ds_j q.
export const attentionBackwardTask = task(
  'causalAttentionBackward',
  {
    dqkv: 'i32',
    dout: 'i32',
    out: 'i32',
    logSumExp: 'i32',
    qkv: 'i32',
    starts: 'i32',
    headsTogether: 'i32',
    ...HEAD_SCHEMA,
    accumulate: 'i32',
  },
  (f, args, chunk, scratch) => {
    const { headSize, heads, scale, accumulate } = args;
    const { first, length, firstHead, endHead } = sampleAndHeads(f, args, chunk);
    const outStride = f.i32(i32_shl(i32_mul(heads, headSize), 2));
    const firstRow = f.i32(i32_mul(first, outStride));
    const bytes = f.i32(i32_mul(length, outStride));
    f.if(i32_eq(args.headsTogether, heads), () => {
      f.run(readAhead, i32_add(args.qkv, i32_mul(firstRow, 3)), i32_mul(bytes, 3), scratch);
      for (const array of [args.out, args.dout]) f.run(readAhead, i32_add(array, firstRow), bytes, scratch);
    });

    const take = scratchPieces(f, scratch);
    const edge = take(i32(EDGE_BYTES));
    const headBytes = f.i32(i32_shl(headSize, 2));
    const keyRows = take(i32_mul(length, headBytes)); // [key][headSize]
    const valueRows = take(i32_mul(length, headBytes)); // [key][headSize]
    const numbers = take(i32(64)); // of each of 8 queries: logSumExp, out.dout
    const queryPanels = take(i32_shl(headSize, 6)); // [2][headSize][8 queries]
    const doutPanels = take(i32_shl(headSize, 6));
    const keyColumns = take(panels(headSize, length)); // [headSize / 8][key][8]
    const queryColumns = take(panels(headSize, i32(BLOCK))); // [headSize / 8][16 queries][8]
    const doutColumns = take(panels(headSize, i32(BLOCK)));
    const probabilities = take(i32_shl(i32_add(length, BLOCK), 6)); // [key][16 queries]
    const dscores = take(i32(0));
    const head = f.i32();
    f.for(head, firstHead, endHead, 1, () => {
      const { query, key, value, stride } = headAddresses(f, args, args.qkv, first, head);
      const gradient = headAddresses(f, args, args.dqkv, first, head);
      const place = f.i32(i32_add(firstRow, i32_shl(i32_mul(head, headSize), 2)));
      const out = f.i32(i32_add(args.out, place));
      const dout = f.i32(i32_add(args.dout, place));
      const logSumExp = f.i32(i32_add(args.logSumExp, i32_shl(i32_add(i32_mul(first, heads), head), 2)));
      f.run(gatherRows, keyRows, key, stride, length, headBytes);
      f.run(gatherRows, valueRows, value, stride, length, headBytes);
      f.run(packLines8, keyColumns, key, stride, headSize, length);
      const keyPanel = f.i32(i32_shl(length, 5));

      /** out.dout of `count` queries from number `begin` on. */
      const fillProducts = (begin: I32, count: I32) => {
        const row = f.i32();
        const [o, d] = [out, dout].map((array) => f.i32(i32_add(array, i32_mul(begin, outStride))));
        f.for(row, 0, count, 1, () => {
          const product = f.v128(f32x4_splat(0));
          forVectors(f, i32_shl(headSize, 2), (lanes) => {
            f.set(product, f.madd(lanes.load(o!), lanes.load(d!), product));
          });
          f.do(f32_store(i32_add(numbers, i32_shl(row, 2)), sumOfLanes(f, product), 32));
          f.increase(o!, outStride);
          f.increase(d!, outStride);
        });
      };

      const block = f.i32();
      const to = f.i32();
      f.for(block, 0, length, BLOCK, () => {
        const blockEnd = f.i32(i32_min(length, i32_add(block, BLOCK)));
        const blockCount = f.i32(i32_sub(blockEnd, block));
        const queryRows = f.i32(i32_add(query, i32_mul(block, stride)));
        const doutRows = f.i32(i32_add(dout, i32_mul(block, outStride)));
        f.run(packTransposed, queryPanels, queryRows, stride, blockCount, headSize);
        f.run(packTransposed, doutPanels, doutRows, outStride, blockCount, headSize);
        f.run(packLines8, queryColumns, queryRows, stride, headSize, blockCount);
        f.run(packLines8, doutColumns, doutRows, outStride, headSize, blockCount);
        for (const half of HALVES) {
          const begin = f.i32(i32_add(block, 8 * half));
          const end = f.i32(i32_min(length, i32_add(begin, 8))); // keys that any of these queries sees
          const count = f.i32(i32_sub(end, begin));
          f.if(i32_gt_s(count, 0), () => {
            const p = f.i32(i32_add(probabilities, 32 * half)); // [key][8 of 16 queries]
            const ds = f.i32(i32_add(dscores, 32 * half));
            const panel = f.i32(half === 0 ? i32(0) : i32_shl(headSize, 5));
            f.run(
              multiplyRows,
              p,
              ROW_BYTES,
              keyRows,
              headBytes,
              i32_add(queryPanels, panel),
              0,
              end,
              8,
              headSize,
              0,
              edge,
            );
            f.run(
              multiplyRows,
              ds,
              ROW_BYTES,
              valueRows,
              headBytes,
              i32_add(doutPanels, panel),
              0,
              end,
              8,
              headSize,
              0,
              edge,
            );
            f.run(gather, numbers, i32_add(logSumExp, i32_shl(i32_mul(begin, heads), 2)), heads, count);
            fillProducts(begin, count);
            f.run(scoreGradients, p, ds, begin, end, scale, numbers);
            const dquery = i32_add(gradient.query, i32_mul(begin, stride));
            f.run(
              multiplyColumns,
              dquery,
              stride,
              ds,
              ROW_BYTES,
              keyColumns,
              keyPanel,
              count,
              headSize,
              end,
              accumulate,
              edge,
            );
            if (half === 1) return;
            // Keys of the second half come later than the queries of the first.
            f.set(to, i32_shl(end, 6));
            f.for(to, to, i32_shl(blockEnd, 6), ROW_BYTES, () => {
              for (const part of HALVES) {
                f.do(v128_store(i32_add(p, to), f32x4_splat(0), 16 * part));
                f.do(v128_store(i32_add(ds, to), f32x4_splat(0), 16 * part));
              }
            });
          });
        }
        const panelStride = f.i32(i32_shl(blockCount, 5));
        for (const [target, left, right] of [
          [gradient.key, dscores, queryColumns],
          [gradient.value, probabilities, doutColumns],
        ] as const) {
          // Keys before the block have their gradient's beginning already; those in it are met for the first time.
          f.if(i32_gt_s(block, 0), () => {
            f.run(
              multiplyRows,
              target,
              stride,
              left,
              ROW_BYTES,
              right,
              panelStride,
              block,
              headSize,
              blockCount,
              1,
              edge,
            );
          });
          const [c, a] = [i32_add(target, i32_mul(block, stride)), i32_add(left, i32_shl(block, 6))];
          f.run(
            multiplyRows,
            c,
            stride,
            a,
            ROW_BYTES,
            right,
            panelStride,
            blockCount,
            headSize,
            blockCount,
            accumulate,
            edge,
          );
        }
      });
    });
  },
);

export function backwardScratchBytes(length: number, headSize: number): number {
  const columns = panelBytes(headSize, length, 8) + 2 * panelBytes(headSize, BLOCK, 8);
  return EDGE_BYTES + 64 + 8 * length * headSize + 2 * 64 * headSize + columns + 2 * ROW_BYTES * (length + BLOCK);
}
