/** @file Attention of one new token to a cache: one task for each head of each sample. Appendix A. */
import { task } from './assembler.ts';
import { HEAD_SCHEMA, headAddresses } from './attention-heads.ts';
import { exp } from './exponential.ts';
import {
  f32,
  f32_add,
  f32_div,
  f32_load,
  f32_max,
  f32_mul,
  f32_store,
  f32x4_mul,
  f32x4_splat,
  f32x4_sub,
  i32_add,
  i32_div_u,
  i32_load,
  i32_mul,
  i32_rem_u,
  i32_shl,
  i32_sub,
  v128_load32_splat,
} from './instructions.ts';
import { forVectors, sumOfLanes } from './vectors.ts';

export const attentionStepTask = task(
  'attentionStep',
  { out: 'i32', cache: 'i32', lengths: 'i32', capacity: 'i32', ...HEAD_SCHEMA },
  (f, args, chunk, scores) => {
    const { heads, headSize, capacity } = args;
    const sample = f.i32(i32_div_u(chunk, heads));
    const head = f.i32(i32_rem_u(chunk, heads));
    const length = f.i32(i32_load(i32_add(args.lengths, i32_shl(sample, 2))));
    const { query, key, value, stride } = headAddresses(f, args, args.cache, i32_mul(sample, capacity), head);
    f.increase(query, i32_mul(i32_sub(length, 1), stride));
    const out = f.i32(i32_add(args.out, i32_shl(i32_mul(i32_add(i32_mul(sample, heads), head), headSize), 2)));
    const bytes = f.i32(i32_shl(headSize, 2));
    const scoreBytes = f.i32(i32_shl(length, 2));

    const largest = f.f32(f32(-Infinity));
    const dot = f.v128();
    const score = f.f32();
    const at = f.i32();
    f.for(at, 0, scoreBytes, 4, () => {
      f.set(dot, f32x4_splat(0));
      forVectors(f, bytes, (lanes) => f.set(dot, f.madd(lanes.load(query), lanes.load(key), dot)));
      f.set(score, f32_mul(sumOfLanes(f, dot), args.scale));
      f.set(largest, f32_max(largest, score));
      f.do(f32_store(i32_add(scores, at), score));
      f.increase(key, stride);
    });
    forVectors(f, scoreBytes, (lanes) => {
      lanes.store(scores, exp(f, f32x4_sub(lanes.load(scores), f32x4_splat(largest))));
    });
    const sum = f.f32(f32(0));
    f.for(at, 0, scoreBytes, 4, () => f.set(sum, f32_add(sum, f32_load(i32_add(scores, at)))));
    const factor = f.v128(f32x4_splat(f32_div(1, sum)));
    const row = f.i32();
    forVectors(f, bytes, (lanes) => {
      f.set(dot, f32x4_splat(0));
      f.set(row, value);
      f.for(at, 0, scoreBytes, 4, () => {
        f.set(dot, f.madd(v128_load32_splat(i32_add(scores, at)), lanes.load(row), dot));
        f.increase(row, stride);
      });
      lanes.store(out, f32x4_mul(dot, factor));
    });
  },
);
