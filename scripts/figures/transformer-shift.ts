/** What the model reads, and what each place should predict: the sample itself, one token on. */
import { encodeProgramTokens, encodePrompt, VOCABULARY } from '../../src/karel/index.ts';
import { presetNamed } from '../../src/study/index.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { trainingBatch } from '../../src/study/stages/train.ts';
import { COLOURS, escaped, type Figure } from './svg.ts';

export default function draw(): Figure {
  const { settings } = presetNamed('tiny');
  const record = drawTestRecords({ settings, seed: '11' }, 3)[2]!;
  const tokens = [...encodePrompt(corpusSettings(settings), record), ...encodeProgramTokens(record.program)];
  const { sequences, targets } = trainingBatch([Uint8Array.from(tokens)]);
  const [inputs, expected] = [Array.from(sequences[0]!), Array.from(targets![0]!)];
  const last = inputs.length - 1;
  const places = [0, 1, 2, undefined, last - 4, last - 3, last - 2, last - 1, last];
  const columnWidth = 76;
  const cell = (at: number, column: number, y: number, token: number, colour: string): string => {
    const x = 76 + column * columnWidth;
    return [
      `<rect x="${x}" y="${y}" width="${columnWidth - 6}" height="30" rx="4" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${x + columnWidth / 2 - 3}" y="${y + 19}" text-anchor="middle" class="code" font-size="11">${escaped(VOCABULARY[token]!.text)}</text>`,
      y < 60
        ? `<text x="${x + columnWidth / 2 - 3}" y="${y - 7}" text-anchor="middle" font-size="11" style="fill:${COLOURS.muted}">${at}</text>`
        : '',
    ].join('');
  };
  const drawn = places.map((at, column) => {
    const x = 76 + column * columnWidth;
    if (at === undefined) return `<text x="${x + 24}" y="47">…</text><text x="${x + 24}" y="117">…</text>`;
    const arrow =
      column > 0 && places[column - 1] !== undefined
        ? `<path d="M${x + 22} 60 L${x - 26} 96" stroke="${COLOURS.muted}" stroke-width="1.5" marker-end="url(#down)"/>`
        : '';
    return (
      cell(at, column, 28, inputs[at]!, COLOURS.blue) + cell(at, column, 98, expected[at]!, COLOURS.orange) + arrow
    );
  });
  const body = [
    `<defs><marker id="down" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${COLOURS.muted}"/></marker></defs>`,
    '<text x="0" y="47">inputs</text><text x="0" y="117">targets</text>',
    `<text x="0" y="21" font-size="11" style="fill:${COLOURS.muted}">position</text>`,
    ...drawn,
  ].join('\n');
  return { title: 'Inputs and targets of one sample', width: 760, height: 140, body };
}
