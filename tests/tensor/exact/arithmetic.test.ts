/** @file A fused multiply-add in Float64 against one in whole numbers of any size. Chapter 13. */
import { describe, expect, test } from 'vitest';
import { ARITHMETIC, floatOf, fusedMultiplyAdd } from '../../../src/tensor/exact/arithmetic.ts';
import { uniform } from '../../helpers/numbers.ts';

/** Every product of two Float32 numbers is a whole number of 2^-298. */
const SHIFT = 298;

/** The integer x 2^149. */
function scaled(x: number): bigint {
  let [whole, exponent] = [x, 0];
  while (!Number.isInteger(whole)) [whole, exponent] = [whole * 2, exponent + 1];
  return BigInt(whole) << BigInt(149 - exponent);
}

/** n / 2^298, rounded once to Float32, ties to even; infinity beyond the largest number. */
function rounded(n: bigint): number {
  const size = n < 0n ? -n : n;
  const drop = BigInt(Math.max(size.toString(2).length - 24, SHIFT - 149)); // what lies below the last place
  const [floor, rest, half] = [size >> drop, size & ((1n << drop) - 1n), 1n << (drop - 1n)];
  const up = rest > half || (rest === half && (floor & 1n) === 1n);
  const value = Number(floor + (up ? 1n : 0n)) * 2 ** (Number(drop) - SHIFT);
  return (n < 0n ? -1 : 1) * (value >= 2 ** 128 ? Number.POSITIVE_INFINITY : value);
}

const oracle = (a: number, b: number, c: number): number => rounded(scaled(a) * scaled(b) + (scaled(c) << 149n));

/** The sign of a zero aside. */
const same = (a: number, b: number, c: number): boolean => fusedMultiplyAdd(a, b, c) === oracle(a, b, c);

describe('a fused multiply-add has the bits of whole-number arithmetic', () => {
  test('rounded once where rounding twice goes wrong, to both sides', () => {
    const a = 1 + 2 ** -12; // a a lies just between 1 + 2^-11 and the next number
    for (const c of [2 ** -80, -(2 ** -80), 2 ** -149]) expect(same(a, a, c)).toBe(true);
    expect(fusedMultiplyAdd(a, a, 2 ** -80)).toBe(1 + 2 ** -11 + 2 ** -23);
    expect(Math.fround(a * a + 2 ** -80)).toBe(1 + 2 ** -11);
    expect(ARITHMETIC.simd.madd(a, a, 2 ** -80)).toBe(1 + 2 ** -11);
  });

  test('just below infinity, and where results have few bits left', () => {
    const largest = 2 ** 128 - 2 ** 104;
    for (const c of [2 ** 103, 2 ** 103 - 2 ** 79, 2 ** 102]) {
      for (const [a, b] of [
        [1, 1],
        [1, -1],
      ] as const)
        expect(same(a * largest, b, b * c)).toBe(true);
    }
    expect(same(2 ** 64 - 2 ** 40, 2 ** 64 - 2 ** 40, 2 ** 105)).toBe(true);
    for (let k = 1; k < 50; k++) expect(same(k * 2 ** -140, 2 ** -11, 3 * 2 ** -149), String(k)).toBe(true);
  });

  test('40,000 times, of random bits, and of sums that come close to the middle of two numbers', () => {
    const random = uniform(5);
    const number = (least: number, most: number): number => {
      const exponent = least + Math.floor(random() * (most - least));
      return floatOf((exponent << 23) | Math.floor(random() * 2 ** 23)) * (random() < 0.5 ? -1 : 1);
    };
    const wrong: number[][] = [];
    const take = (a: number, b: number, c: number): void => {
      if (!same(a, b, c)) wrong.push([a, b, c]);
    };
    for (let i = 0; i < 20000; i++) {
      take(number(0, 190), number(0, 190), number(0, 255));
      const a = 1 + Math.floor(random() * 2 ** 12) * 2 ** -12; // 13 bits: products of 25 or 26, often just between two numbers
      const b = 1 + Math.floor(random() * 2 ** 11) * 2 ** -12;
      take(a, b, number(1, 100));
    }
    expect(wrong).toEqual([]);
  });
});
