/** @file Scatter charts and what is said of their lines. Chapter 10. */
import { describe, expect, test } from 'vitest';
import { regressionSection, regressionText } from '../../src/report/regression-section.ts';
import { lineInside, placeLabels } from '../../src/report/scatter-chart.ts';
import type { Regression } from '../../src/results/regressions.ts';
import { rowsOf } from './page-tables.ts';
import { sampleResults } from './sample-results.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

function regression(slope: number, rSquared: number | null, n: number, leftOut = 0): Regression {
  const points = Array.from({ length: n }, (_, index) => ({ step: index, x: index / n, y: 0.5 }));
  const line = n < 3 ? null : { n, slope, intercept: 0.5, rSquared };
  return { feature: 'direction', hiddenLayers: 1, measure: 'accuracy', line, points, leftOut };
}

describe('sentences', () => {
  test('rises, falls, stays: by the sign of the slope, whatever R squared is', () => {
    expect(plain(regressionText(regression(0.5, 0.9, 8, 2)))).toBe(
      'Direction (one hidden layer): the line rises by 5.0 points of test pairs for 10 points more solved; R² = 0.900 (8 checkpoints, 2 left out).',
    );
    expect(plain(regressionText(regression(-0.5, 0.9, 8)))).toContain('the line falls by 5.0 points of test pairs');
    expect(regressionText(regression(0, null, 8))).toContain('the same at all points');
  });

  test('two points are no line: neither drawn, nor in a sentence, nor in a table', () => {
    expect(regressionText(regression(0.5, 1, 2))).toContain('too few points');
    expect(regressionText(regression(0.5, 1, 2))).not.toContain('R²');
    const section = (count: number) => {
      const { checkpoints, ...others } = sampleResults();
      return regressionSection({ ...others, checkpoints: checkpoints.slice(-count) }).markup;
    };
    const numbers = (count: number) =>
      new Set(rowsOf(section(count), 'Regressions on the share').flatMap((row) => row.slice(3, 6)));
    expect(numbers(2)).toEqual(new Set(['–']));
    expect(numbers(3).size).toBeGreaterThan(10);
    const dashes = (count: number) => section(count).split('stroke-dasharray="6 4"').length;
    expect(dashes(2)).toBeLessThan(dashes(3));
  });

  test('the section says that R squared is descriptive and gives no p-value, beside the paper’s two numbers', () => {
    const text = regressionSection(sampleResults()).markup;
    for (const words of ['0.878', '0.968', 'not independent', 'no p-value']) expect(text).toContain(words);
    expect(text.match(/Scatter chart of/g)!.length).toBe(6);
  });

  test('a run without probes, and one with too few pairs everywhere, say so and draw nothing', () => {
    for (const change of [[], sampleResults().probes.map((probe) => ({ ...probe, tooFew: true }))]) {
      const text = regressionSection({ ...sampleResults(), probes: change }).markup;
      expect(text).toContain('no checkpoint with enough probed pairs');
      expect(text).not.toContain('<svg');
    }
  });
});

describe('the chart', () => {
  test('a line ends at the outermost points, and at the frame where it would leave it', () => {
    expect(lineInside({ slope: 1, intercept: 0 }, [0.2, 0.9, 0.4], [0, 1])).toEqual([
      [0.2, 0.2],
      [0.9, 0.9],
    ]);
    expect(lineInside({ slope: -2, intercept: 1.5 }, [0, 1], [0, 1])).toEqual([
      [0.25, 1],
      [0.75, 0],
    ]);
    expect(lineInside({ slope: 0, intercept: 2 }, [0, 1], [0, 1])).toBeUndefined();
    expect(lineInside({ slope: 1, intercept: 5 }, [0, 1], [0, 1])).toBeUndefined();
  });

  test('no two labels of a crowd overlap, and lonely points all have one', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => [i * 3, (i * 7) % 20] as const);
    const places = placeLabels(
      crowd,
      crowd.map(() => 34),
    );
    expect(places.length).toBeGreaterThan(2);
    expect(places.length).toBeLessThan(30);
    const boxes = places.map(({ index, dx, dy }) => [crowd[index]![0] + dx, crowd[index]![1] + dy] as const);
    boxes.forEach(([x, y], i) => {
      for (const [a, b] of boxes.slice(i + 1)) expect(Math.abs(x - a) >= 34 || Math.abs(y - b) >= 13).toBe(true);
    });
    expect(
      placeLabels(
        [
          [0, 0],
          [200, 0],
          [0, 100],
        ],
        [34, 34, 34],
      ).length,
    ).toBe(3);
  });
});
