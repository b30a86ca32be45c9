import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/index.ts';
import { rankOf, rankSumTest } from '../../../src/probe/statistics/index.ts';

describe('rankOf', () => {
  test('1 is the largest; equals share the mean of their places, and the last of these is the worst', () => {
    const values = [0.5, 0.9, 0.5, 0.1, 0.5];
    expect(values.map((_, at) => rankOf(values, at).rank)).toEqual([3, 1, 3, 5, 3]);
    expect(values.map((_, at) => rankOf(values, at).worst)).toEqual([4, 1, 4, 5, 4]);
    expect(rankOf([2, 2, 1], 0)).toEqual({ rank: 1.5, worst: 2, of: 3 });
  });

  test('the ranks of any values sum to n (n + 1) / 2', () => {
    for (const values of [[3, 1, 2], [1, 1, 1, 1], [0, -1, 0, 5], [7]]) {
      const sum = values.reduce((total, _, at) => total + rankOf(values, at).rank, 0);
      expect(sum).toBe((values.length * (values.length + 1)) / 2);
    }
  });

  test('a value that is not finite and a place that is not there are refused', () => {
    expect(() => rankOf([1, Number.NaN], 0)).toThrow(new ProbeError('rank: value 1 is NaN'));
    expect(() => rankOf([1, 2], 2)).toThrow(new ProbeError('rank: there is no value 2 of 2'));
  });
});

describe('rankSumTest', () => {
  /** The share of all of^seeds equally likely outcomes with a sum of at most `sum`. */
  function share(sum: number, seeds: number, of: number): number {
    let reached = 0;
    for (let code = 0; code < of ** seeds; code++) {
      let total = 0;
      for (let seed = 0; seed < seeds; seed++) total += 1 + (Math.floor(code / of ** seed) % of);
      if (total <= sum) reached++;
    }
    return reached / of ** seeds;
  }

  test('three seeds, six ranks: the share of all 216 outcomes for every triple, to 1e-14', () => {
    for (let code = 0; code < 216; code++) {
      const ranks = [0, 1, 2].map((seed) => 1 + (Math.floor(code / 6 ** seed) % 6));
      const { p, sum } = rankSumTest(ranks, 6);
      expect(sum).toBe(ranks.reduce((total, rank) => total + rank));
      expect(Math.abs(p - share(sum, 3, 6))).toBeLessThan(1e-14);
    }
    expect(Math.abs(rankSumTest([2, 2, 2], 6).p - share(5, 3, 6))).toBeGreaterThan(0.01); // the comparison can fail
  });

  test('a sum s that no single rank can exceed: p = (s choose k) / 60^k for k seeds, to one part in 1e12', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const ranks of [[1, 1, 1, 1, 1], [2, 1, 3, 1, 4], [1, 17, 30], [60]]) {
      const sum = ranks.reduce((total, rank) => total + rank);
      const expected = choose(sum, ranks.length) / 60 ** ranks.length;
      expect(Math.abs(rankSumTest(ranks, 60).p / expected - 1)).toBeLessThan(1e-12);
    }
  });

  test('symmetric: P(sum <= s) + P(sum <= k (of + 1) - s - 1) = 1, to 1e-14; all last gives 1', () => {
    expect(Math.abs(rankSumTest([10, 20, 41], 60).p + rankSumTest([50, 41, 20], 60).p - 1)).toBeLessThan(1e-14);
    expect(rankSumTest([60, 60, 60], 60).p).toBeCloseTo(1, 14);
  });

  test('a half rank counts as the next whole one; the sum is that of the ranks themselves', () => {
    expect(rankSumTest([1.5, 2.5], 6)).toEqual({ p: rankSumTest([2, 3], 6).p, sum: 4 });
  });

  test('no ranks, ranks outside of 1..of, and an `of` that is no positive whole number are refused', () => {
    expect(() => rankSumTest([], 60)).toThrow(ProbeError);
    expect(() => rankSumTest([1, 61], 60)).toThrow(new ProbeError('rank sum test: rank 1 is 61, it must lie in 1..60'));
    expect(() => rankSumTest([0.5], 60)).toThrow('rank 0 is 0.5');
    expect(() => rankSumTest([Number.NaN], 60)).toThrow('value 0 is NaN');
    expect(() => rankSumTest([1], 2.5)).toThrow('ranks of 2.5');
  });
});
