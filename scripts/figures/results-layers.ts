/** Where in the model, and when in training, linear probes read the robot's state: the mean of ten models. */
import * as Plot from '@observablehq/plot';
import { FEATURES } from '../../src/probe/index.ts';
import { mean } from '../../src/probe/statistics/sample.ts';
import { resultsOf, SEEDS } from '../committed-results.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

/** A cell is the mean over seeds; those with too few test pairs, or with nothing to know, have no part in it. */
const FEWEST_SEEDS = 5;

export default function resultsLayers(): Figure {
  const layers = SEEDS.flatMap((seed) => resultsOf(seed).layers!);
  const columns = [...new Set(layers.map(({ step }) => step))].filter((step) => step > 0).map(String);
  const cells = FEATURES.flatMap((feature) =>
    [0, 1, 2, 3, 4].flatMap((layer) =>
      [...columns, 'start'].flatMap((column) => {
        const own = layers.filter(
          (cell) =>
            cell.feature === feature &&
            cell.layer === layer &&
            (column === 'start'
              ? cell.source === 'untrained'
              : cell.source === 'trained' && String(cell.step) === column) &&
            cell.informationShare !== null &&
            !cell.tooFew,
        );
        if (own.length < FEWEST_SEEDS) return [];
        return [{ feature, layer: layer === 0 ? 'embedding' : `block ${layer}`, column, value: mean(own.map(({ informationShare }) => informationShare!)) }]; // biome-ignore format: a cell
      }),
    ),
  );
  const at = { fy: 'feature', x: 'column', y: 'layer' };
  const body = chart({
    width: 740,
    height: 470,
    marginLeft: 90,
    marginRight: 66,
    marginTop: 6,
    marginBottom: 40,
    fy: { domain: [...FEATURES], label: null, axis: 'right', padding: 0.1 },
    x: {
      type: 'band',
      domain: [...columns, 'start'],
      label: 'training steps; start: the untrained weights, reading the programs of step 3600',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 0,
      padding: 0.06,
    },
    y: {
      type: 'band',
      domain: ['block 4', 'block 3', 'block 2', 'block 1', 'embedding'],
      label: null,
      tickSize: 0,
      padding: 0.06,
    },
    opacity: { domain: [0, 0.8], range: [0.03, 0.75], clamp: true },
    marks: [
      Plot.cell(cells, { ...at, fill: COLOURS.blue, fillOpacity: 'value', stroke: COLOURS.line, strokeWidth: 0.5 }),
      Plot.text(cells, {
        ...at,
        text: ({ value }: { value: number }) => value.toFixed(2).replace('-0.00', '0.00'),
        fill: 'currentColor',
        fontSize: 11,
      }),
    ],
  });
  return {
    title: 'Information that linear probes read, by layer and by training step, for three features',
    width: 740,
    height: 472,
    body,
  };
}
