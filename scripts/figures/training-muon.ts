/** What the steps of Muon's iteration make of a singular value. */
import * as Plot from '@observablehq/plot';
import { orthogonalize } from '../../src/autograd/muon.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

export default function draw(): Figure {
  const engine = createReferenceEngine('float64');
  const starts = Array.from({ length: 321 }, (_, i) => 10 ** (-3 + i * (3 / 320)));
  // A diagonal matrix has its entries as singular values; the other entry makes the norm 1.
  const points = starts.map((s) => {
    const other = Math.sqrt(Math.max(0, 1 - s * s));
    return { s, after: orthogonalize(engine, engine.tensor([2, 2], [s, 0, 0, other])).data[0]! };
  });
  const percent = ({ s }: { s: number }) => 100 * s;
  const [width, height] = [700, 220];
  const body = chart({
    width,
    height,
    marginLeft: 46,
    marginBottom: 40,
    x: {
      type: 'log',
      label: 'singular value of u, in percent of its norm (logarithmic)',
      tickFormat: (s: number) => String(s),
      ticks: [0.1, 0.3, 1, 3, 10, 30, 100],
    },
    y: { label: 'singular value of x', domain: [0, 1.2], grid: true },
    marks: [
      Plot.lineY(points, { x: percent, y: 's', stroke: COLOURS.muted, strokeDasharray: '4 3' }),
      Plot.lineY(points, { x: percent, y: 'after', stroke: COLOURS.purple, strokeWidth: 2.5 }),
      Plot.text([{ x: 5, y: 0.55, text: 'after five steps' }], {
        x: 'x',
        y: 'y',
        text: 'text',
        fill: COLOURS.purple,
      }),
      Plot.text([{ x: 26, y: 0.3, text: 'before' }], {
        x: 'x',
        y: 'y',
        text: 'text',
        textAnchor: 'end',
        fill: COLOURS.muted,
      }),
    ],
  });
  return { title: 'Singular values before and after the iteration of Muon', width, height, body };
}
