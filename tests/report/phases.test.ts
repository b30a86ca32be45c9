/** @file The rule that splits a run in phases. Chapter 8. */

import { describe, expect, test } from 'vitest';
import { findPhases } from '../../src/report/index.ts';
import { sampleResults } from './sample-results.ts';

/** Checkpoints every 100 steps with these curves. */
function curves(accuracy: number[], distinct: number[]) {
  const [blank] = sampleResults(1).checkpoints;
  return {
    checkpoints: accuracy.map((generativeAccuracy, index) => ({
      ...blank!,
      step: 100 * index,
      generativeAccuracy,
      distinctPrograms: distinct[index]!,
    })),
  };
}

describe('phases', () => {
  test('syntax begins above 20 % of most programs, meaning at half of the final accuracy', () => {
    expect(findPhases(curves([0.1, 0.1, 0.2, 0.3, 0.5, 0.9], [1, 1, 20, 40, 60, 60]))).toEqual([
      { name: 'babbling', from: 0, to: 200 },
      { name: 'syntax', from: 200, to: 400 },
      { name: 'meaning', from: 400, to: 500 },
    ]);
  });

  test('a spike that does not last begins nothing', () => {
    expect(findPhases(curves([0.1, 0.6, 0.2, 0.3, 0.5, 0.9], [1, 50, 1, 40, 60, 60]))[0]!.to).toBe(300);
  });

  test('below 30 % solved there is no meaning, however fast it rose', () => {
    const phases = findPhases(curves([0, 0.01, 0.1, 0.2, 0.29], [1, 1, 20, 40, 60]));
    expect(phases.map(({ name }) => name)).toEqual(['babbling', 'syntax']);
  });

  test('fewer than 5 different programs are babbling to the end', () => {
    expect(findPhases(curves([0.3, 0.4, 0.4], [1, 2, 4]))).toEqual([{ name: 'babbling', from: 0, to: 200 }]);
  });

  test('meaning does not begin before syntax, and a phase of no length is left out', () => {
    expect(findPhases(curves([0.5, 0.6, 0.7, 0.8], [1, 1, 30, 40])).map(({ name }) => name)).toEqual([
      'babbling',
      'meaning',
    ]);
  });

  test('one checkpoint has no phases', () => {
    expect(findPhases(curves([0.9], [40]))).toEqual([]);
  });
});
