/** @file Repetitions, medians and tables. */
import { expect, test } from 'vitest';
import { measure, median, repeat } from '../../bench/measure.ts';
import { formatTable, number, percent } from '../../bench/table.ts';

test('a longer measurement is repeated at least 5 times, after one run that does not count', () => {
  const seen: number[] = [];
  expect(repeat((repetition) => void seen.push(repetition), 0)).toHaveLength(5);
  expect(seen).toEqual([0, 0, 1, 2, 3, 4]);
});

test('a micro-benchmark has the best and the median of its samples, and prints nothing', async () => {
  const log = console.log;
  const printed: unknown[] = [];
  console.log = (...text: unknown[]) => void printed.push(text);
  try {
    const { best, median: middle } = await measure(() => void Math.sqrt(2), 0.02);
    expect(best).toBeGreaterThan(0);
    expect(middle).toBeGreaterThanOrEqual(best);
  } finally {
    console.log = log;
  }
  expect(printed).toEqual([]);
});

test('the median of an even number of values is the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 6])).toBe(5.5);
});

test('tables: the first column to the left, numbers to the right, no blanks at the end', () => {
  const rows = [
    ['a', '1'],
    ['long', '100'],
  ];
  expect(formatTable(['name', 'ms'], rows)).toEqual(['name   ms', 'a       1', 'long  100']);
  expect(formatTable(['name', ''], [['a', '']])).toEqual(['name', 'a']);
});

test('numbers have three significant digits', () => {
  expect([41_234, 999.7, 7.3149, 11, 0.01234].map(number)).toEqual(['41,200', '1,000', '7.31', '11.0', '0.0123']);
  expect(percent(0.4567)).toBe('45.7 %');
});
