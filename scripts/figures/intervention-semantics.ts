/** Information under three semantics, from trained and untrained models, seed by seed. */
import * as Plot from '@observablehq/plot';
import { FEATURES } from '../../src/probe/index.ts';
import { mean } from '../../src/probe/statistics/sample.ts';
import { resultsOf, SEEDS } from '../committed-results.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

const SEMANTICS = ['original', 'flip', 'adversarial'] as const;
const PANELS = ['trained', 'untrained', 'trained − untrained'] as const;

interface Point {
  readonly seed: string;
  readonly semantics: string;
  readonly panel: string;
  readonly information: number;
}

function pointsOf(seed: string): Point[] {
  const { probes } = resultsOf(seed);
  return SEMANTICS.flatMap((semantics) => {
    const asked = FEATURES.map((feature) =>
      probes.find(
        (probe) =>
          probe.step === 3600 &&
          probe.offset === -1 &&
          probe.hiddenLayers === 1 &&
          probe.semantics === semantics &&
          probe.feature === feature,
      ),
    );
    const trained = mean(asked.map((probe) => probe!.informationShare!));
    const untrained = mean(asked.map((probe) => probe!.untrainedInformationShare!));
    const values = [trained, untrained, trained - untrained];
    return PANELS.map((panel, at) => ({ seed, semantics, panel, information: values[at]! }));
  });
}

export default function interventionSemantics(): Figure {
  const points = SEEDS.flatMap(pointsOf);
  const means = PANELS.flatMap((panel) =>
    SEMANTICS.map((semantics) => {
      const own = points.filter((point) => point.panel === panel && point.semantics === semantics);
      return { panel, semantics, information: mean(own.map(({ information }) => information)) };
    }),
  );
  const at = { fx: 'panel', x: 'semantics', y: 'information' };
  const body = chart({
    width: 740,
    height: 310,
    marginLeft: 44,
    marginTop: 50,
    marginBottom: 30,
    fx: { domain: [...PANELS], label: null, padding: 0.08 },
    x: { type: 'point', domain: [...SEMANTICS], label: null, tickSize: 0, padding: 0.4 },
    y: { domain: [-0.05, 0.6], label: 'usable information, a share', labelArrow: 'none', ticks: 6 },
    marks: [
      Plot.ruleY([0], { stroke: COLOURS.line }),
      Plot.line(points, { ...at, z: 'seed', stroke: COLOURS.muted, strokeWidth: 1, strokeOpacity: 0.6 }),
      Plot.dot(points, { ...at, fill: COLOURS.muted, r: 2 }),
      Plot.line(means, { ...at, z: null, stroke: COLOURS.blue, strokeWidth: 3 }),
      Plot.dot(means, { ...at, fill: COLOURS.blue, r: 5 }),
    ],
  });
  return {
    title: 'Usable information under three semantics: ten models, and their mean',
    width: 740,
    height: 310,
    body,
  };
}
