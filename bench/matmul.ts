/** @file Matrix products: squares in all transpositions, and those of the presets' training steps. */
import { modelConfig } from '../src/study/model-config.ts';
import { type Engine, type FloatArray, type MatmulOptions, reference } from '../src/tensor/index.ts';
import { innerWidth } from '../src/transformer/index.ts';
import { measure } from './measure.ts';
import { MEASURED_PRESETS, tokensOfStep } from './presets.ts';
import type { Product } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number, percent } from './table.ts';

interface Case {
  readonly name: string;
  readonly options: MatmulOptions;
}

const square = (n: number, transposeA: boolean, transposeB: boolean): Case => ({
  name: `${n}: ${transposeA ? 'A^T' : 'A'} ${transposeB ? 'B^T' : 'B'}`,
  options: { m: n, n, k: n, transposeA, transposeB },
});

const TRANSPOSITIONS = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

/** The size at which the plain loops are measured too: they take long. */
const REFERENCE_SIZE = 256;

/** Forward, dx and dW of each linear layer. */
function productsOfStep({ name, settings }: (typeof MEASURED_PRESETS)[number]): Case[] {
  const config = modelConfig(settings);
  const [tokens, width, inner] = [tokensOfStep(settings), config.n_embd, innerWidth(config)];
  const layers: readonly (readonly [name: string, inputs: number, outputs: number])[] = [
    ['qkv_proj', width, 3 * width],
    ['out_proj', width, width],
    ['fc_in', width, inner],
    ['fc_out', inner, width],
    ['lm_head', width, config.vocab_size],
  ];
  return layers.flatMap(([layer, inputs, outputs]): Case[] => [
    { name: `${name} ${layer} y`, options: { m: tokens, n: outputs, k: inputs, transposeB: true } },
    { name: `${name} ${layer} dx`, options: { m: tokens, n: inputs, k: outputs } },
    { name: `${name} ${layer} dW`, options: { m: outputs, n: inputs, k: tokens, transposeA: true } },
  ]);
}

const CASES: readonly Case[] = [
  ...[128, 256, 512].flatMap((n) => TRANSPOSITIONS.map(([a, b]) => square(n, a, b))),
  square(1024, false, false),
  ...MEASURED_PRESETS.filter(({ name }) => name !== 'smoke').flatMap(productsOfStep),
];

const values = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i));

async function gflopsOf(run: () => void, { m, n, k }: MatmulOptions): Promise<number> {
  const { best } = await measure(run, 0.25);
  return (2 * m * n * k) / best / 1e9;
}

/** Arrays that hold any product of {@link CASES}: the measurements are asynchronous, and `engine.scope` is not. */
function arraysIn(engine: Engine): { readonly a: FloatArray; readonly b: FloatArray; readonly c: FloatArray } {
  const filled = (size: (options: MatmulOptions) => number): FloatArray => {
    const most = Math.max(...CASES.map(({ options }) => size(options)));
    return engine.tensor([most], values(most)).data;
  };
  return { a: filled(({ m, k }) => m * k), b: filled(({ k, n }) => k * n), c: filled(({ m, n }) => m * n) };
}

export const matmulSuite: Suite<readonly Product[]> = {
  async measure(bench) {
    await bench.peak();
    const products: Product[] = [];
    const add = async ({ name, options }: Case, kernel: Product['kernel'], threads: number, gflops: number) => {
      const { m, n, k, transposeA = false, transposeB = false } = options;
      const ofPeak = gflops / (await bench.ceiling(threads));
      products.push({ name, m, n, k, transposeA, transposeB, kernel, threads, gflops, ofPeak });
    };
    await bench.withEngines(async (engines) => {
      const memories = engines.map((engine) => ({ engine, ...arraysIn(engine) }));
      for (const one of bench.select('matmul', CASES)) {
        bench.note(`matmul, ${one.name}`);
        const { m, n, k } = one.options;
        for (const { engine, a, b, c } of memories) {
          const [x, y, z] = [a.subarray(0, m * k), b.subarray(0, k * n), c.subarray(0, m * n)];
          const gflops = await gflopsOf(() => engine.kernels.matmul(z, x, y, one.options), one.options);
          await add(one, 'fast', engine.threads, gflops);
        }
      }
    });
    const plain = square(REFERENCE_SIZE, false, false);
    const [a, b, c] = [0, 0, 0].map(() => values(REFERENCE_SIZE ** 2)) as [Float32Array, Float32Array, Float32Array];
    await add(plain, 'reference', 1, await gflopsOf(() => reference.matmul(c, a, b, plain.options), plain.options));
    return products;
  },
  describe(products) {
    const counts = [...new Set(products.map(({ threads }) => threads))];
    const fast = products.filter(({ kernel }) => kernel === 'fast');
    const rows = fast
      .filter(({ threads }) => threads === 1)
      .map((one) => [
        one.name,
        `${one.m} x ${one.n} x ${one.k}`,
        ...counts.flatMap((count) => {
          const { gflops, ofPeak } = fast.find(({ name, threads }) => name === one.name && threads === count)!;
          return [number(gflops), percent(ofPeak)];
        }),
      ]);
    const plain = products
      .filter(({ kernel }) => kernel === 'reference')
      .map(({ m, gflops }) => `plain loops, ${m} x ${m} x ${m}, 1 thread: ${number(gflops)} GFLOP/s`);
    const heads = counts.flatMap((count) => [count === 1 ? '1 thread' : `${count} threads`, 'of peak']);
    return [...formatTable(['product, GFLOP/s', 'm x n x k', ...heads], rows), '', ...plain];
  },
};
