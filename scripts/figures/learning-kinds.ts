/** The loss of the committed model, kind of token by kind of token, beside that of bigrams. */
import * as Plot from '@observablehq/plot';
import { printedBy } from '../chapters.mjs';
import { COLOURS, chart, type Figure } from './svg.ts';

export default async function draw(): Promise<Figure> {
  let example: typeof import('../../examples/04-model.ts') | undefined;
  await printedBy(async () => {
    example = await import('../../examples/04-model.ts');
  });
  const kinds = (await example!.lossesByKind()).filter(({ kind }) => kind !== 'layout');
  const rows = kinds.flatMap(({ kind, bigram, model }) => [
    { kind, by: 'bigrams', loss: bigram },
    { kind, by: 'model', loss: model },
  ]);
  const fill = ({ by }: { by: string }): string => (by === 'model' ? COLOURS.teal : COLOURS.muted);
  const [width, height] = [720, 320];
  const body = chart({
    width,
    height,
    marginLeft: 72,
    marginRight: 70,
    marginBottom: 40,
    x: { label: 'loss (nats a token)', labelAnchor: 'center', domain: [0, 1.7] },
    y: { axis: null, domain: ['bigrams', 'model'], padding: 0.15 },
    fy: { label: null, axis: 'left', domain: kinds.map(({ kind }) => kind), padding: 0.25 },
    marks: [
      Plot.barX(rows, { fy: 'kind', y: 'by', x: 'loss', fill }),
      Plot.text(rows, {
        fy: 'kind',
        y: 'by',
        x: 'loss',
        text: ({ loss, by }: { loss: number; by: string }) => `${loss.toFixed(2)} ${by}`,
        textAnchor: 'start',
        dx: 5,
      }),
      Plot.ruleX([0], { stroke: COLOURS.line }),
    ],
  });
  return { title: 'Loss of the model and of bigrams by kind of token', width, height, body };
}
