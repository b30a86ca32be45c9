/** How far each cell's gradient comes in the committed model: of the loss of a program's first word, by chapter 5's example. */
import { promptLength, VOCABULARY } from '../../src/karel/index.ts';
import { printedBy } from '../chapters.mjs';
import { COLOURS, escaped, type Figure } from './svg.ts';

const CELL = 27;
const SIDE = 4;
const GRID = { width: SIDE * CELL, across: SIDE * CELL + 28, down: SIDE * CELL + 44 };
const SHAPE = { width: SIDE, height: SIDE, examples: 2, maxLength: 4 };
const TITLES = ['input 1', 'output 1', 'input 2', 'output 2'];

export default async function draw(): Promise<Figure> {
  let example: typeof import('../../examples/05-model.ts') | undefined;
  await printedBy(async () => {
    example = await import('../../examples/05-model.ts');
  });
  const { samples, reach } = example!;
  const body = samples.flatMap((tokens, sample) => {
    const { lengths } = reach(tokens);
    const most = Math.max(...lengths);
    const top = 26 + sample * GRID.down;
    const words = Array.from(tokens.subarray(promptLength(SHAPE)), (token) => VOCABULARY[token]!.text).slice(0, -1);
    return [
      ...TITLES.flatMap((title, grid) => {
        const left = 2 + grid * GRID.across;
        const cells = Array.from({ length: SIDE * SIDE }, (_, cell) => {
          const token = 2 + grid * (1 + SIDE * SIDE) + cell;
          const [x, y] = [left + (cell % SIDE) * CELL, top + Math.floor(cell / SIDE) * CELL];
          return (
            `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${COLOURS.orange}" fill-opacity="${((0.85 * lengths[token]!) / most).toFixed(2)}" stroke="${COLOURS.line}"/>` +
            `<text class="code" x="${x + CELL / 2}" y="${y + CELL / 2 + 5}" text-anchor="middle">${escaped(VOCABULARY[tokens[token]!]!.text)}</text>`
          );
        });
        return [`<text x="${left}" y="${top - 8}" font-size="12">${title}</text>`, ...cells];
      }),
      ...words.map((word, at) => {
        const style = at === 0 ? `font-weight="600" style="fill:${COLOURS.orange}"` : '';
        return `<text class="code" x="${2 + TITLES.length * GRID.across}" y="${top + 18 + at * 20}" ${style}>${word}</text>`;
      }),
    ];
  });
  const title = 'Size of the gradient that reaches each cell from the first word of the program';
  return { title, width: 650, height: samples.length * GRID.down, body: body.join('\n') };
}
