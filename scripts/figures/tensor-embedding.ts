/** How alike the rows of the trained model's embedding are, token by token. */
import { VOCABULARY } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { COLOURS, escaped, type Figure } from './svg.ts';

const CELL = 22;
const LEFT = 92;
const TOP = 34;

export default function draw(): Figure {
  const engine = createReferenceEngine('float64');
  const { model } = packagedModel(engine);
  const { value } = model.parameter('transformer.wte.weight');
  const [tokens = 0, width = 0] = value.shape;
  const products = engine.empty([tokens, tokens]);
  engine.kernels.matmul(products.data, value.data, value.data, { m: tokens, n: tokens, k: width, transposeB: true });
  const product = (a: number, b: number): number => products.data[a * tokens + b]!;

  const body: string[] = [];
  const legend = [
    { colour: COLOURS.blue, words: 'alike: cosine above 0', at: LEFT },
    { colour: COLOURS.orange, words: 'opposed: below 0 (numbers: hundredths, from 20 on)', at: LEFT + 180 },
  ];
  for (const { colour, words, at } of legend) {
    body.push(
      `<rect x="${at}" y="6" width="14" height="14" fill="${colour}" fill-opacity="0.6"/>`,
      `<text x="${at + 20}" y="18">${words}</text>`,
    );
  }
  for (const { id, text } of VOCABULARY) {
    const y = TOP + id * CELL;
    const label = escaped(text);
    body.push(
      `<text x="${LEFT - 8}" y="${y + 16}" text-anchor="end" class="code" style="font-size:12px">${label}</text>`,
      `<text x="${LEFT + id * CELL + CELL + 6}" y="${y + 16}" class="code" style="font-size:12px">${label}</text>`,
      `<rect x="${LEFT + id * CELL}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill="${COLOURS.line}"/>`,
    );
    for (let other = 0; other < id; other++) {
      const cosine = product(id, other) / Math.sqrt(product(id, id) * product(other, other));
      const x = LEFT + other * CELL;
      const colour = cosine > 0 ? COLOURS.blue : COLOURS.orange;
      body.push(
        `<rect x="${x}" y="${y}" width="${CELL - 1}" height="${CELL - 1}" fill="${colour}" fill-opacity="${Math.abs(cosine).toFixed(2)}"/>`,
      );
      const hundredths = Math.round(100 * Math.abs(cosine));
      if (hundredths < 20) continue;
      body.push(
        `<text x="${x + (CELL - 1) / 2}" y="${y + 15}" text-anchor="middle" style="font-size:11px">${hundredths}</text>`,
      );
    }
  }
  return {
    title: `Cosine between each two of the ${tokens} rows of the trained model's embedding`,
    width: LEFT + tokens * CELL + 88,
    height: TOP + tokens * CELL + 6,
    body: body.join('\n'),
  };
}
