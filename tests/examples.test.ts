/** The examples of the chapters, the solutions of their exercises, and each stage of the course's program print what they promise. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokenPromise, filesIn, printedBy, promises, ROOT } from '../scripts/chapters.mjs';

describe('an example prints what it promises', () => {
  test.each(filesIn('examples', '.ts'))('%s', async (path) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    const printed = await printedBy(async () => {
      const { show } = await import(/* @vite-ignore */ `../${path}`);
      await show?.();
    });
    expect(brokenPromise(source, printed)).toBeUndefined();
  });
});

describe('brokenPromise', () => {
  const source =
    'console.log(1 + 2); // => 3\nfor (const x of [1, 2]) console.log(x);\n// =>\n// 1\n// 2\n\n// Not this.\n';

  test('reads promises on the line and below a line // =>, up to the first line that is no comment', () => {
    expect(promises(source)).toEqual(['3', '1', '2']);
    expect(brokenPromise(source, ['3', '1', '2'])).toBeUndefined();
  });

  test('fails for another line, a missing one, one too many, and for an example that promises nothing', () => {
    expect(brokenPromise(source, ['4', '1', '2'])).toBe('line 1 is 4, promised was 3');
    expect(brokenPromise(source, ['3', '1'])).toBe('line 3 was promised and not printed: 2');
    expect(brokenPromise(source, ['3', '1', '2', '9'])).toBe('line 4 was printed and not promised: 9');
    expect(brokenPromise('console.log(3);\n', ['3'])).toBe('promises nothing');
  });
});

test('printedBy gives back console.log when what it watches throws', async () => {
  const { log } = console;
  await expect(
    printedBy(() => {
      throw new Error('broken example');
    }),
  ).rejects.toThrow('broken example');
  expect(console.log).toBe(log);
  expect(await printedBy(() => console.log([1, 2], 'x\ny'))).toEqual(['[ 1, 2 ] x', 'y']);
});
