/** @file Which sources have read the same, and which of them knows more. */
import { expect, test } from 'vitest';
import { comparisonOf, SOURCES, TOKENS_READ } from '../../src/probe/index.ts';

const ofTrained = (offset: number) =>
  Object.fromEntries(SOURCES.map((source) => [source, comparisonOf('trained', source, offset)]));

test('at offset -1 every source has read all that the state follows from: each comparison is fair', () => {
  expect(Object.values(ofTrained(-1))).toEqual(SOURCES.map(() => 'fair'));
});

test('at offset 0 a record without the action knows less than the hidden state, one with it knows more', () => {
  expect(ofTrained(0)).toEqual({
    trained: 'fair',
    untrained: 'fair',
    control: 'fair',
    input: 'at most',
    grids: 'at most',
    record: 'at most',
    'input+action': 'at least',
    'grids+action': 'at least',
    'record+action': 'at least',
  });
});

test('turned round, a bound from below is one from above, and fair stays fair', () => {
  const turned = { fair: 'fair', 'at least': 'at most', 'at most': 'at least' } as const;
  for (const first of SOURCES) {
    for (const second of SOURCES) {
      const comparison = comparisonOf(first, second, 0);
      expect(comparisonOf(second, first, 0)).toBe(comparison && turned[comparison]);
    }
  }
});

test('no hidden state has read the action that is written from it', () => {
  expect(TOKENS_READ.trained).toEqual(['input grid', 'output grid', 'other grids', 'text']);
  expect(TOKENS_READ.untrained).toEqual(TOKENS_READ.trained);
});
