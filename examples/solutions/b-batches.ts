// The batches of the chapter's example go on: each epoch has every sample once, in an order of its own.
import { BatchOrder } from '../../src/study/batches.ts';

const order = new BatchOrder(10, 4, 'seed');
console.log(order.batch(5).join(' '));
const drawn = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((step) => order.batch(step));
for (const epoch of [0, 1, 2]) {
  const samples = drawn.slice(10 * epoch, 10 * epoch + 10);
  console.log(`${samples.join(' ')}: ${new Set(samples).size} different`);
}
// =>
// 1 2 3 4
// 0 1 2 3 4 5 6 7 8 9: 10 different
// 7 4 1 8 5 2 9 6 3 0: 10 different
// 1 2 3 4 5 6 7 8 9 0: 10 different
