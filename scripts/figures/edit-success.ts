/** @file What pushes from layer 2 on do to the probe and to the program, by their size. Chapter 14. */
import * as Plot from '@observablehq/plot';
import { mean } from '../../src/probe/statistics/sample.ts';
import { committedResults } from '../committed-results.mjs';
import { PANELS_OF_SHARES } from './edit-panels.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const runs = committedResults();
const LAYER = 2;
const PANELS = ['the probe is convinced', 'the program stays', 'the program is what is needed'] as const;
const KINDS = { probe: 'along the probe', random: 'in a random direction' } as const;
const SIZES = [0.25, 0.5, 1, 2, 4];

const points = runs.flatMap(({ seed, causal }) => {
  const { sweep, readings } = causal!.edits!;
  const read = readings
    .filter(({ layer }) => layer === LAYER)
    .map(({ size, after }) => ({ seed, size, panel: PANELS[0] as string, kind: 'probe', value: after.estimate }));
  const done = sweep
    .filter(({ layer, kind }) => layer === LAYER && kind !== 'flip')
    .flatMap(({ kind, size, unchanged, success }) => [
      { seed, size, panel: PANELS[1] as string, kind, value: unchanged.estimate },
      { seed, size, panel: PANELS[2] as string, kind, value: success.estimate },
    ]);
  return [...read, ...done];
});
const means = PANELS.flatMap((panel) =>
  Object.keys(KINDS).flatMap((kind) =>
    SIZES.flatMap((size) => {
      const own = points.filter((one) => one.panel === panel && one.kind === kind && one.size === size);
      return own.length === 0 ? [] : [{ panel, kind, size, value: mean(own.map(({ value }) => value)) }];
    }),
  ),
);
const LEGEND = [
  { panel: PANELS[1], kind: 'probe', y: 0.95, text: KINDS.probe },
  { panel: PANELS[1], kind: 'random', y: 0.86, text: KINDS.random },
];
const ceiling = mean(runs.map(({ causal }) => causal!.edits!.wholeStates!.ceiling.estimate));
const colour = ({ kind }: { kind: string }): string => (kind === 'probe' ? COLOURS.blue : COLOURS.orange);

export default function draw(): Figure {
  const [width, height] = [750, 270];
  const body = chart({
    width,
    height,
    ...PANELS_OF_SHARES,
    x: { type: 'point', label: 'size of the push', domain: SIZES },
    fx: { label: null, domain: [...PANELS] },
    marks: [
      Plot.line(points, {
        x: 'size',
        y: 'value',
        fx: 'panel',
        z: ({ seed, kind }) => `${seed}/${kind}`,
        stroke: colour,
        strokeOpacity: 0.25,
      }),
      Plot.line(means, { x: 'size', y: 'value', fx: 'panel', z: 'kind', stroke: colour, strokeWidth: 3 }),
      Plot.ruleY([{ panel: PANELS[2], y: ceiling }], {
        y: 'y',
        fx: 'panel',
        stroke: COLOURS.teal,
        strokeWidth: 2,
        strokeDasharray: '5 4',
      }),
      Plot.text([{ panel: PANELS[2], y: ceiling, text: 'robots really turned' }], {
        text: 'text',
        y: 'y',
        fx: 'panel',
        frameAnchor: 'left',
        dx: 8,
        dy: 12,
      }),
      Plot.text(LEGEND, { text: 'text', y: 'y', fx: 'panel', frameAnchor: 'right', dx: -18 }),
      Plot.dot(LEGEND, { y: 'y', fx: 'panel', fill: colour, frameAnchor: 'right', r: 4, dx: -8 }),
    ],
  });
  return {
    title: 'Pushes from layer 2 on, by size: what the probe reads, and what the model writes',
    width,
    height,
    body,
  };
}
