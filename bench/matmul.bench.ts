/** @file Matrix products: plain loops, and the SIMD kernels with one thread and with all. */
import { openEngine } from '../src/platform.ts';
import { reference } from '../src/tensor/index.ts';
import { measure } from './suite.ts';

const one = await openEngine({ threads: 1 });
const all = await openEngine();
const uniform = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i));

const cases = [];
for (const n of [128, 256, 512]) {
  const [a, b, c] = [uniform(n * n), uniform(n * n), new Float32Array(n * n)];
  const sizes = { m: n, n, k: n };
  const work = (2 * n ** 3) / 1e9;
  if (n < 512) cases.push({ name: `${n} x ${n} x ${n}, reference`, work, run: () => reference.matmul(c, a, b, sizes) });
  for (const engine of [one, all]) {
    const [x, y, z] = [engine.tensor([n, n], a).data, engine.tensor([n, n], b).data, engine.empty([n, n]).data];
    const threads = engine.threads === 1 ? '1 thread' : `${engine.threads} threads`;
    cases.push({ name: `${n} x ${n} x ${n}, ${threads}`, work, run: () => engine.kernels.matmul(z, x, y, sizes) });
  }
}
await measure('matrix product', 'GFLOP/s', cases);
await one.close();
await all.close();
