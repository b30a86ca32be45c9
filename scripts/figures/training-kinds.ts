/** What the loss of the trained model is made of, beside that of the best model there can be. */

import { COLOURS, type Figure } from './svg.ts';
import { kindLosses } from './training-best.ts';

const SHADES: Record<string, string> = {
  'input grids': COLOURS.muted,
  'output grids': COLOURS.teal,
  programs: COLOURS.orange,
};

export default function draw(): Figure {
  const losses = kindLosses();
  const all = losses.find(({ kind }) => kind === 'all')!;
  const [left, pixels] = [110, 1240];
  const bars = (['model', 'best'] as const).map((which, row) => {
    const y = 12 + row * 46;
    let x = left;
    const parts = losses.flatMap(({ kind, tokens, ...own }) => {
      const share = (own[which] * tokens) / all.tokens;
      const wide = share * pixels;
      if (kind === 'all' || wide < 1) return [];
      const from = x;
      x += wide;
      return [
        `<rect x="${from.toFixed(1)}" y="${y}" width="${(wide - 2).toFixed(1)}" height="30" fill="${SHADES[kind]}" fill-opacity="0.45" stroke="${SHADES[kind]}"/>`,
        `<text x="${(from + wide / 2 - 1).toFixed(1)}" y="${y + 20}" text-anchor="middle" font-size="12">${share.toFixed(3)}</text>`,
      ];
    });
    const name = which === 'model' ? 'trained model' : 'best possible';
    return `<text x="0" y="${y + 20}">${name}</text>${parts.join('')}<text x="${(x + 6).toFixed(1)}" y="${y + 20}" font-weight="600">${all[which].toFixed(3)}</text>`;
  });
  let x = left;
  const legend = Object.entries(SHADES).map(([kind, colour]) => {
    const own = losses.find((loss) => loss.kind === kind)!;
    const words = `${kind}, ${((100 * own.tokens) / all.tokens).toFixed(0)} % of tokens`;
    const drawn = `<rect x="${x}" y="108" width="14" height="14" fill="${colour}" fill-opacity="0.45" stroke="${colour}"/><text x="${x + 20}" y="120" font-size="12">${words}</text>`;
    x += 205;
    return drawn;
  });
  return { title: 'The loss by kind of token', width: 740, height: 130, body: [...bars, ...legend].join('\n') };
}
