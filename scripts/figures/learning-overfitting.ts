/** Training and validation loss of longer contexts on few programs and on many, as chapter 4's example counts them. */
import * as Plot from '@observablehq/plot';
import { printedBy } from '../chapters.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

export default async function draw(): Promise<Figure> {
  let example: typeof import('../../examples/04-overfitting.ts') | undefined;
  await printedBy(async () => {
    example = await import('../../examples/04-overfitting.ts');
  });
  const { comparison } = example!;
  const rows = comparison.flatMap(({ programs, length, training, validation }) => [
    { programs, length, loss: training, line: `training, ${programs}` },
    { programs, length, loss: validation, line: `validation, ${programs}` },
  ]);
  const [width, height] = [720, 340];
  const panels = [...new Set(rows.map(({ programs }) => programs))];
  const last = rows.filter(({ length }) => length === 4);
  const body = chart({
    width,
    height,
    marginLeft: 52,
    marginRight: 84,
    marginBottom: 40,
    x: { label: 'words before', labelAnchor: 'center', domain: [0, 4], ticks: [0, 1, 2, 3, 4], tickFormat: String },
    y: { label: 'loss (nats)', domain: [1.1, 1.95] },
    fx: {
      label: null,
      domain: panels,
      tickFormat: (programs: number) => `counted on ${programs} programs`,
      padding: 0.2,
    },
    marks: [
      Plot.line(rows, { fx: 'programs', x: 'length', y: 'loss', z: 'line', stroke: colourOf, strokeWidth: 2 }),
      Plot.dot(rows, { fx: 'programs', x: 'length', y: 'loss', fill: colourOf, r: 3 }),
      ...['training', 'validation'].map((name, at) =>
        Plot.text(
          last.filter(({ line }) => line.startsWith(name)),
          {
            fx: 'programs',
            x: 'length',
            y: 'loss',
            text: [name, name],
            fill: colourOf,
            textAnchor: 'start',
            dx: 7,
            dy: 4 - 8 * at,
          },
        ),
      ),
    ],
  });
  return { title: 'Loss against the length of the context, counted on few programs and on many', width, height, body };
}

const colourOf = ({ line }: { line: string }): string => (line.startsWith('training') ? COLOURS.blue : COLOURS.orange);
