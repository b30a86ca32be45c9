/** Our own exponential against values to many digits, and against the platform's. */
import { expect, test } from 'vitest';
import { exponential } from '../../src/tensor/exponential.ts';

test('e^x of some x, as tables have them', () => {
  expect(exponential(0)).toBe(1);
  for (const [x, value] of [
    [1, Math.E],
    [-1, 1 / Math.E],
    [10, 22026.465794806718],
    [-20, 2.061153622438558e-9],
    [0.5, 1.6487212707001282],
  ] as const)
    expect(Math.abs(exponential(x) / value - 1)).toBeLessThan(2 ** -51);
});

test('off by less than 2^-51 beside Math.exp, whose own error is 2^-52, on [-700, 700]', () => {
  for (let i = 0; i <= 20_000; i++) {
    const x = -700 + (1400 * i) / 20_000 + 1e-3 * Math.sqrt(i);
    expect(Math.abs(exponential(x) / Math.exp(x) - 1), String(x)).toBeLessThan(2 ** -51 + 2 ** -52);
  }
});

test('beyond its range it is 0, infinite, or not a number', () => {
  expect([
    exponential(-1000),
    exponential(Number.NEGATIVE_INFINITY),
    exponential(1000),
    exponential(Number.NaN),
  ]).toEqual([0, 0, Number.POSITIVE_INFINITY, Number.NaN]);
});
