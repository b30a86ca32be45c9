import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { incompleteBeta, logGamma } from '../../../src/probe/statistics/beta.ts';
import { expectClose } from '../../helpers/close.ts';

const GRID = [0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.999];

test('ln Gamma of 1..20 is ln (n - 1)!, and of 1/2 is ln sqrt(pi), to 1e-13', () => {
  let logFactorial = 0;
  for (let n = 1; n <= 20; n++) {
    expectClose([logGamma(n)], [logFactorial], { relative: 1e-13, absolute: 1e-13 });
    logFactorial += Math.log(n);
  }
  expectClose([logGamma(0.5)], [Math.log(Math.PI) / 2], { relative: 1e-13 });
});

test('I_x(a, 1) = x^a, I_x(1, b) = 1 - (1 - x)^b and I_x(1/2, 1/2) = 2/pi arcsin sqrt x, to 1e-13', () => {
  for (const x of GRID) {
    for (const a of [0.5, 1, 2.5, 40]) {
      expectClose([incompleteBeta(x, a, 1)], [x ** a], { relative: 1e-11, absolute: 1e-13 });
      expectClose([incompleteBeta(x, 1, a)], [1 - (1 - x) ** a], { absolute: 1e-13 });
    }
    expectClose([incompleteBeta(x, 0.5, 0.5)], [(2 / Math.PI) * Math.asin(Math.sqrt(x))], { absolute: 1e-13 });
  }
});

test('I_x(k, n - k + 1) is the chance of k or more of n, summed term by term, to 1e-12', () => {
  const n = 12;
  for (const x of GRID) {
    const terms = [(1 - x) ** n];
    for (let k = 1; k <= n; k++) terms.push((terms[k - 1]! * (n - k + 1) * x) / (k * (1 - x)));
    for (let k = 1; k <= n; k++) {
      const tail = terms.slice(k).reduce((sum, term) => sum + term, 0);
      expectClose([incompleteBeta(x, k, n - k + 1)], [tail], { relative: 1e-12, absolute: 1e-13 });
    }
  }
});

test('I rises from 0 to 1 for a from 1/2 to a million: no step down', () => {
  for (let a = 0.5; a < 1e6; a *= 1.7) {
    let before = 0;
    for (let k = 0; k <= 64; k++) {
      const value = incompleteBeta(k / 64, a, 0.5);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
    expect(before).toBe(1);
  }
});

test('x outside [0, 1] and parameters below 1/2 or not finite are a ProbeError', () => {
  expect(() => incompleteBeta(1.5, 1, 1)).toThrow(new ProbeError('incomplete beta: x 1.5, a 1, b 1'));
  expect(() => incompleteBeta(NaN, 1, 1)).toThrow(ProbeError);
  expect(() => incompleteBeta(0.1, 0, 1)).toThrow(ProbeError);
  expect(() => incompleteBeta(0.5, 1, Infinity)).toThrow(ProbeError);
});
