// The same kernel twice: plain loops, and WebAssembly on one thread.
import { openEngine } from '../src/node/threads.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const fast = await openEngine({ threads: 1, memoryBytes: 64 * 2 ** 20 });
const plain = createReferenceEngine('float32');

const size = { m: 37, n: 50, k: 300 }; // no multiples of the tile: the edges count as well
const random = randomStream('0', 'example');
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const [a, b] = [numbers(size.m * size.k), numbers(size.k * size.n)];

const [c, expected] = [fast, plain].map((engine) => {
  const out = engine.empty([size.m, size.n]);
  const [left, right] = [engine.tensor([size.m, size.k], a), engine.tensor([size.k, size.n], b)];
  engine.kernels.matmul(out.data, left.data, right.data, size);
  return out.data;
});
const largest = Math.max(...Array.from(c!, (value, i) => Math.abs(value - expected![i]!)));
console.log(largest < 1e-5, c!.length); // => true 1850

// What a scope allocates is free again after it, all at once.
const before = fast.memory().usedBytes;
fast.scope(() => {
  fast.zeros([1000, 1000]);
  console.log(fast.memory().usedBytes - before); // => 4000000
});
console.log(fast.memory().usedBytes - before); // => 0

// Memory that is not there is an error with numbers in it.
try {
  fast.zeros([100_000, 1000]);
} catch (error) {
  const { name, message } = error as Error;
  console.log(name, message.split(',')[0]); // => OutOfMemoryError out of memory: 400000000 bytes asked for
}
await fast.close();
