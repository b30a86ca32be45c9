/** @file The closeness helper is seen failing. */
import { expect, test } from 'vitest';
import { expectClose } from './close.ts';

test('expectClose accepts what lies within its bounds, on both sides', () => {
  expectClose([0.9, 1.1], [1, 1], { absolute: 0.11 });
  expectClose([90, -110], [100, -100], { relative: 0.11 });
});

test('expectClose names the worst element, whichever side it errs on', () => {
  expect(() => expectClose([1.2, 1, 0.5], [1, 1, 1], { absolute: 0.1 }, 'y')).toThrow(
    'y: 2 of 3 elements differ, worst at 2: 0.5, expected 1',
  );
  expect(() => expectClose([-100], [-90], { relative: 0.1 })).toThrow('worst at 0');
});

test('expectClose rejects NaN and a different number of elements', () => {
  expect(() => expectClose([0, NaN, 5], [0, 0, 0], { absolute: 1 })).toThrow('2 of 3 elements differ, worst at');
  expect(() => expectClose([NaN], [NaN], { absolute: 1 })).toThrow('1 of 1 elements differ');
  expect(() => expectClose([1, 2], [1], { absolute: 1 })).toThrow('2 elements, expected 1');
});
