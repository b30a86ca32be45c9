import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { criticalT, meanInterval, studentTest, tailsBeyond } from '../../../src/probe/statistics/index.ts';
import { randomStream } from '../../../src/random.ts';
import { expectClose } from '../../helpers/close.ts';
import { DARWIN } from './darwin.ts';

test("Darwin's maize: mean 20.933, 95 % interval 0.03 to 41.84, t = 2.148, p = 0.0497 (Fisher 1935)", () => {
  const { n, mean, interval } = meanInterval(DARWIN);
  expect(n).toBe(15);
  expectClose([mean], [314 / 15], { relative: 1e-15 });
  expectClose([interval!.low, interval!.high], [0.03, 41.84], { absolute: 0.005 });
  const { t, p, degreesOfFreedom } = studentTest(DARWIN)!;
  expect(degreesOfFreedom).toBe(14);
  expectClose([t], [2.148], { absolute: 5e-4 });
  expectClose([p], [0.0497], { absolute: 5e-5 });
});

test('two-sided 95 % quantiles as in tables, to half of the last digit: df 1, 2, 4, 10, 30', () => {
  const actual = [1, 2, 4, 10, 30].map((df) => criticalT(0.95, df));
  expectClose(actual, [12.706, 4.303, 2.776, 2.228, 2.042], { absolute: 5e-4 });
  expectClose([criticalT(0.99, 4), criticalT(0.9, 4)], [4.604, 2.132], { absolute: 5e-4 });
});

test('one and two degrees of freedom have closed forms: tails to 1e-13 up to t = 100, quantiles to 1e-11', () => {
  for (const t of [0, 0.1, 1, 2.5, 12.706, 100]) {
    const cauchy = 1 - (2 / Math.PI) * Math.atan(t);
    expectClose([tailsBeyond(t, 1), tailsBeyond(-t, 1)], [cauchy, cauchy], { absolute: 1e-13 });
    expectClose([tailsBeyond(t, 2)], [1 - t / Math.sqrt(2 + t * t)], { absolute: 1e-13 });
  }
  for (const level of [0.01, 0.5, 0.9, 0.999, 0.999999]) {
    expectClose([criticalT(level, 1)], [Math.tan((Math.PI * level) / 2)], { relative: 1e-9, absolute: 1e-11 });
    expectClose([criticalT(level, 2)], [level * Math.sqrt(2 / (1 - level * level))], {
      relative: 1e-9,
      absolute: 1e-11,
    });
  }
});

test('with a million degrees of freedom t is normal: 1.95996 to 1e-5', () => {
  expectClose([criticalT(0.95, 1e6)], [1.959964], { absolute: 1e-5 });
});

test('the ends of the interval are the means that the test rejects with p = 0.05, to 1e-12', () => {
  const { low, high } = meanInterval(DARWIN).interval!;
  const p = [low, high].map((expected) => studentTest(DARWIN.map((value) => value - expected))!.p);
  expectClose(p, [0.05, 0.05], { absolute: 1e-12 });
});

test('the 95 % interval of three seeds holds the true mean in 94 to 96 % of 5,000 draws', () => {
  const random = randomStream('1', 'student/coverage');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let held = 0;
  for (let draw = 0; draw < 5000; draw++) {
    const { low, high } = meanInterval([normal(), normal(), normal()].map((z) => 7 + 2 * z)).interval!;
    if (low <= 7 && 7 <= high) held++;
  }
  expect(held / 5000).toBeGreaterThan(0.94);
  expect(held / 5000).toBeLessThan(0.96);
});

test('one seed has a mean and no interval; so have three equal ones, even if they differ in the last bit', () => {
  expect(meanInterval([0.875])).toEqual({ n: 1, mean: 0.875, deviation: null, interval: null });
  expect(meanInterval([0.5, 0.5, 0.5])).toEqual({ n: 3, mean: 0.5, deviation: 0, interval: null });
  expect(meanInterval([0.3, 0.1 + 0.2, 0.3]).interval).toBeNull();
  expect(meanInterval([0, 0]).interval).toBeNull();
  expect(studentTest([4])).toBeNull();
  expect(studentTest([4, 4])).toBeNull();
});

test('no values, NaN, a level of 95 and half a degree of freedom are a ProbeError', () => {
  expect(() => meanInterval([])).toThrow(new ProbeError('mean: 0 values, at least 1 needed'));
  expect(() => meanInterval([1, NaN])).toThrow(new ProbeError('mean: value 1 is NaN'));
  expect(() => studentTest([1, Infinity])).toThrow(ProbeError);
  expect(() => criticalT(95, 3)).toThrow(new ProbeError('t: level 95, it must lie between 0 and 1'));
  expect(() => criticalT(0.95, 0.5)).toThrow(ProbeError);
  expect(() => tailsBeyond(2, NaN)).toThrow(ProbeError);
  expect(() => tailsBeyond(NaN, 2)).toThrow(ProbeError);
});
