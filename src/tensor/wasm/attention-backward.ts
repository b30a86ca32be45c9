/**
 * @file Causal attention, backward: one task for each head of each sample. Chapter 4.
 *
 * Blocks of eight queries, one in each lane, as in the forward pass; probabilities are computed again from logSumExp. The
 * gradients of keys and values are summed over the blocks in scratch memory.
 */
import { task } from './assembler.ts';
import {
  gather,
  HEAD_SCHEMA,
  headAddresses,
  laterThanQuery,
  panels,
  sampleAndHead,
  scratchPieces,
} from './attention-heads.ts';
import { exp } from './exponential.ts';
import {
  f32x4_mul,
  f32x4_neg,
  f32x4_splat,
  f32x4_sub,
  type I32,
  i32,
  i32_add,
  i32_and,
  i32_ge_s,
  i32_gt_s,
  i32_mul,
  i32_shl,
  i32_sub,
  v128_bitselect,
  v128_load,
  v128_store,
} from './instructions.ts';
import { clearTile, EDGE_BYTES, multiplyTile, pack, panelBytes, storeTile, tileLoop } from './tile.ts';
import { i32_min } from './vectors.ts';

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
    ...HEAD_SCHEMA,
    accumulate: 'i32',
  },
  (f, args, chunk, scratch) => {
    const { headSize, heads, accumulate } = args;
    const { head, first, length } = sampleAndHead(f, args, args.starts, chunk);
    const { query, key, value, stride } = headAddresses(f, args, args.qkv, first, head);
    const gradient = headAddresses(f, args, args.dqkv, first, head);
    const outStride = f.i32(i32_shl(i32_mul(heads, headSize), 2));
    const place = f.i32(i32_add(i32_mul(first, outStride), i32_shl(i32_mul(head, headSize), 2)));
    const out = f.i32(i32_add(args.out, place));
    const dout = f.i32(i32_add(args.dout, place));
    const logSumExp = f.i32(i32_add(args.logSumExp, i32_shl(i32_add(i32_mul(first, heads), head), 2)));
    const scale = f.v128(f32x4_splat(args.scale));

    const take = scratchPieces(f, scratch);
    const edge = take(i32(EDGE_BYTES));
    const numbers = take(i32(32));
    // Panels for products over headSize: keys and values 4 wide, what belongs to queries 8 wide.
    const keys = take(panels(length, headSize, 4));
    const values = take(panels(length, headSize, 4));
    const queries = take(panels(length, headSize, 8));
    const douts = take(panels(length, headSize, 8));
    const outs = take(panels(length, headSize, 8));
    // Panels for products over keys or queries, 8 of headSize wide.
    const keyColumns = take(panels(headSize, length, 8));
    const queryColumns = take(panels(headSize, length, 8));
    const doutColumns = take(panels(headSize, length, 8));
    // Sums, in the same order as those panels, for a whole number of tiles of keys.
    const lengthOf4 = f.i32(i32_and(i32_add(length, 3), -4));
    const dkey = take(panels(headSize, lengthOf4, 8));
    const dvalue = take(panels(headSize, lengthOf4, 8));
    const probabilities = take(i32_shl(lengthOf4, 5)); // [key][8 queries]
    const dscores = take(i32(0));
    f.run(pack, keys, 0, key, stride, 0, length, headSize);
    f.run(pack, values, 0, value, stride, 0, length, headSize);
    f.run(pack, queries, 1, query, stride, 0, length, headSize);
    f.run(pack, douts, 1, dout, outStride, 0, length, headSize);
    f.run(pack, outs, 1, out, outStride, 0, length, headSize);
    f.run(pack, keyColumns, 1, key, stride, 1, headSize, length);
    f.run(pack, queryColumns, 1, query, stride, 1, headSize, length);
    f.run(pack, doutColumns, 1, dout, outStride, 1, headSize, length);
    const to = f.i32();
    f.for(to, dkey, probabilities, 16, () => f.do(v128_store(to, f32x4_splat(0))));

    const loop = tileLoop(f);
    const block = f.i32();
    const k = f.i32();
    const d = f.i32();
    const column = f.i32();
    const shift = [f.v128(), f.v128()] as const; // -logSumExp of each query
    const products = [f.v128(), f.v128()] as const; // out.dout of each query
    f.for(block, 0, length, 8, () => {
      const end = f.i32(i32_min(length, i32_add(block, 8)));
      const count = f.i32(i32_sub(end, block)); // queries
      const panel = f.i32(i32_shl(i32_mul(block, headSize), 2));
      f.run(gather, numbers, i32_add(logSumExp, i32_shl(i32_mul(block, heads), 2)), heads, count);
      for (const half of [0, 1] as const) {
        f.set(shift[half], f32x4_neg(v128_load(numbers, 16 * half)));
        f.set(products[half], f32x4_splat(0));
      }
      f.for(d, 0, headSize, 1, () => {
        f.set(to, i32_add(panel, i32_shl(d, 5)));
        for (const half of [0, 1] as const) {
          const o = v128_load(i32_add(outs, to), 16 * half);
          f.set(products[half], f.madd(o, v128_load(i32_add(douts, to), 16 * half), products[half]));
        }
      });
      f.for(k, 0, end, 4, () => {
        const rows = (panelsOf4: I32) => i32_add(panelsOf4, i32_shl(i32_mul(k, headSize), 2));
        clearTile(f, loop);
        multiplyTile(f, loop, rows(keys), 16, 4, i32_add(queries, panel), headSize); // scores [4 keys, 8 queries]
        f.set(to, i32_add(probabilities, i32_shl(k, 5)));
        loop.tile.forEach((score, i) => {
          f.set(score, f.call(exp, f.madd(score, scale, shift[(i & 1) as 0 | 1])));
        });
        f.if(i32_ge_s(k, block), () => {
          loop.tile.forEach((p, i) => {
            const later = laterThanQuery(i32_add(i32_sub(k, block), i >> 1), i & 1);
            f.set(p, v128_bitselect(f32x4_splat(0), p, later));
          });
        });
        loop.tile.forEach((p, i) => {
          f.do(v128_store(to, p, 16 * i));
        });
        clearTile(f, loop);
        multiplyTile(f, loop, rows(values), 16, 4, i32_add(douts, panel), headSize); // dp [4 keys, 8 queries]
        const ds = f.i32(i32_add(dscores, i32_shl(k, 5)));
        loop.tile.forEach((dp, i) => {
          const difference = f32x4_sub(dp, products[(i & 1) as 0 | 1]);
          f.do(v128_store(ds, f32x4_mul(f32x4_mul(v128_load(to, 16 * i), difference), scale), 16 * i));
        });
      });
      f.for(column, 0, headSize, 8, () => {
        for (const half of [0, 1]) {
          const rows = f.i32(i32_sub(end, i32_add(block, 4 * half)));
          f.if(i32_gt_s(rows, 0), () => {
            clearTile(f, loop);
            const panelOfKeys = i32_add(keyColumns, i32_shl(i32_mul(column, length), 2));
            multiplyTile(f, loop, i32_add(dscores, 16 * half), 32, 4, panelOfKeys, end); // dq [4 queries, 8 of headSize]
            f.set(to, i32_add(gradient.query, i32_mul(i32_add(block, 4 * half), stride), i32_shl(column, 2)));
            storeTile(f, loop.tile, to, stride, rows, i32_sub(headSize, column), accumulate, edge);
          });
        }
        for (const [sums, left, right] of [
          [dkey, dscores, queryColumns],
          [dvalue, probabilities, doutColumns],
        ] as const) {
          const b = f.i32(i32_add(right, i32_shl(i32_add(i32_mul(column, length), i32_shl(block, 3)), 2)));
          f.for(k, 0, end, 4, () => {
            f.set(to, i32_add(sums, i32_shl(i32_add(i32_mul(column, lengthOf4), i32_shl(k, 3)), 2)));
            loop.tile.forEach((sum, i) => f.set(sum, v128_load(to, 16 * i)));
            multiplyTile(f, loop, i32_add(left, i32_shl(k, 5)), 4, 32, b, count); // [4 keys, 8 of headSize]
            loop.tile.forEach((sum, i) => {
              f.do(v128_store(to, sum, 16 * i));
            });
          });
        }
      });
    });

    for (const [sums, matrix] of [
      [dkey, gradient.key],
      [dvalue, gradient.value],
    ] as const) {
      f.for(column, 0, headSize, 8, () => {
        f.for(k, 0, length, 4, () => {
          f.set(to, i32_add(sums, i32_shl(i32_add(i32_mul(column, lengthOf4), i32_shl(k, 3)), 2)));
          loop.tile.forEach((sum, i) => f.set(sum, v128_load(to, 16 * i)));
          f.set(to, i32_add(matrix, i32_mul(k, stride), i32_shl(column, 2)));
          storeTile(f, loop.tile, to, stride, i32_sub(length, k), i32_sub(headSize, column), accumulate, edge);
        });
      });
    }
  },
);

export function backwardScratchBytes(length: number, headSize: number): number {
  const overSize = 2 * panelBytes(length, headSize, 4) + 3 * panelBytes(length, headSize, 8);
  const overKeys = 3 * panelBytes(headSize, length, 8) + 2 * panelBytes(headSize, length + 3, 8);
  return EDGE_BYTES + 32 + overSize + overKeys + 2 * 32 * (length + 4);
}
