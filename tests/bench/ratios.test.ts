/** @file The regression guard, seen failing. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { better, fallen, ratiosOf } from '../../bench/ratios.ts';
import type { BenchResults, Product } from '../../bench/results.ts';

const lines = (baseline: Record<string, number>, measured: Record<string, number>): string[] =>
  fallen(baseline, measured).map(({ line }) => line);

test('a ratio that falls by over 20 % is named, with both values; one that falls by less, or rises, is not', () => {
  const baseline = { 'step: tiny': 0.5, 'step: small': 0.5, 'step: medium': 0.5 };
  const measured = { 'step: tiny': 0.39, 'step: small': 0.41, 'step: medium': 0.9 };
  expect(lines(baseline, measured)).toEqual(["step: tiny: 0.39, 22 % below the baseline's 0.5"]);
});

test('a ratio that is not measured any more, or is not a number, has fallen; a new one has not', () => {
  expect(lines({ gone: 3 }, { fresh: 1 })).toEqual(['gone: not measured; the baseline has 3']);
  expect(lines({ broken: 3 }, { broken: Number.NaN })).toHaveLength(1);
});

test('of two measurements the better one counts', () => {
  expect(better({ a: 1, b: 3 }, { a: 2, b: 2, c: 5 })).toEqual({ a: 2, b: 3, c: 5 });
});

test('the ratios of results: shares of the peak, threads over one, speed-ups; no rate and no time', () => {
  const machine = { cpu: '', cores: 2, node: '', arithmetic: '', threads: 2 };
  const product = { name: '', m: 512, n: 512, k: 512, transposeA: false, transposeB: false, kernel: 'fast' } as const;
  const matmul: Product[] = [
    { ...product, threads: 1, gflops: 40, ofPeak: 0.8 },
    { ...product, threads: 2, gflops: 76, ofPeak: 0.75 },
    { ...product, transposeA: true, threads: 1, gflops: 1, ofPeak: 0.1 },
    { ...product, m: 128, threads: 1, gflops: 2, ofPeak: 0.2 },
  ];
  const rates = { tokensPerSecond: 1, gflops: 1, milliseconds: 1, medianMilliseconds: 1, breakdown: [] };
  const results: BenchResults = {
    machine,
    matmul,
    step: [
      { preset: 'smoke', threads: 1, ofPeak: 0.4, ...rates },
      { preset: 'smoke', threads: 2, ofPeak: 0.3, ...rates },
      { preset: 'tiny', threads: 2, ofPeak: 0.5, ...rates },
    ],
    kernels: [
      { name: 'gelu', shape: '', threads: 1, gigabytesPerSecond: 9, speedupOverReference: 60 },
      { name: 'gelu', shape: '', threads: 2, gigabytesPerSecond: 18, speedupOverReference: 120 },
    ],
    generate: [{ preset: 'medium', threads: 2, programs: 9, programsPerSecond: 9, speedupOverUncached: 7 }],
  };
  expect(ratiosOf(results)).toEqual({
    'matmul: 512 x 512 x 512, 1 thread, of peak': 0.8,
    'matmul: 512 x 512 x 512, 2 threads over 1': 1.9,
    'step: smoke, 1 thread, of peak': 0.4,
    'step: tiny, 2 threads, of peak': 0.5,
    'kernels: gelu over reference': 60,
    'generate: medium, cached over uncached': 7,
  });
});

test('the baseline in the repository holds positive numbers under names of suites', () => {
  const text = readFileSync(new URL('../../bench/baseline.json', import.meta.url), 'utf8');
  const baseline = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(baseline).length).toBeGreaterThan(0);
  for (const [name, ratio] of Object.entries(baseline)) {
    expect(name).toMatch(/^(matmul|kernels|step|generate): /);
    expect(ratio).toBeGreaterThan(0);
  }
});
