/** L-BFGS, on functions whose minimum is known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cholesky, solveCholesky } from '../../src/probe/cholesky.ts';
import { minimize, type Objective } from '../../src/probe/lbfgs.ts';

/** Half of sum scale[i] (x[i] - target[i])^2. */
const quadratic =
  (scale: readonly number[], target: readonly number[]): Objective =>
  (x, gradient) => {
    let value = 0;
    scale.forEach((by, i) => {
      const away = x[i]! - target[i]!;
      value += (by / 2) * away ** 2;
      gradient[i] = by * away;
    });
    return value;
  };

const rosenbrock: Objective = ([x = 0, y = 0], gradient) => {
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

describe('minimize', () => {
  test('a quadratic function with curvatures from 0.1 to 100: within 1e-3 of its minimum', () => {
    const scales = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scales, (scale) => {
        const target = scale.map((_, i) => Math.cos(3 * i));
        const { x, converged } = minimize(quadratic(scale, target), new Float64Array(scale.length));
        expect(converged).toBe(true);
        for (const [i, want] of target.entries()) {
          expect(Math.abs(x[i]! - want)).toBeLessThan(1e-3 + 1e-4 / scale[i]!);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("Rosenbrock's valley: from (-1.2, 1) to (1, 1) within 1e-3", () => {
    const { x, converged } = minimize(rosenbrock, Float64Array.of(-1.2, 1));
    expect(converged).toBe(true);
    expect(Math.hypot(x[0]! - 1, x[1]! - 1)).toBeLessThan(1e-3);
  });

  test('the inverse of the Hessian as preconditioner: at most 3 iterations, where there are more than 8 without', () => {
    const scale = Array.from({ length: 20 }, (_, i) => 1.5 ** i);
    const problem = quadratic(
      scale,
      scale.map(() => 1),
    );
    const precondition = (v: Float64Array): void => {
      for (const [i, by] of scale.entries()) v[i]! /= by;
    };
    expect(minimize(problem, new Float64Array(20), { precondition }).iterations).toBeLessThanOrEqual(3);
    expect(minimize(problem, new Float64Array(20)).iterations).toBeGreaterThan(8);
  });

  test('it says so when iterations run out, and when the gradient points nowhere down', () => {
    expect(minimize(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 })).toMatchObject({
      iterations: 3,
      converged: false,
    });
    const wrong: Objective = (x, gradient) => {
      gradient[0] = -1; // of a function that rises
      return x[0]!;
    };
    expect(minimize(wrong, Float64Array.of(0)).converged).toBe(false);
  });

  test('a start without a value is refused', () => {
    expect(() => minimize(() => Number.NaN, Float64Array.of(1))).toThrow(
      'minimize: value NaN at the start, or a gradient that is not finite',
    );
  });
});

describe('cholesky', () => {
  test('solves equations: the residual is below 1e-9', () => {
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(numbers, (a) => {
        // A A^T + 1
        const matrix = Float64Array.from({ length: 25 }, (_, at) => {
          const [i, j] = [Math.floor(at / 5), at % 5];
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < 5; k++) sum += a[i * 5 + k]! * a[j * 5 + k]!;
          return sum;
        });
        const b = Float64Array.of(1, -2, 3, -4, 5);
        const x = b.slice();
        solveCholesky(cholesky(matrix, 5), x);
        for (let i = 0; i < 5; i++) {
          const row = x.reduce((sum, value, j) => sum + matrix[i * 5 + j]! * value, 0);
          expect(Math.abs(row - b[i]!)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test('a matrix that is not positive definite is refused, with its row', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(
      'cholesky: the matrix is not positive definite, row 1',
    );
  });
});
