/** @file Reference products and sums against independent formulas. */
import { expect, test } from 'vitest';
import { reference } from '../../src/tensor/reference/index.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';

type Matrix = number[][];

/** Rows of a flat [rows, columns] array. */
function unflatten(data: ArrayLike<number>, rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => data[r * columns + c]!));
}

const transpose = (matrix: Matrix): Matrix => matrix[0]!.map((_, c) => matrix.map((row) => row[c]!));

/** Row i of the product as the rows of b, a[i, p] times each: not the order in which the kernel works. */
function product(a: Matrix, b: Matrix): Matrix {
  return a.map((aRow) =>
    b.map((bRow, p) => bRow.map((value) => aRow[p]! * value)).reduce((sum, row) => sum.map((x, j) => x + row[j]!)),
  );
}

test('matmul: [[1, 2], [3, 4]] times [[5, 6], [7, 8]] is [[19, 22], [43, 50]]', () => {
  const c = new Float64Array(4);
  reference.matmul(c, Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8), { m: 2, n: 2, k: 2 });
  expect([...c]).toEqual([19, 22, 43, 50]);
});

for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    for (const accumulate of [false, true]) {
      const mode = `transposeA ${transposeA}, transposeB ${transposeB}, accumulate ${accumulate}`;
      test(`matmul: two matrices, ${mode}, equal sums of rows of B within 1e-14`, () => {
        const [m, n, k, batch] = [3, 5, 4, 2];
        const a = values(batch * m * k, 2);
        const b = values(batch * k * n, 3);
        const before = values(batch * m * n, 4);
        const c = Float64Array.from(before);
        reference.matmul(c, a, b, { m, n, k, transposeA, transposeB, accumulate, batch });
        const expected = Array.from({ length: batch }, (_, s) => {
          const aData = a.subarray(s * m * k, (s + 1) * m * k);
          const bData = b.subarray(s * k * n, (s + 1) * k * n);
          const A = transposeA ? transpose(unflatten(aData, k, m)) : unflatten(aData, m, k);
          const B = transposeB ? transpose(unflatten(bData, n, k)) : unflatten(bData, k, n);
          return product(A, B).flat();
        }).flat();
        expectClose(
          c,
          expected.map((value, i) => value + (accumulate ? before[i]! : 0)),
          { absolute: 1e-14 },
        );
      });
    }
  }
}

test('matmul: strides choose the matrices of a batch, 0 repeats one', () => {
  const c = new Float32Array(6).fill(9);
  const options = { m: 1, n: 2, k: 1, batch: 2, strideA: 0, strideB: 3, strideC: 4 };
  reference.matmul(c, Float32Array.of(10), Float32Array.of(1, 2, 0, 3, 4), options);
  expect([...c]).toEqual([10, 20, 9, 9, 30, 40]);
});

test('matmul: an empty sum is zero', () => {
  const c = Float32Array.of(7);
  reference.matmul(c, new Float32Array(0), new Float32Array(0), { m: 1, n: 1, k: 0 });
  expect(c[0]).toBe(0);
});

test('addBias adds a row to every row, in place too; columnSums adds up columns, onto what is there if asked', () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  reference.addBias(x, x, Float32Array.of(10, 20), 3, 2);
  expect([...x]).toEqual([11, 22, 13, 24, 15, 26]);
  const out = Float32Array.of(100, 200);
  reference.columnSums(out, x, 3, 2, true);
  expect([...out]).toEqual([139, 272]);
  reference.columnSums(out, x, 3, 2, false);
  expect([...out]).toEqual([39, 72]);
});

test('add, add3 and scale, with and without accumulation', () => {
  const [a, b, c] = [Float32Array.of(1, 2), Float32Array.of(10, 20), Float32Array.of(100, 200)];
  const out = new Float32Array(2);
  reference.add(out, a, b);
  expect([...out]).toEqual([11, 22]);
  reference.add3(out, a, b, c);
  expect([...out]).toEqual([111, 222]);
  reference.scale(out, a, 0.5, true);
  expect([...out]).toEqual([111.5, 223]);
  reference.scale(out, a, 0.5, false);
  expect([...out]).toEqual([0.5, 1]);
});
