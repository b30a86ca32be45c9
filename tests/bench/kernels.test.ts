/** @file No kernel goes unmeasured. */
import { expect, test } from 'vitest';
import { KERNEL_CASES } from '../../bench/kernel-cases.ts';
import { describeCall, kernelsSuite } from '../../bench/kernels.ts';
import { tokensOfStep } from '../../bench/presets.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { type Kernels, reference } from '../../src/tensor/index.ts';

const unmeasured = (kernels: object): string[] => Object.keys(kernels).filter((name) => !(name in KERNEL_CASES));

test('every kernel has a line in the table of benchmarks, and every line is of a kernel', () => {
  expect(unmeasured(reference)).toEqual([]);
  expect(Object.keys(KERNEL_CASES).sort()).toEqual(Object.keys(reference).sort());
});

test('a kernel without a line is found', () => {
  expect(unmeasured({ ...reference, forgotten: reference.add })).toEqual(['forgotten']);
});

test('every line says how much work it is', () => {
  for (const name of Object.keys(KERNEL_CASES) as (keyof Kernels)[]) {
    const { shape, bytes } = describeCall(name);
    expect({ name, shape }).toEqual({ name, shape: expect.stringMatching(/^\d+( x \d+)*$/) });
    expect(bytes).toBeGreaterThan(0);
  }
});

test('the tables fit 80 columns', () => {
  const speeds = (Object.keys(KERNEL_CASES) as (keyof Kernels)[]).flatMap((name) =>
    [1, 16].map((threads) => {
      const { shape, flops } = describeCall(name);
      const rate = flops > 0 ? { gflops: 100 } : { gigabytesPerSecond: 100 };
      return { name, shape, threads, ...rate, speedupOverReference: 1234 };
    }),
  );
  const machine = { cpu: '', cores: 16, node: '', arithmetic: '', threads: 16 };
  for (const line of kernelsSuite.describe(speeds, { machine })) expect(line.length).toBeLessThanOrEqual(80);
});

test('bytes are those of all arrays, each once; a product has FLOP: two for each of m x n x k', () => {
  const { settings } = presetNamed('tiny');
  const [tokens, width] = [tokensOfStep(settings), settings.n_embd];
  expect(describeCall('add')).toEqual({ shape: `${tokens} x ${width}`, flops: 0, bytes: 3 * 4 * tokens * width });
  expect(describeCall('matmul')).toMatchObject({
    shape: `${tokens} x ${4 * width} x ${width}`,
    flops: 2 * tokens * 4 * width * width,
  });
});
