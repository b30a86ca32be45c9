import { test } from 'vitest';
import { normalCdf, normalQuantile } from '../../../src/probe/statistics/normal.ts';
import { expectClose } from '../../helpers/close.ts';

test('quantiles as in tables of nine decimals, to 5e-10: 0, 1.281551566, 1.644853627, 1.959963985, 2.575829304', () => {
  const actual = [0.5, 0.9, 0.95, 0.975, 0.995, 0.025].map(normalQuantile);
  const table = [0, 1.281551566, 1.644853627, 1.959963985, 2.575829304, -1.959963985];
  expectClose(actual, table, { absolute: 5e-10 });
});

test("the distribution function is the density's integral by Simpson's rule, to 1e-12, and 0 and 1 far out", () => {
  const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  for (const z of [-6, -3.3, -1, -0.01, 0, 0.5, 2, 7.9]) {
    const steps = 2000;
    const h = z / steps;
    let integral = density(0) + density(z);
    for (let k = 1; k < steps; k++) integral += density(k * h) * (k % 2 === 1 ? 4 : 2);
    expectClose([normalCdf(z)], [0.5 + (integral * h) / 3], { absolute: 1e-12 });
  }
  expectClose([normalCdf(-40), normalCdf(40)], [0, 1], {});
});
