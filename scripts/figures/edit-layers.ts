/** @file Layer by layer: what a linear probe reads, and what a whole hidden state decides. Chapter 14. */
import * as Plot from '@observablehq/plot';
import { mean } from '../../src/probe/statistics/sample.ts';
import { committedResults } from '../committed-results.mjs';
import { PANELS_OF_SHARES } from './edit-panels.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const runs = committedResults();
const PANELS = ['a linear probe reads the facing', 'a replaced state decides the program'] as const;

const points = runs.flatMap(({ seed, causal }) => {
  const { probes, wholeStates } = causal!.edits!;
  const layers = wholeStates!.layers.map(({ layer }) => layer);
  return layers.flatMap((layer) => [
    {
      seed,
      layer,
      panel: PANELS[0] as string,
      value: mean(
        probes.filter((one) => one.layer === layer && one.semantics === 'original').map(({ accuracy }) => accuracy),
      ),
    },
    { seed, layer, panel: PANELS[1] as string, value: wholeStates!.layers[layer]!.success.estimate },
  ]);
});
const layers = [...new Set(points.map(({ layer }) => layer))];
const means = PANELS.flatMap((panel) =>
  layers.map((layer) => ({
    panel,
    layer,
    value: mean(points.filter((one) => one.panel === panel && one.layer === layer).map(({ value }) => value)),
  })),
);

export default function draw(): Figure {
  const [width, height] = [720, 250];
  const body = chart({
    width,
    height,
    ...PANELS_OF_SHARES,
    x: { type: 'point', label: 'layer (0 is the embedding)', domain: layers },
    fx: { label: null, domain: [...PANELS] },
    marks: [
      Plot.ruleY([{ panel: PANELS[0], y: 0.25 }], {
        y: 'y',
        fx: 'panel',
        stroke: COLOURS.muted,
        strokeDasharray: '5 4',
      }),
      Plot.text([{ panel: PANELS[0], y: 0.25, text: 'one of four' }], {
        text: 'text',
        y: 'y',
        fx: 'panel',
        frameAnchor: 'right',
        dx: -4,
        dy: 12,
      }),
      Plot.line(points, { x: 'layer', y: 'value', fx: 'panel', z: 'seed', stroke: COLOURS.blue, strokeOpacity: 0.3 }),
      Plot.line(means, { x: 'layer', y: 'value', fx: 'panel', stroke: COLOURS.blue, strokeWidth: 3 }),
    ],
  });
  return {
    title: 'Layer by layer: accuracy of a linear probe, and success of a replaced hidden state',
    width,
    height,
    body,
  };
}
