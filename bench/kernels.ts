/** @file Every fast kernel beside its reference. */
import { type Engine, type Kernels, reference } from '../src/tensor/index.ts';
import { KERNEL_CASES, KERNEL_FLOPS, type Make } from './kernel-cases.ts';
import { measure } from './measure.ts';
import type { KernelSpeed } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number } from './table.ts';
import { flopsOf, productOf } from './timed-engine.ts';

type KernelName = keyof Kernels;

const value = (index: number): number => Math.sin(index);
const sizeOf = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1);

/** Arrays in the engine's memory; they stay until it is closed. */
function inEngine(engine: Engine): Make {
  const filled = (shape: number[], at: (index: number) => number) =>
    engine.tensor(
      shape,
      Float32Array.from({ length: sizeOf(shape) }, (_, index) => at(index)),
    ).data;
  return {
    floats: (...shape) => filled(shape, value),
    positive: (...shape) => filled(shape, (index) => 1 + value(index) / 2),
    integers: (length, at) => engine.integers(Array.from({ length }, (_, index) => at(index))),
  };
}

/** Ordinary arrays. */
const ordinary: Make = {
  floats: (...shape) => Float32Array.from({ length: sizeOf(shape) }, (_, index) => value(index)),
  positive: (...shape) => Float32Array.from({ length: sizeOf(shape) }, (_, index) => 1 + value(index) / 2),
  integers: (length, at) => Int32Array.from({ length }, (_, index) => at(index)),
};

/** What a call is: the shape of its output, FLOP where they matter, bytes of its arrays. */
export function describeCall(name: KernelName): { shape: string; flops: number; bytes: number } {
  const shapes: (readonly number[])[] = [];
  const floats: Make['floats'] = (...shape) => {
    shapes.push(shape);
    return new Float32Array(0);
  };
  const integers: Make['integers'] = (length) => {
    shapes.push([length]);
    return new Int32Array(0);
  };
  const args = KERNEL_CASES[name]({ floats, positive: floats, integers });
  const product = productOf(args);
  const shape = product ? [product.m, product.n, product.k] : shapes[0]!;
  return {
    shape: shape.join(' x '),
    flops: KERNEL_FLOPS[name] ?? flopsOf(product),
    bytes: shapes.reduce((sum, sizes) => sum + 4 * sizeOf(sizes), 0),
  };
}

async function secondsOf(kernels: Kernels, name: KernelName, make: Make): Promise<number> {
  const kernel = kernels[name] as (...args: unknown[]) => unknown;
  const args: readonly unknown[] = KERNEL_CASES[name](make);
  return (await measure(() => void kernel(...args), 0.25)).best;
}

export const kernelsSuite: Suite<readonly KernelSpeed[]> = {
  measure: (bench) =>
    bench.withEngines(async (engines) => {
      const speeds: KernelSpeed[] = [];
      const cases = (Object.keys(KERNEL_CASES) as KernelName[]).map((name) => ({ name }));
      for (const { name } of bench.select('kernels', cases)) {
        bench.note(`kernels, ${name}`);
        const { shape, flops, bytes } = describeCall(name);
        const plain = await secondsOf(reference, name, ordinary);
        for (const engine of engines) {
          const seconds = await secondsOf(engine.kernels, name, inEngine(engine));
          const rate = flops > 0 ? { gflops: flops / seconds / 1e9 } : { gigabytesPerSecond: bytes / seconds / 1e9 };
          speeds.push({ name, shape, threads: engine.threads, ...rate, speedupOverReference: plain / seconds });
        }
      }
      return speeds;
    }),
  describe: (speeds) => [
    ...describeRates(
      'GFLOP/s',
      speeds.filter(({ gflops }) => gflops !== undefined),
    ),
    '',
    ...describeRates(
      'GB/s',
      speeds.filter(({ gflops }) => gflops === undefined),
    ),
  ],
};

/** A line a kernel: the rate and the speed-up with each number of threads. */
function describeRates(unit: string, speeds: readonly KernelSpeed[]): string[] {
  const counts = [...new Set(speeds.map(({ threads }) => threads))];
  const rows = speeds
    .filter(({ threads }) => threads === 1)
    .map(({ name, shape }) => [
      name,
      shape,
      ...counts.flatMap((count) => {
        const speed = speeds.find((other) => other.name === name && other.threads === count)!;
        return [number(speed.gflops ?? speed.gigabytesPerSecond!), number(speed.speedupOverReference)];
      }),
    ]);
  const heads = counts.flatMap((count) => [count === 1 ? '1 thread' : `${count} threads`, 'x ref.']);
  return formatTable([`kernel, ${unit}`, 'output', ...heads], rows);
}
