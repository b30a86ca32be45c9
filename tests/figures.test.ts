/** The figures of the book are what their scripts draw from the committed data, and each is shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { filesIn, ROOT } from '../scripts/chapters.mjs';
import { type Figure, picture } from '../scripts/figures/svg.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const names = readdirSync(`${ROOT}/chapters/figures`)
  .filter((name) => name.endsWith('.svg'))
  .map((name) => name.replace(/\.svg$/, ''));
const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');

describe('a figure of the book', () => {
  test.each(names)('%s is drawn from the committed data, to the last character', async (name) => {
    const { default: draw } = (await import(/* @vite-ignore */ `../scripts/figures/${name}.ts`)) as {
      default: () => Promise<Figure> | Figure;
    };
    expect(picture(await draw())).toBe(read(`chapters/figures/${name}.svg`));
  });

  test('is shown in a chapter', () => {
    const book = filesIn('chapters', '.md').map(read).join('\n');
    expect(names.filter((name) => !book.includes(`](figures/${name}.svg)`))).toEqual([]);
  });
});
