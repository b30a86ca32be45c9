/** @file Matrix products, square ones and those of a training step: plain loops, SIMD with one thread and with all. */
import { openEngine } from '../src/platform.ts';
import { type MatmulOptions, reference } from '../src/tensor/index.ts';
import { measure } from './suite.ts';

const TOKENS = 64 * 74; // a batch of the preset tiny
const square = (n: number): [string, MatmulOptions] => [`${n} x ${n} x ${n}`, { m: n, n, k: n }];
const PRODUCTS: readonly [name: string, options: MatmulOptions][] = [
  square(128),
  square(256),
  square(512),
  ['qkv = h W^T', { m: TOKENS, n: 192, k: 64, transposeB: true }],
  ['dh = du W', { m: TOKENS, n: 64, k: 256 }],
  ['dW = du^T h', { m: 256, n: 64, k: TOKENS, transposeA: true }],
];

const one = await openEngine({ threads: 1 });
const all = await openEngine();
const values = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i));

const cases = PRODUCTS.flatMap(([name, options]) => {
  const { m, n, k } = options;
  const [a, b] = [values(m * k), values(k * n)];
  const work = (2 * m * n * k) / 1e9;
  const fast = [one, all].map((engine) => {
    const [x, y, z] = [engine.tensor([m, k], a).data, engine.tensor([k, n], b).data, engine.empty([m, n]).data];
    const threads = engine.threads === 1 ? '1 thread' : `${engine.threads} threads`;
    return { name: `${name}, ${threads}`, work, run: () => engine.kernels.matmul(z, x, y, options) };
  });
  if (name !== square(256)[0]) return fast; // the plain loops take long: one size tells
  const z = new Float32Array(m * n);
  return [{ name: `${name}, reference`, work, run: () => reference.matmul(z, a, b, options) }, ...fast];
});
await measure('matrix product', 'GFLOP/s', cases);
await one.close();
await all.close();
