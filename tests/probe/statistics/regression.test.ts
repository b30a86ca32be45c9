import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { leastSquares } from '../../../src/probe/statistics/index.ts';
import { expectClose } from '../../helpers/close.ts';

// Anscombe 1973, "Graphs in statistical analysis".
const X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
const QUARTET: readonly (readonly [number[], number[]])[] = [
  [X, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]],
  [X, [9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74]],
  [X, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]],
  [
    [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
    [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89],
  ],
];

test("Anscombe's four sets share a line: slope 0.500, intercept 3.00, R squared 0.67, to half the last digit", () => {
  for (const [x, y] of QUARTET) {
    const { n, slope, intercept, rSquared } = leastSquares(x, y)!;
    expect(n).toBe(11);
    expectClose([slope], [0.5], { absolute: 5e-4 });
    expectClose([intercept], [3], { absolute: 5e-3 });
    expectClose([rSquared!], [0.67], { absolute: 5e-3 });
  }
});

test('residuals sum to 0 and are orthogonal to x, and R squared is 1 - their share of the variance, to 1e-12', () => {
  for (const [x, y] of QUARTET) {
    const { slope, intercept, rSquared } = leastSquares(x, y)!;
    const residuals = y.map((value, i) => value - intercept - slope * x[i]!);
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    const yMean =
      dot(
        y,
        y.map(() => 1),
      ) / y.length;
    const centred = y.map((value) => value - yMean);
    const of = [
      dot(
        residuals,
        x.map(() => 1),
      ),
      dot(residuals, x),
    ];
    expectClose(of, [0, 0], { absolute: 1e-12 });
    expectClose([rSquared!], [1 - dot(residuals, residuals) / dot(centred, centred)], { absolute: 1e-12 });
  }
});

test('points on a falling line give it back with R squared 1, and never above 1', () => {
  expect(leastSquares([0, 1, 2], [7, 5, 3])).toEqual({ n: 3, slope: -2, intercept: 7, rSquared: 1 });
  const x = [7, 6, 2.1]; // whose R squared would round to above 1
  const { rSquared } = leastSquares(
    x,
    x.map((value) => value / 3),
  )!;
  expect(rSquared).toBeLessThanOrEqual(1);
  expectClose([rSquared!], [1], { absolute: 1e-12 });
});

test('without variance in x there is no line, also where 0.1 three times has a mean that is not 0.1', () => {
  expect(leastSquares([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull();
  expect(leastSquares([1], [1])).toBeNull();
  expect(leastSquares([], [])).toBeNull();
});

test('without variance in y the slope is 0 and R squared is null', () => {
  expect(leastSquares([1, 2, 3], [4, 4, 4])).toEqual({ n: 3, slope: 0, intercept: 4, rSquared: null });
});

test('different numbers of x and y, and NaN, are a ProbeError', () => {
  expect(() => leastSquares([1, 2], [1])).toThrow(new ProbeError('regression: 2 values beside 1'));
  expect(() => leastSquares([1, 2], [1, NaN])).toThrow(new ProbeError('regression, y: value 1 is NaN'));
  expect(() => leastSquares([Infinity, 2], [1, 2])).toThrow(ProbeError);
});
