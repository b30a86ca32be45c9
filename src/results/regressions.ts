/** @file How what a probe reads goes with what the model can do, over the checkpoints of a run. Chapter 13. */
import { type Line, leastSquares } from '../probe/statistics/index.ts';
import type { FeatureName, ProbeResult, Results } from './results.ts';

export type { Line };

/**
 * What of a probe is regressed, all of them shares. `accuracy`: the paper's semantic content, at offset 0. `informationShare`:
 * at offset -1, where all sources have read what the state follows from. `gain`: that of the trained minus that of the
 * untrained model, which reads the same programs.
 */
export type ContentMeasure = 'accuracy' | 'informationShare' | 'gain';

export interface RegressionPoint {
  readonly step: number;
  /** Generative accuracy. */
  readonly x: number;
  /** What the probe reads, the mean over its seeds. */
  readonly y: number;
}

export interface Regression {
  readonly feature: FeatureName;
  readonly hiddenLayers: ProbeResult['hiddenLayers'];
  readonly measure: ContentMeasure;
  /** As {@link lineThrough}. Descriptive: checkpoints of one run depend on each other. */
  readonly line: Line | null;
  readonly points: readonly RegressionPoint[];
  /** Checkpoints without a point: no probe, fewer than 500 test pairs, or a label that does not vary. */
  readonly leftOut: number;
}

const FEWEST_POINTS = 3;
export const CONTENT_MEASURES: readonly ContentMeasure[] = ['accuracy', 'informationShare', 'gain'];

const offsetOf = (measure: ContentMeasure): number => (measure === 'accuracy' ? 0 : -1);

function measured(probe: ProbeResult, measure: ContentMeasure): number | null {
  if (measure !== 'gain') return probe[measure];
  const { informationShare, untrainedInformationShare } = probe;
  if (informationShare === null || untrainedInformationShare === null) return null;
  return informationShare - untrainedInformationShare;
}

/** The layer that is shown: the mean over layers where it was probed, as in the paper, else that of the first probe. */
export function mainLayer({ probes }: Pick<Results, 'probes'>): ProbeResult['layer'] | undefined {
  return probes.some((probe) => probe.layer === 'mean') ? 'mean' : probes[0]?.layer;
}

/**
 * Regressions of semantic content on generative accuracy: one a feature, depth and measure, in the order in which
 * the probes have them. Of probes under original semantics, on the {@link mainLayer}.
 */
export function regressionsOf({ checkpoints, probes }: Pick<Results, 'checkpoints' | 'probes'>): Regression[] {
  const layer = mainLayer({ probes });
  const asked = probes.filter((one) => one.semantics === 'original' && one.layer === layer);
  const kinds = new Map(asked.map((one) => [`${one.feature} ${one.hiddenLayers}`, one]));
  return [...kinds.values()].flatMap(({ feature, hiddenLayers }) => {
    const ofKind = asked.filter((one) => one.feature === feature && one.hiddenLayers === hiddenLayers);
    return CONTENT_MEASURES.map((measure): Regression => {
      const points = checkpoints.flatMap(({ step, generativeAccuracy }) => {
        const y = contentOf(
          ofKind.filter((one) => one.step === step && one.offset === offsetOf(measure)),
          measure,
        );
        return y === null ? [] : [{ step, x: generativeAccuracy, y }];
      });
      return {
        feature,
        hiddenLayers,
        measure,
        line: lineThrough(points),
        points,
        leftOut: checkpoints.length - points.length,
      };
    });
  });
}

/** The line of y on x; null where x does not vary, and for fewer than {@link FEWEST_POINTS}, since any two points lie on one. */
export function lineThrough(points: readonly RegressionPoint[]): Line | null {
  if (points.length < FEWEST_POINTS) return null;
  return leastSquares(
    points.map(({ x }) => x),
    points.map(({ y }) => y),
  );
}

/** The mean over the seeds of one probe; null where any has too few pairs or no number. */
function contentOf(seeds: readonly ProbeResult[], measure: ContentMeasure): number | null {
  const values = seeds.map((probe) => (probe.tooFew ? null : measured(probe, measure)));
  const finite = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (finite.length === 0 || finite.length < values.length) return null;
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
