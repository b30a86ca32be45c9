/** @file Reference attention and cross-entropy against independent formulas; the reference engine. */
import { expect, test } from 'vitest';
import { ShapeError } from '../../src/tensor/errors.ts';
import { type HeadLayout, qkvOffsets } from '../../src/tensor/kernels.ts';
import { reference } from '../../src/tensor/reference/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';

const layout: HeadLayout = { heads: 4, headSize: 3, groups: 2 };
const WIDTH = 36;

/** softmax(Q K^T / sqrt(size), future masked) V of one sample and head, with matrices and without shifting scores. */
function attention(qkv: Float64Array, begin: number, end: number, head: number): number[][] {
  const { headSize } = layout;
  const { query, key, value } = qkvOffsets(layout, head);
  const cut = (offset: number): number[][] =>
    Array.from({ length: end - begin }, (_, t) => [
      ...qkv.subarray((begin + t) * WIDTH + offset, (begin + t) * WIDTH + offset + headSize),
    ]);
  const [Q, K, V] = [cut(query), cut(key), cut(value)];
  return Q.map((q, t) => {
    const weights = K.map((k, s) =>
      s > t ? 0 : Math.exp(k.reduce((sum, number, d) => sum + number * q[d]!, 0) / headSize ** 0.5),
    );
    const total = weights.reduce((a, b) => a + b);
    return V[0]!.map((_, d) => V.reduce((sum, v, s) => sum + (weights[s]! / total) * v[d]!, 0));
  });
}

test('causalAttention: packed samples of 1, 4 and 2 tokens equal masked softmax matrices within 1e-14', () => {
  const starts = Int32Array.of(0, 1, 5, 7);
  const qkv = values(7 * WIDTH, 10).map((value) => 3 * value);
  const [out, logSumExp] = [new Float64Array(7 * 12), new Float64Array(7 * 4)];
  reference.causalAttention(out, logSumExp, qkv, starts, 3, layout);
  for (const [begin, end] of [
    [0, 1],
    [1, 5],
    [5, 7],
  ] as const) {
    for (let head = 0; head < 4; head++) {
      attention(qkv, begin, end, head).forEach((row, t) => {
        const at = (begin + t) * 12 + head * 3;
        expectClose(out.subarray(at, at + 3), row, { absolute: 1e-14 }, `token ${begin + t}, head ${head}`);
      });
    }
  }
});

test('causalAttention: scores of 800 do not overflow', () => {
  const qkv = new Float64Array(2 * WIDTH).fill(40);
  const out = new Float64Array(24);
  reference.causalAttention(out, new Float64Array(8), qkv, Int32Array.of(0, 2), 1, layout);
  expectClose(out, new Array(24).fill(40), { relative: 1e-14 });
});

test('causalAttentionBackward writes every element of the tokens, or adds to it', () => {
  const starts = Int32Array.of(0, 2, 5);
  const qkv = values(5 * WIDTH, 11);
  const [out, logSumExp, dout] = [new Float64Array(60), new Float64Array(20), values(60, 12)];
  reference.causalAttention(out, logSumExp, qkv, starts, 2, layout);
  const written = new Float64Array(5 * WIDTH).fill(NaN);
  reference.causalAttentionBackward(written, dout, out, logSumExp, qkv, starts, 2, layout, false);
  const added = new Float64Array(5 * WIDTH).fill(2);
  reference.causalAttentionBackward(added, dout, out, logSumExp, qkv, starts, 2, layout, true);
  expectClose(
    added,
    Array.from(written, (value) => value + 2),
    { absolute: 1e-14 },
  );
});

test('attentionStep: the newest token of each sample gets what causalAttention gives it, to the bit', () => {
  const lengths = Int32Array.of(1, 4, 3);
  const starts = Int32Array.of(0, 1, 5, 8);
  const capacity = 5;
  const qkv = values(8 * WIDTH, 13);
  const cache = new Float64Array(3 * capacity * WIDTH).fill(NaN);
  for (let s = 0; s < 3; s++) cache.set(qkv.subarray(starts[s]! * WIDTH, starts[s + 1]! * WIDTH), s * capacity * WIDTH);
  const [all, step] = [new Float64Array(8 * 12), new Float64Array(3 * 12)];
  reference.causalAttention(all, new Float64Array(32), qkv, starts, 3, layout);
  reference.attentionStep(step, cache, lengths, 3, capacity, layout);
  const last = [0, 4, 7].flatMap((t) => [...all.subarray(t * 12, t * 12 + 12)]);
  expect([...step]).toEqual(last);
});

test('crossEntropy: log of 3 for equal logits, log(1 + e^-2) two nats ahead, 0 for ignored rows, none overflows', () => {
  const logits = Float64Array.of(7, 7, 7, 2, 0, -1000, 1, 2, 3, 1000, 0, 0);
  const losses = new Float64Array(4).fill(NaN);
  reference.crossEntropy(losses, logits, Int32Array.of(1, 0, -100, 1), 4, 3);
  expectClose(losses, [Math.log(3), Math.log(1 + Math.exp(-2)), 0, 1000], { absolute: 1e-14 });
});

test('crossEntropyBackward: softmax minus target, times the scale of the row; nothing in ignored rows', () => {
  const logits = Float64Array.of(0, Math.log(2), Math.log(5), 1000, 1, 2);
  const dlogits = new Float64Array(6).fill(1);
  const scales = Float64Array.of(2, NaN);
  reference.crossEntropyBackward(dlogits, logits, Int32Array.of(1, -1), scales, 2, 3, true);
  expectClose(dlogits, [1 + 2 / 8, 1 + 2 * (2 / 8 - 1), 1 + (2 * 5) / 8, 1, 1, 1], { absolute: 1e-14 });
  reference.crossEntropyBackward(dlogits, logits, Int32Array.of(-1, 0), Float64Array.of(1, 1), 2, 3, false);
  expectClose(dlogits, [0, 0, 0, 0, 0, 0], { absolute: 1e-14 });
});

test('reference engine: shapes are checked, integers and values copied, scopes give back what they count', () => {
  const engine = createReferenceEngine('float32');
  expect(() => engine.tensor([2, 2], [1, 2, 3])).toThrow(
    new ShapeError('tensor: shape [2, 2] does not fit 3 elements'),
  );
  expect(() => engine.zeros([2, -1])).toThrow(ShapeError);
  expect(engine.tensor([2], [1, 0.1]).data).toEqual(Float32Array.of(1, 0.1));
  expect(createReferenceEngine('float64').tensor([1], [0.1]).data).toEqual(Float64Array.of(0.1));
  expect(engine.integers([1, -100])).toEqual(Int32Array.of(1, -100));
  expect(engine.integers(2)).toEqual(new Int32Array(2));
  const before = engine.memory().usedBytes;
  expect(engine.scope(() => engine.empty([100]).size)).toBe(100);
  expect(() => engine.scope(() => engine.tensor([1], []))).toThrow(ShapeError);
  expect(engine.memory()).toEqual({ usedBytes: before, peakBytes: before + 400 });
});
