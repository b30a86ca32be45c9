/** @file Reference activations, norms, embedding and rotary positions against independent formulas. */
import { expect, test } from 'vitest';
import { type HeadLayout, qkvOffsets } from '../../src/tensor/kernels.ts';
import { reference } from '../../src/tensor/reference/index.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';

const average = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
/** The mean square minus the squared mean: not the kernel's formula. */
const variance = (list: number[]): number => average(list.map((value) => value * value)) - average(list) ** 2;

test('gelu: x times the logistic function of 2 sqrt(2 / pi) (x + 0.044715 x^3), within 1e-15', () => {
  // (1 + tanh u) / 2 = 1 / (1 + exp(-2 u))
  const x = Float64Array.of(-6, -1, -0.1, 0, 0.5, 1, 3, 40);
  const out = new Float64Array(x.length);
  reference.gelu(out, x);
  const expected = Array.from(x, (v) => v / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));
  expectClose(out, expected, { absolute: 1e-15, relative: 1e-15 });
  expectClose([out[5]!], [0.841192], { absolute: 1e-6 }, 'gelu_new(1), as published');
});

test('relu keeps what is positive, and NaN', () => {
  const out = new Float32Array(4);
  reference.relu(out, Float32Array.of(-1, 0, 2, NaN));
  expect([...out]).toEqual([0, 0, 2, NaN]);
});

test('layerNorm: [1, 2, 3, 4] becomes (x - 2.5) / sqrt(1.25), times weight plus bias', () => {
  const [out, mean, rstd] = [new Float64Array(4), new Float64Array(1), new Float64Array(1)];
  const weight = Float64Array.of(1, 2, 1, 1);
  const bias = Float64Array.of(0, 0, 0, 5);
  reference.layerNorm(out, mean, rstd, Float64Array.of(1, 2, 3, 4), weight, bias, 1, 4, 0);
  const s = Math.sqrt(1.25);
  expectClose(out, [-1.5 / s, -1 / s, 0.5 / s, 1.5 / s + 5], { absolute: 1e-15 });
  expectClose([mean[0]!, rstd[0]!], [2.5, 1 / s], { absolute: 1e-15 });
});

test('layerNorm and batch norm: statistics of rows and columns with epsilon, within 1e-12', () => {
  const [rows, width, epsilon] = [5, 3, 0.01];
  const x = values(rows * width, 5);
  const [weight, bias] = [values(width, 6), values(width, 7)];
  const out = new Float64Array(rows * width);
  reference.layerNorm(out, new Float64Array(rows), new Float64Array(rows), x, weight, bias, rows, width, epsilon);
  const byRow = Array.from(x, (value, i) => {
    const row = [...x].filter((_, other) => Math.floor(other / width) === Math.floor(i / width));
    return ((value - average(row)) / Math.sqrt(variance(row) + epsilon)) * weight[i % width]! + bias[i % width]!;
  });
  expectClose(out, byRow, { absolute: 1e-12 }, 'layer norm');

  const [mean, rstd] = [new Float64Array(width), new Float64Array(width)];
  reference.columnStatistics(mean, rstd, x, rows, width, epsilon);
  reference.normalizeColumns(out, x, mean, rstd, weight, bias, rows, width);
  const byColumn = Array.from(x, (value, i) => {
    const column = [...x].filter((_, other) => other % width === i % width);
    return ((value - average(column)) / Math.sqrt(variance(column) + epsilon)) * weight[i % width]! + bias[i % width]!;
  });
  expectClose(out, byColumn, { absolute: 1e-12 }, 'batch norm');
});

test('embedding copies rows; its derivative adds up the rows of an id, and clears the others', () => {
  const table = Float32Array.of(1, 2, 3, 4, 5, 6); // [3, 2]
  const ids = Int32Array.of(2, 0, 2);
  const out = new Float32Array(6);
  reference.embedding(out, table, ids, 3, 2);
  expect([...out]).toEqual([5, 6, 1, 2, 5, 6]);
  const dtable = new Float32Array(6).fill(100);
  reference.embeddingBackward(dtable, Float32Array.of(1, 2, 10, 20, 3, 4), ids, 3, 2, 3, false);
  expect([...dtable]).toEqual([10, 20, 0, 0, 4, 6]);
  reference.embeddingBackward(dtable, Float32Array.of(1, 2, 10, 20, 3, 4), ids, 3, 2, 3, true);
  expect([...dtable]).toEqual([20, 40, 0, 0, 8, 12]);
});

test('qkvOffsets: 8 heads of size 2 in 4 groups lie as query, value, key of two heads each', () => {
  const layout: HeadLayout = { heads: 8, headSize: 2, groups: 4 };
  expect(qkvOffsets(layout, 0)).toEqual({ query: 0, value: 4, key: 8 });
  expect(qkvOffsets(layout, 1)).toEqual({ query: 2, value: 6, key: 10 });
  expect(qkvOffsets(layout, 5)).toEqual({ query: 26, value: 30, key: 34 });
});

for (const groups of [1, 2]) {
  test(`rotary: multiplies pairs, as complex numbers, by exp(i angle), ${groups} groups, within 1e-15`, () => {
    const layout: HeadLayout = { heads: 2, headSize: 6, groups };
    const [tokens, width, rotaryDim] = [2, 36, 4];
    const positions = Int32Array.of(0, 3);
    const qkv = values(tokens * width, 8);
    const out = new Float64Array(tokens * width);
    reference.rotary(out, qkv, positions, tokens, layout, rotaryDim, false, false);
    // rotaryDim 4: the pairs turn by position / 1 and position / 100
    const expected = Float64Array.from(qkv);
    for (let head = 0; head < 2; head++) {
      const { query, key } = qkvOffsets(layout, head);
      for (const start of [query, key]) {
        for (const [pair, angle] of [
          [0, 3],
          [2, 0.03],
        ] as const) {
          const at = width + start + pair;
          const [length, phase] = [Math.hypot(qkv[at]!, qkv[at + 1]!), Math.atan2(qkv[at + 1]!, qkv[at]!)];
          expected[at] = length * Math.cos(phase + angle);
          expected[at + 1] = length * Math.sin(phase + angle);
        }
      }
    }
    expectClose(out, expected, { absolute: 2e-15 });

    const back = new Float64Array(tokens * width).fill(1);
    reference.rotary(back, out, positions, tokens, layout, rotaryDim, true, true);
    expectClose(
      back,
      Array.from(qkv, (value) => value + 1),
      { absolute: 2e-15 },
      'turned back, added to 1',
    );
  });
}

test('rotary: the product of a turned query and key depends on the distance of their positions only, within 1e-14', () => {
  const layout: HeadLayout = { heads: 1, headSize: 8, groups: 1 };
  const row = values(24, 9);
  const qkv = Float64Array.from([...row, ...row]);
  const score = (queryPosition: number, keyPosition: number): number => {
    const out = new Float64Array(48);
    reference.rotary(out, qkv, Int32Array.of(queryPosition, keyPosition), 2, layout, 8, false, false);
    const { query, key } = qkvOffsets(layout, 0);
    return Array.from({ length: 8 }, (_, d) => out[query + d]! * out[24 + key + d]!).reduce((a, b) => a + b);
  };
  expectClose([score(5, 2), score(105, 102)], [score(3, 0), score(3, 0)], { absolute: 1e-14 });
});
