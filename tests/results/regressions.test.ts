/** @file Semantic content on generative accuracy over the checkpoints of a run. */
import { describe, expect, test } from 'vitest';
import { type Regression, regressionsOf } from '../../src/results/regressions.ts';
import type { ProbeResult, Results } from '../../src/results/results.ts';
import { sampleResults } from './sample-results.ts';

const [blank] = sampleResults().probes;
const [checkpoint] = sampleResults().checkpoints;

/** Checkpoints every 100 steps that solve these shares, with the probes that `probesAt` gives for each. */
function run(solved: number[], probesAt: (x: number, index: number) => Partial<ProbeResult>[]) {
  const common = { ...blank!, semantics: 'original', offset: 0, layer: 'mean', tooFew: false } as const;
  const named = { feature: 'direction', hiddenLayers: 1 } as const;
  return {
    checkpoints: solved.map((x, index) => ({ ...checkpoint!, step: 100 * index, generativeAccuracy: x })),
    probes: solved.flatMap((x, index) =>
      probesAt(x, index).map((probe) => ({ ...common, ...named, ...probe, step: 100 * index })),
    ),
  } satisfies Pick<Results, 'checkpoints' | 'probes'>;
}

const SOLVED = [0.1, 0.2, 0.5, 0.9];

const accuracyLine = (regressions: Regression[]) => regressions.find(({ measure }) => measure === 'accuracy')!;

describe('regressions', () => {
  test('a line that was put in comes out, for each measure, to 1e-12: accuracy at offset 0, information at -1, less the untrained one', () => {
    const wrong = { accuracy: 9, informationShare: 9, untrainedInformationShare: -9 };
    const regressions = regressionsOf(
      run(SOLVED, (x) => [
        { ...wrong, accuracy: 0.25 + 0.5 * x },
        { ...wrong, offset: -1, informationShare: 0.9 - 0.8 * x, untrainedInformationShare: 0.2 + 0.1 * x },
      ]),
    );
    expect(regressions.map(({ measure, leftOut }) => [measure, leftOut])).toEqual([
      ['accuracy', 0],
      ['informationShare', 0],
      ['gain', 0],
    ]);
    const [accuracy, information, gain] = regressions.map(({ line }) => line!);
    expect(accuracy!.slope).toBeCloseTo(0.5, 12);
    expect(accuracy!.intercept).toBeCloseTo(0.25, 12);
    expect(information!.slope).toBeCloseTo(-0.8, 12);
    expect(information!.rSquared).toBeCloseTo(1, 12);
    expect(gain!.slope).toBeCloseTo(-0.9, 12);
    expect(gain!.intercept).toBeCloseTo(0.7, 12);
  });

  test('checkpoints with too few pairs, without a probe or without a number are left out and counted', () => {
    const { line, points, leftOut } = accuracyLine(
      regressionsOf(
        run([0.1, 0.2, 0.3, 0.5, 0.9], (x, index) => {
          if (index === 1) return [];
          if (index === 2) return [{ accuracy: null as unknown as number }];
          return [{ accuracy: index === 0 ? 1 : x, tooFew: index === 0 }];
        }),
      ),
    );
    expect(points).toEqual([
      { step: 300, x: 0.5, y: 0.5 },
      { step: 400, x: 0.9, y: 0.9 },
    ]);
    expect([leftOut, line]).toEqual([3, null]); // two points are no line
  });

  test('seeds of one probe are one point, their mean', () => {
    const { points } = accuracyLine(
      regressionsOf(run(SOLVED, (x) => [{ accuracy: x - 0.1 }, { accuracy: x + 0.1, seed: 'other' }])),
    );
    for (const { x, y } of points) expect(y).toBeCloseTo(x, 12);
    expect(points.length).toBe(SOLVED.length);
  });

  test('other semantics, offsets and layers take no part', () => {
    const others = [{ semantics: 'flip' }, { offset: 1 }, { layer: 2 }] as const;
    const { points } = accuracyLine(
      regressionsOf(run(SOLVED, (x) => [{ accuracy: x }, ...others.map((one) => ({ accuracy: 0, ...one }))])),
    );
    expect(points.map(({ x, y }) => y - x)).toEqual([0, 0, 0, 0]);
  });

  test('a run probed on one layer only is regressed on that layer', () => {
    expect(accuracyLine(regressionsOf(run(SOLVED, (x) => [{ accuracy: x, layer: 3 }]))).points.length).toBe(4);
  });

  test('one regression a feature, depth and measure; null where accuracy does not vary; none without probes', () => {
    const results = sampleResults();
    const features = new Set(results.probes.map(({ feature, hiddenLayers }) => `${feature} ${hiddenLayers}`));
    expect(regressionsOf(results).length).toBe(3 * features.size);
    expect(accuracyLine(regressionsOf(run([0.5, 0.5, 0.5], (_, index) => [{ accuracy: index / 4 }]))).line).toBeNull();
    expect(regressionsOf(run(SOLVED, () => []))).toEqual([]);
  });
});
