/** Where three heads of the trained model look from CODE, the place from which the first word of a program is written. */
import { encodePrompt, VOCABULARY } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { attentionWeights, nextTokenProbabilities, readSequence } from '../../src/transformer/index.ts';
import { COLOURS, escaped, type Figure } from './svg.ts';

/** Test specification, block and head, counted from 0. */
const ROWS = [
  { number: 7, block: 1, head: 1, colour: COLOURS.blue },
  { number: 3, block: 2, head: 2, colour: COLOURS.orange },
  { number: 1, block: 3, head: 0, colour: COLOURS.teal },
] as const;
const [CELL, GRID_TOP, ROW_HEIGHT] = [31, 26, 158];

export default function draw(): Figure {
  const engine = createReferenceEngine('float32');
  const { model, settings } = packagedModel(engine);
  const shape = corpusSettings(settings);
  const records = drawTestRecords({ settings, seed: '11' }, 8);
  const cells = shape.width * shape.height;
  const rows = ROWS.map(({ number, block, head, colour }, row) => {
    const tokens = Array.from(encodePrompt(shape, records[number]!));
    const reading = readSequence(engine, model, tokens);
    const last = tokens.length - 1;
    const weights = attentionWeights(reading, model, block, head, last);
    const next = nextTokenProbabilities(reading, last);
    const written = VOCABULARY[next.indexOf(Math.max(...next))]!.text;
    const top = row * ROW_HEIGHT + GRID_TOP;
    let inGrids = 0;
    const grids = ['input 1', 'output 1', 'input 2', 'output 2'].map((name, grid) => {
      const left = 150 + grid * 152;
      const squares = Array.from({ length: cells }, (_, cell) => {
        const at = 2 + grid * (cells + 1) + cell;
        const [x, y] = [left + (cell % shape.width) * CELL, top + 6 + Math.floor(cell / shape.width) * CELL];
        const weight = weights[at]!;
        inGrids += weight;
        const percent = 100 * weight;
        return [
          `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" rx="3" fill="${colour}" fill-opacity="${Math.min(0.75, weight).toFixed(3)}" stroke="${COLOURS.line}"/>`,
          `<text x="${x + 6}" y="${y + 12}" class="code" font-size="12">${escaped(VOCABULARY[tokens[at]!]!.text)}</text>`,
          percent >= 2
            ? `<text x="${x + CELL - 5}" y="${y + 25}" text-anchor="end" font-size="11">${percent.toFixed(0)}</text>`
            : '',
        ].join('');
      });
      return `<text x="${left}" y="${top - 2}" font-size="12" style="fill:${COLOURS.muted}">${name}</text>${squares.join('')}`;
    });
    const label = (line: number, words: string, options = '') =>
      `<text x="0" y="${top + 26 + line * 20}" ${options}>${words}</text>`;
    return [
      label(0, `block ${block + 1}, head ${head + 1}`, 'font-weight="600"'),
      label(1, 'it then writes'),
      label(2, written, 'class="code"'),
      label(
        3,
        `on other tokens: ${(100 * (1 - inGrids)).toFixed(0)} %`,
        `font-size="12" style="fill:${COLOURS.muted}"`,
      ),
      ...grids,
    ].join('\n');
  });
  return {
    title: 'Attention of three heads from CODE, in percent',
    width: 740,
    height: ROWS.length * ROW_HEIGHT,
    body: rows.join('\n'),
  };
}
