/** @file Sentences, numbers and labels. Chapter 8. */

import { describe, expect, test } from 'vitest';
import { decimal, duration, percent, points } from '../../src/report/format.ts';
import { spread } from '../../src/report/line-chart.ts';
import { against, contentText, semanticsText } from '../../src/report/prose.ts';
import { countingError } from '../../src/report/select.ts';
import { describeWorld } from '../../src/report/world-svg.ts';
import { sampleResults } from './sample-results.ts';

describe('sentences follow the numbers', () => {
  test('beats, does not beat, cannot be told from', () => {
    expect(against(0.6, 0.3, 0.05, 'the majority class')).toMatch(
      /^beats the majority class \(30\.0.%\) by 30\.0.points$/,
    );
    expect(against(0.3, 0.6, 0.05, 'it')).toMatch(/^does not beat it .* 30\.0.points below$/);
    expect(against(0.32, 0.3, 0.05, 'it')).toMatch(/^cannot be told from it/);
    expect(against(0.3, Number.NaN, 0.05, 'it')).toBe('there is no number for it');
  });

  test('a probe worse than majority is not praised', () => {
    const results = sampleResults();
    results.probes = results.probes.map((probe) => ({ ...probe, accuracy: 0.1, informationShare: -0.2 }));
    expect(contentText(results, 'direction')).toContain('removes none');
    expect(contentText(results, 'direction')).toContain('does not beat the majority class');
  });

  test('the order of the semantics is computed, with ties, and raw accuracy is set against it', () => {
    const results = sampleResults();
    expect(semanticsText(results, 'direction')).toContain('The original semantics comes first');
    expect(semanticsText(results, 'position')).toContain('would order them otherwise: adversarial');
    results.probes = results.probes.map((probe) => ({ ...probe, informationShare: 0.25, accuracy: 0.5 }));
    expect(semanticsText(results, 'direction')).toMatch(/original 25\.0.% = flip 25\.0.% = adversarial/);
    expect(semanticsText(results, 'direction')).toContain('shares the first place');
    results.probes = results.probes.map((probe) =>
      probe.semantics === 'original' ? { ...probe, informationShare: 0.1 } : probe,
    );
    expect(semanticsText(results, 'direction')).toContain('The original semantics comes last');
  });
});

describe('small pieces', () => {
  test('counting error of 50 % among 400 is 4.9 points, and above 20 for five right of five', () => {
    expect(countingError(0.5, 400)).toBeCloseTo(0.0488, 4);
    expect(countingError(1, 5)).toBeGreaterThan(0.2);
  });

  test('labels are at least the gap apart, in order and inside', () => {
    expect(spread([10, 12, 50], 15, 0, 100)).toEqual([10, 25, 50]);
    expect(spread([98, 99, 97], 15, 0, 100)).toEqual([85, 100, 70]);
  });

  test('numbers: minus sign, no-break space, dash for what is missing', () => {
    expect(percent(0.1234)).toBe('12.3\u00a0%');
    expect(percent(null)).toBe('–');
    expect(decimal(-1234.5, 1)).toBe('−1,234.5');
    expect(decimal(-0.001, 1)).toBe('0.0');
    expect(points(-0.05)).toBe('−5.0\u00a0points');
    expect(duration(3599.7)).toBe('1\u00a0h 00\u00a0min');
    expect(duration(623.4)).toBe('10\u00a0min 23\u00a0s');
  });

  test('a world is told in words', () => {
    expect(describeWorld('####\n#>2#\n#.##\n####')).toBe(
      '2 by 2 cells inside the border: the robot stands in column 1, row 1, and faces right; 1 wall inside; 2 markers (column 2, row 1)',
    );
  });
});
