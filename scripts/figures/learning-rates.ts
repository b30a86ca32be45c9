/** Learning rates that are too small, right and too large, on the bigrams of chapter 4's example. */
import * as Plot from '@observablehq/plot';
import { printedBy } from '../chapters.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

const RATES = [
  { rate: 1, name: 'rate 1: too small', stroke: COLOURS.blue },
  { rate: 15, name: 'rate 15: right', stroke: COLOURS.teal },
  { rate: 40, name: 'rate 40: too large', stroke: COLOURS.orange },
];
const STEPS = 40;

export default async function draw(): Promise<Figure> {
  let example: typeof import('../../examples/04-learning.ts') | undefined;
  await printedBy(async () => {
    example = await import('../../examples/04-learning.ts');
  });
  const { counted, descend } = example!;
  const lines = RATES.map((line) => ({ ...line, points: descend(line.rate, STEPS).map((y, x) => ({ x, y })) }));
  const [width, height] = [740, 340];
  const body = chart({
    width,
    height,
    marginLeft: 52,
    marginRight: 130,
    x: { label: 'steps', domain: [0, STEPS] },
    y: { label: 'training loss (nats)', domain: [1.53, 2.1] },
    marks: [
      Plot.ruleY([counted], { stroke: COLOURS.muted, strokeDasharray: '5 4' }),
      ...lines.map(({ points, stroke }) => Plot.line(points, { x: 'x', y: 'y', stroke, strokeWidth: 2 })),
      ...lines.map(({ points, stroke }) => Plot.dot(points, { x: 'x', y: 'y', fill: stroke, r: 2 })),
      Plot.text(lines, {
        x: STEPS,
        y: ({ points }) => points[STEPS].y,
        text: 'name',
        fill: 'stroke',
        textAnchor: 'start',
        dx: 8,
      }),
      Plot.text(['counting'], { x: 0, y: counted, fill: COLOURS.muted, textAnchor: 'start', dx: 4, dy: 10 }),
    ],
  });
  return { title: 'The training loss of a bigram table over 40 steps at three learning rates', width, height, body };
}
