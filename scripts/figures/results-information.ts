/** What probes read from ten models over their training, beside the same probes on the untrained models. */
import * as Plot from '@observablehq/plot';
import { FEATURES } from '../../src/probe/index.ts';
import { mean } from '../../src/probe/statistics/sample.ts';
import { resultsOf, SEEDS } from '../committed-results.mjs';
import { EACH_SEED, OVER_TRAINING, STEPS, sideBySide } from './over-training.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const SOURCES = ['trained', 'untrained'] as const;

interface Point {
  readonly seed: string;
  readonly step: number;
  readonly source: string;
  readonly value: number;
}

/** Of the checkpoints at which every feature has enough test pairs and something to know. */
function pointsOf(seed: string): Point[] {
  const { probes, checkpoints } = resultsOf(seed);
  return checkpoints.flatMap(({ step }) => {
    const asked = probes.filter(
      (probe) =>
        probe.step === step &&
        probe.offset === -1 &&
        probe.hiddenLayers === 1 &&
        probe.semantics === 'original' &&
        probe.informationShare !== null &&
        !probe.tooFew,
    );
    if (step === 0 || asked.length < FEATURES.length) return [];
    return SOURCES.map((source) => ({
      seed,
      step,
      source,
      value: mean(
        asked.map((probe) => (source === 'trained' ? probe.informationShare! : probe.untrainedInformationShare!)),
      ),
    }));
  });
}

export default function resultsInformation(): Figure {
  const points = SEEDS.flatMap(pointsOf);
  const steps = [...new Set(points.map(({ step }) => step))].sort((a, b) => a - b);
  const means = steps.flatMap((step) =>
    SOURCES.map((source) => {
      const own = points.filter((point) => point.step === step && point.source === source);
      return { step, source, value: mean(own.map(({ value }) => value)) };
    }),
  );
  const panel = (source: (typeof SOURCES)[number], colour: string): string => {
    const other = source === 'trained' ? 'untrained' : 'trained';
    const at = { x: 'step', y: 'value' };
    return chart({
      ...OVER_TRAINING,
      x: { ...STEPS, domain: [0, 3600] },
      y: {
        domain: [0, 0.7],
        label: `information, a share: ${source} (dashed: ${other})`,
        labelArrow: 'none',
        ticks: 7,
      },
      marks: [
        Plot.ruleY([0], { stroke: COLOURS.line }),
        Plot.line(
          points.filter((point) => point.source === source),
          EACH_SEED,
        ),
        Plot.line(
          means.filter((point) => point.source === other),
          {
            ...at,
            stroke: source === 'trained' ? COLOURS.orange : COLOURS.blue,
            strokeWidth: 2,
            strokeDasharray: '5 4',
          },
        ),
        Plot.line(
          means.filter((point) => point.source === source),
          { ...at, stroke: colour, strokeWidth: 3 },
        ),
      ],
    });
  };
  const [trained, untrained] = [panel('trained', COLOURS.blue), panel('untrained', COLOURS.orange)];
  return {
    title: 'Usable information of trained and untrained models over training: ten seeds and their mean',
    ...sideBySide(trained, untrained),
  };
}
