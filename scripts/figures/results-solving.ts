/** What ten models can do, and how many different programs they write, over their training. */
import * as Plot from '@observablehq/plot';
import { mean } from '../../src/probe/statistics/sample.ts';
import { resultsOf, SEEDS } from '../committed-results.mjs';
import { EACH_SEED, OVER_TRAINING, STEPS, sideBySide } from './over-training.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

interface Point {
  readonly seed: string;
  readonly step: number;
  readonly value: number;
}

export default function resultsSolving(): Figure {
  const runs = SEEDS.map((seed) => resultsOf(seed));
  const panel = (of: 'generativeAccuracy' | 'distinctPrograms', label: string, top: number): string => {
    const points = runs.flatMap(({ seed, checkpoints }) =>
      checkpoints.map((checkpoint): Point => ({ seed, step: checkpoint.step, value: checkpoint[of] })),
    );
    const steps = [...new Set(points.map(({ step }) => step))];
    const means = steps.map((step) => {
      const own = points.filter((point) => point.step === step);
      return { step, value: mean(own.map(({ value }) => value)) };
    });
    return chart({
      ...OVER_TRAINING,
      x: STEPS,
      y: { domain: [0, top], label, labelArrow: 'none', ticks: 6 },
      marks: [
        Plot.ruleY([0], { stroke: COLOURS.line }),
        Plot.line(points, EACH_SEED),
        Plot.line(means, { x: 'step', y: 'value', stroke: COLOURS.blue, strokeWidth: 3 }),
      ],
    });
  };
  const solved = panel('generativeAccuracy', 'share of specifications solved', 1);
  const distinct = panel('distinctPrograms', 'different programs for 3,000 specifications', 120);
  return {
    title: 'Specifications solved, and different programs, over training: ten models and their mean',
    ...sideBySide(solved, distinct),
  };
}
