/** Our own functions against values to 400 bits, of mpmath, see tests/fixtures/functions.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exponential } from '../../../src/tensor/functions/exponential.ts';
import { logarithm, logarithm2, logarithmOfOnePlus } from '../../../src/tensor/functions/logarithm.ts';
import { power } from '../../../src/tensor/functions/power.ts';
import { cosine, sine } from '../../../src/tensor/functions/trigonometry.ts';

const functions: Record<string, (x: number, y: number) => number> = {
  ...{ sine, cosine, logarithm, logarithm2, logarithmOfOnePlus, exponential, power },
};
/** By function: arguments, then the value as the sum of two numbers. */
const values: Record<string, number[][]> = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/functions.json.gz'))).toString('utf8'),
);

const number = new Float64Array(1);
const integer = new BigInt64Array(number.buffer);
/** From a positive number to the next. */
function unitOf(x: number): number {
  number[0] = Math.abs(x);
  const [before] = number;
  integer[0]! += 1n;
  return number[0]! - before!;
}
/** How far `got` is from high + low, in units in the last place. */
const error = (got: number, high: number, low: number): number => Math.abs((got - high - low) / unitOf(high));

describe('off by less than 0.501 units in the last place', () => {
  test.each([
    ['sine', 'of angles to 2^20, nearest to multiples of pi / 2 among them'],
    ['cosine', 'of angles to 2^20, nearest to multiples of pi / 2 among them'],
    ['logarithm', 'of 2^-1074 to 2^1024, and beside 1'],
    ['logarithm2', 'of 2^-1074 to 2^1024, and beside 1'],
    ['logarithmOfOnePlus', 'of -1 + 2^-53 to 1e300, and beside 0'],
    ['exponential', 'of -708 to 709.78'],
    ['power', '0 < x, results from 2^-1000 up, the powers of 10000 and of the betas of AdamW among them (0.51)'],
  ])('%s %s', (name) => {
    expect(values[name]!.length).toBeGreaterThan(100);
    for (const row of values[name]!) {
      const [x = 0, y = 0] = row;
      const [high = 0, low = 0] = row.slice(-2);
      const got = functions[name]!(x, y);
      expect(error(got, high, low), `${name}(${x}, ${y}) = ${got}`).toBeLessThan(name === 'power' ? 0.51 : 0.501);
    }
  });
});

test('the check finds an error of one unit in the last place', () => {
  const [, high = 0, low = 0] = values['logarithm']![7]!;
  expect(error(high + unitOf(high), high, low)).toBeGreaterThan(0.501);
});

test('what is a Float64 number comes out exactly: powers of whole numbers, roots of 10000, logarithms of powers of 2', () => {
  for (let n = 0; n <= 22; n++) expect(power(10, n)).toBe(Number(10n ** BigInt(n)));
  for (let n = 0; n <= 33; n++) expect(power(3, n)).toBe(Number(3n ** BigInt(n)));
  for (let n = -1074; n <= 1023; n++) {
    expect(power(2, n)).toBe(power(0.5, -n));
    expect(logarithm2(power(2, n))).toBe(n);
  }
  expect([power(2, 1023), power(2, -1074)]).toEqual([2 * 2 ** 1022, Number.MIN_VALUE]);
  expect([power(10000, 0.5), power(10000, 0.25), power(9, 1.5)]).toEqual([100, 10, 27]);
});

test('the ends of their ranges', () => {
  const { POSITIVE_INFINITY: infinity, NaN: none } = Number;
  expect([-1000, -infinity, 1000, none].map(exponential)).toEqual([0, 0, infinity, none]);
  expect([0, -1, infinity, none].map(logarithm)).toEqual([-infinity, none, infinity, none]);
  expect([0, -1, infinity, none].map(logarithm2)).toEqual([-infinity, none, infinity, none]);
  expect([-1, -2, 0, infinity, none].map(logarithmOfOnePlus)).toEqual([-infinity, none, 0, infinity, none]);
  expect([
    power(0, 0),
    power(0, 2),
    power(0, -1),
    power(-1, 2),
    power(10, 400),
    power(10, -400),
    power(none, 1),
  ]).toEqual([...[1, 0, infinity, none, infinity, 0, none]]);
  expect([sine(0), sine(-0), cosine(0), sine(none)]).toEqual([0, -0, 1, none]);
  expect(() => cosine(2 ** 20 + 1)).toThrow('angles go to 2^20');
});

test('sine is odd, cosine even, and their squares sum to 1 within 2^-52', () => {
  for (let i = 0; i < 2000; i++) {
    const x = i * 0.3 + 1e-3 * i * i;
    expect(sine(-x)).toBe(-sine(x));
    expect(cosine(-x)).toBe(cosine(x));
    expect(Math.abs(sine(x) * sine(x) + cosine(x) * cosine(x) - 1)).toBeLessThanOrEqual(2 ** -52);
  }
});
