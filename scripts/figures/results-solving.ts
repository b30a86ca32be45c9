/** What ten models can do, and how many different programs they write, over their training. */
import * as Plot from '@observablehq/plot';
import { mean, resultsOf, SEEDS } from './results-seeds.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

interface Point {
  readonly seed: string;
  readonly step: number;
  readonly value: number;
}

export default function resultsSolving(): Figure {
  const runs = SEEDS.map(resultsOf);
  const panel = (of: 'generativeAccuracy' | 'distinctPrograms', label: string, top: number): string => {
    const points = runs.flatMap(({ seed, checkpoints }) =>
      checkpoints.map((checkpoint): Point => ({ seed, step: checkpoint.step, value: checkpoint[of] })),
    );
    const steps = [...new Set(points.map(({ step }) => step))];
    const means = steps.map((step) => {
      const own = points.filter((point) => point.step === step);
      return { step, value: mean(own.map(({ value }) => value)) };
    });
    const at = { x: 'step', y: 'value' };
    return chart({
      width: 360,
      height: 270,
      marginLeft: 40,
      marginRight: 22,
      marginTop: 30,
      marginBottom: 38,
      x: {
        label: 'training steps',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: [0, 900, 1800, 2700, 3600],
        tickFormat: 'd',
      },
      y: { domain: [0, top], label, labelArrow: 'none', ticks: 6 },
      marks: [
        Plot.ruleY([0], { stroke: COLOURS.line }),
        Plot.line(points, { ...at, z: 'seed', stroke: COLOURS.muted, strokeWidth: 1, strokeOpacity: 0.7 }),
        Plot.line(means, { ...at, stroke: COLOURS.blue, strokeWidth: 3 }),
      ],
    });
  };
  const solved = panel('generativeAccuracy', 'share of specifications solved', 1);
  const distinct = panel('distinctPrograms', 'different programs for 3,000 specifications', 120);
  return {
    title: 'Specifications solved, and different programs, over training: ten models and their mean',
    width: 740,
    height: 272,
    body: `${solved}\n<g transform="translate(380 0)">${distinct}</g>`,
  };
}
