import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { holm } from '../../../src/probe/statistics/index.ts';
import { randomStream } from '../../../src/random.ts';
import { expectClose } from '../../helpers/close.ts';

test('0.01 .. 0.05 become 0.05, 0.08, 0.09, 0.09, 0.09, as R p.adjust gives, to 1e-15', () => {
  expectClose(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09], { absolute: 1e-15 });
});

test('the order is that of the questions: 0.04, 0.001, 0.9, 0.02 become 0.08, 0.004, 0.9, 0.06, to 1e-15', () => {
  expectClose(holm([0.04, 0.001, 0.9, 0.02]), [0.08, 0.004, 0.9, 0.06], { absolute: 1e-15 });
});

test('one question stays as it is, none exceeds 1, equal ones stay equal, and none of none is none', () => {
  expect(holm([0.03])).toEqual([0.03]);
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
  expect(holm([0.25, 0.25])).toEqual([0.5, 0.5]);
  expect(holm([])).toEqual([]);
});

test("adjusted p-values reject what Holm's steps from the smallest reject, in 1,000 random families", () => {
  const random = randomStream('1', 'holm');
  for (let family = 0; family < 1000; family++) {
    const p = Array.from({ length: 1 + Math.floor(random() * 8) }, () => random() ** 4);
    const alpha = 0.05 + 0.2 * random();
    const sorted = [...p].sort((a, b) => a - b);
    let steps = 0;
    while (steps < p.length && sorted[steps]! <= alpha / (p.length - steps)) steps++;
    expect(holm(p).filter((adjusted) => adjusted <= alpha)).toHaveLength(steps);
  }
});

test('a p-value outside [0, 1] is a ProbeError that names it', () => {
  expect(() => holm([0.5, 1.2])).toThrow(new ProbeError('holm: p-value 1 is 1.2, it must lie in [0, 1]'));
  expect(() => holm([-0.1])).toThrow(ProbeError);
  expect(() => holm([NaN])).toThrow(ProbeError);
});
