// Two rows of x and of dy change places: which bits of y, dx and dw change? The exact kernels have the bits of the fast ones.
import { randomStream } from '../../src/random.ts';
import { createExactEngine } from '../../src/tensor/exact/index.ts';

const [rows, inner, outer] = [6, 8, 5];
const random = randomStream('0', 'rows');
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const [x, w, dy] = [numbers(rows * inner), numbers(outer * inner), numbers(rows * outer)];

/** With rows `one` and 0 exchanged. */
const swapped = (data: Float32Array, width: number, one: number): Float32Array => {
  const copy = data.slice();
  copy.set(data.subarray(one * width, (one + 1) * width), 0);
  copy.set(data.subarray(0, width), one * width);
  return copy;
};

const { kernels } = createExactEngine('relaxed-simd');
function compute(x: Float32Array, dy: Float32Array) {
  const [y, dx, dw] = [new Float32Array(rows * outer), new Float32Array(rows * inner), new Float32Array(outer * inner)];
  kernels.matmul(y, x, w, { m: rows, n: outer, k: inner, transposeB: true }); // y = x w^T
  kernels.matmul(dx, dy, w, { m: rows, n: inner, k: outer }); // dx = dy w
  kernels.matmul(dw, dy, x, { m: outer, n: inner, k: rows, transposeA: true }); // dw = dy^T x
  return { y, dx, dw };
}

const before = compute(x, dy);
const after = compute(swapped(x, inner, 3), swapped(dy, outer, 3));
const changed = (a: Float32Array, b: Float32Array) => a.filter((value, i) => !Object.is(value, b[i])).length;
console.log(changed(swapped(before.y, outer, 3), after.y), changed(swapped(before.dx, inner, 3), after.dx));
console.log(changed(before.dw, after.dw), before.dw.length);
// =>
// 0 0
// 14 40
