// One sum of 300 products, cut into parts for 1, 2 and 3 threads: the bits change with the number of threads.
import { randomStream } from '../../src/random.ts';

const random = randomStream('0', 'sum');
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const [a, b] = [numbers(300), numbers(300)];
const { fround } = Math;
const sumOf = (from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum = fround(sum + fround(a[i]! * b[i]!));
  return sum;
};
for (const threads of [1, 2, 3]) {
  const share = 300 / threads;
  let sum = 0;
  for (let thread = 0; thread < threads; thread++) sum = fround(sum + sumOf(thread * share, (thread + 1) * share));
  console.log(threads, sum.toPrecision(9));
}
// =>
// 1 1.31688809
// 2 1.31688929
// 3 1.31689048
