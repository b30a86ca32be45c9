/** The training loss and the share of solved specifications of the committed runs of tiny, step by step. */
import * as Plot from '@observablehq/plot';
import { committedResults } from '../committed-results.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';
import { bestLoss } from './training-best.ts';

export default function draw(): Figure {
  const points = committedResults().flatMap(({ seed, checkpoints }) =>
    checkpoints.map((checkpoint) => ({ ...checkpoint, seed })),
  );
  const common = { width: 700, height: 210, marginLeft: 50, marginBottom: 40 };
  const x = { label: 'step', domain: [0, 3600] };
  const lines = { x: 'step', z: 'seed', strokeWidth: 1.5, strokeOpacity: 0.8 };
  const { best } = bestLoss('all');
  const loss = chart({
    ...common,
    x,
    y: { label: 'training loss, nats a token', domain: [0, 0.9], grid: true },
    marks: [
      Plot.ruleY([best], { stroke: COLOURS.muted, strokeDasharray: '5 3' }),
      Plot.text([{ step: 3600, loss: best }], {
        x: 'step',
        y: 'loss',
        text: () => `the best possible: ${best.toFixed(2)}`,
        textAnchor: 'end',
        dy: 12,
        fill: 'currentColor',
      }),
      Plot.lineY(
        points.filter(({ trainLoss }) => trainLoss !== null),
        { ...lines, y: 'trainLoss', stroke: COLOURS.blue },
      ),
    ],
  });
  const solved = chart({
    ...common,
    x,
    y: { label: 'solved, %', domain: [0, 100], grid: true },
    marks: [
      Plot.lineY(points, {
        ...lines,
        y: (point: (typeof points)[number]) => 100 * point.generativeAccuracy,
        stroke: COLOURS.orange,
      }),
    ],
  });
  return {
    title: 'Training loss, and specifications solved, in ten runs',
    width: 700,
    height: 430,
    body: `<g>${loss}</g>\n<g transform="translate(0 220)">${solved}</g>`,
  };
}
