/** The chapters show the code as it is. Each of their checks is seen failing here once. */
import { describe, expect, test } from 'vitest';
import {
  brokenLinks,
  ChapterError,
  check,
  extract,
  fileIndex,
  homeChapter,
  ROOT,
  refresh,
  strays,
  unlinkedTerms,
  unsolved,
} from '../scripts/chapters.mjs';

test('chapters: blocks, index, links, lengths, solutions and terms are as they should be', () => {
  expect(check()).toEqual([]);
});

const SOURCE = `/** @file A toy. Chapter 3. */
import { b } from './b.ts';

/** Doubles. */
export function double(x: number): number {
  return 2 * x; // [1]
}

export const LIMIT = 9;

export class Robot {
  readonly #name = 'r';
  /** One step. */
  move(): void {
    // #region inside
    this.turn();
    // #endregion
  }
  #turn(): void {}
}

function over(x: string): string;
function over(x: number): number;
function over(x: unknown): unknown {
  return x;
}

type twice = 1;
const twice = 2;
`;

describe('extract', () => {
  test('a function comes with its doc comment, a constant without one as it is', () => {
    expect(extract(SOURCE, 'double')).toBe(
      '/** Doubles. */\nexport function double(x: number): number {\n  return 2 * x; // [1]\n}',
    );
    expect(extract(SOURCE, 'LIMIT')).toBe('export const LIMIT = 9;');
  });

  test("the file's own comment belongs to no declaration", () => {
    expect(extract('/** @file Toy. Chapter 1. */\nexport const a = 1;\n', 'a')).toBe('export const a = 1;');
  });

  test('members, private ones too, and regions are moved to the margin; region markers are not shown', () => {
    expect(extract(SOURCE, 'Robot.move')).toBe('/** One step. */\nmove(): void {\n  this.turn();\n}');
    expect(extract(SOURCE, 'Robot.#turn')).toBe('#turn(): void {}');
    expect(extract(SOURCE, 'inside')).toBe('this.turn();');
  });

  test('overloads are one declaration', () => {
    expect(extract(SOURCE, 'over').split('\n')).toHaveLength(5);
  });

  test('a name that is missing, or there twice, or a region without an end, is a ChapterError', () => {
    expect(() => extract(SOURCE, 'triple', 'toy.ts')).toThrow(
      new ChapterError('toy.ts has no declaration or region triple'),
    );
    expect(() => extract(SOURCE, 'Robot.jump', 'toy.ts')).toThrow('toy.ts has no declaration or region Robot.jump');
    expect(() => extract(SOURCE, 'twice', 'toy.ts')).toThrow('toy.ts has 2 declarations or regions twice');
    expect(() => extract('// #region LIMIT\n// #endregion\nconst LIMIT = 1;', 'LIMIT', 'toy.ts')).toThrow('2 decl');
    expect(() => extract('// #region open\n1;', 'open', 'toy.ts')).toThrow('toy.ts: region open has no // #endregion');
  });
});

const read = (path: string) => (path === 'src/toy.ts' ? SOURCE : undefined);
const CAPTION = '[`src/toy.ts#LIMIT`](../src/toy.ts)';
const chapter = (...lines: string[]) => ['# Toy', ...lines, 'End.', ''].join('\n');
const GOOD = chapter(CAPTION, '', '```ts', 'export const LIMIT = 9;', '```', '');

describe('refresh', () => {
  test('a fresh chapter stays as it is', () => {
    expect(refresh(GOOD, 'chapters/03-toy.md', read)).toEqual({ text: GOOD, stale: [] });
  });

  test('a stale block is named by its caption, and rewritten', () => {
    const wrong = GOOD.replace('= 9', '= 10');
    expect(refresh(wrong, 'chapters/03-toy.md', read)).toEqual({ text: GOOD, stale: [CAPTION] });
  });

  test('a caption without a block gets one', () => {
    expect(refresh(chapter(CAPTION, ''), 'chapters/03-toy.md', read).text).toBe(GOOD);
    expect(refresh(chapter(CAPTION), 'chapters/03-toy.md', read).text).toBe(GOOD);
  });

  test('the output of an example is what it promises', () => {
    const source = 'console.log(7); // => 7\n';
    const text = chapter('[output of `examples/a.ts`](../examples/a.ts)', '', '```text', '8', '```');
    expect(refresh(text, 'chapters/03-toy.md', () => source).text).toContain('```text\n7\n```');
  });

  test('the index of files is kept up to date', () => {
    const text = chapter('<!-- files -->', '', '- old', '', '<!-- /files -->');
    const fresh = refresh(text, 'chapters/03-toy.md', read, ['- new']);
    expect(fresh.stale).toEqual(['the index of files']);
    expect(fresh.text).toContain('<!-- files -->\n\n- new\n\n<!-- /files -->');
  });

  test('a caption of a missing file, a missing name, or with another link, is an error', () => {
    const of = (line: string) => () => refresh(chapter(line), 'chapters/03-toy.md', read);
    expect(of('[`src/gone.ts`](../src/gone.ts)')).toThrow('does not exist');
    expect(of('[`src/toy.ts#gone`](../src/toy.ts)')).toThrow('src/toy.ts has no declaration or region gone');
    expect(of('[`src/toy.ts#LIMIT`](../src/b.ts)')).toThrow('links to another file');
  });

  test('a link within a sentence, and whatever stands in a block without a caption, is left alone', () => {
    const text = chapter(`See ${CAPTION}.`, '', '```md', CAPTION, '', '```');
    expect(refresh(text, 'chapters/03-toy.md', read)).toEqual({ text, stale: [] });
  });

  test('a block without an end is an error', () => {
    expect(() => refresh(chapter(CAPTION, '', '```ts'), 'chapters/03-toy.md', read)).toThrow('does not end');
  });
});

describe('homes', () => {
  test('the label is read from the comment that the file begins with, after a #! line too', () => {
    expect(homeChapter(SOURCE)).toBe('3');
    expect(homeChapter('#!/usr/bin/env node\n/**\n * @file Two\n * lines. Appendix B.\n */\n')).toBe('B');
    expect(homeChapter('import x;\n/** @file Late. Chapter 3. */')).toBeUndefined();
    expect(homeChapter('/** @file None. */')).toBeUndefined();
    expect(homeChapter('/** @file Two. Chapter 3. Appendix D. */')).toBeUndefined();
  });

  test('a source without a home, with one that does not exist, and two chapters of one label are reported', () => {
    const sources = new Map([
      ['src/a.ts', SOURCE],
      ['src/b.ts', 'export {};'],
      ['src/c.ts', '/** @file C. Appendix Z. */'],
    ]);
    expect(strays(sources, ['chapters/03-toy.md', 'chapters/b-one.md', 'chapters/b-two.md'])).toEqual([
      'src/b.ts: does not begin with /** @file ... Chapter N. */ or Appendix X.',
      'src/c.ts: its home, Z, does not exist',
      'there are two chapters B',
    ]);
  });

  test('the index names each file once, with its purpose and its chapter', () => {
    expect(fileIndex(new Map([['src/a.ts', SOURCE]]), ['chapters/03-toy.md'])).toEqual([
      '## src',
      '',
      '- [`a.ts`](../src/a.ts): A toy. [3](03-toy.md)',
    ]);
  });
});

test('unsolved names the exercises that have no solution, or more than one', () => {
  const solution = '<details><summary>Solution</summary>\n\nYes.\n\n</details>\n';
  const text = `# Toy\n\n## Exercises\n\n1. One?\n\n${solution}\n2. Two?\n\n3. Three?\n\n${solution}${solution}\n## Next\n`;
  expect(unsolved(text)).toEqual(['2. Two?', '3. Three?']);
  expect(unsolved('# Toy\n')).toEqual(['all']);
});

describe('unlinkedTerms', () => {
  const glossary = '# Glossary\n\n### hidden state\n\nA vector.\n\n### probe\n\nA reader.\n';
  const chapters = (first: string) => [
    { path: 'chapters/01-a.md', text: `# Hidden states\n\n${first}\n` },
    { path: 'chapters/02-b.md', text: 'Later a hidden\nstate needs no link.\n' },
  ];

  test('a term that is linked, or explained on the spot, passes; in code it does not count', () => {
    expect(unlinkedTerms(chapters('`probe` of [hidden states](h-glossary.md#hidden-state)'), glossary)).toEqual([]);
    expect(unlinkedTerms(chapters('A *hidden state* is a vector.'), glossary)).toEqual([]);
  });

  test('a term that comes without either is named, with the chapter', () => {
    expect(
      unlinkedTerms(chapters('Two hidden states, then [hidden state](h-glossary.md#hidden-state).'), glossary),
    ).toEqual([
      'chapters/01-a.md: its first "hidden states" is neither explained (*hidden state*) nor linked to the glossary',
    ]);
    expect(unlinkedTerms(chapters('[hidden state](#hidden-state)'), glossary)).toHaveLength(1);
    expect(unlinkedTerms([], undefined)).toEqual(['there is no glossary']);
  });
});

test('brokenLinks names links to missing files and headings, and to what lies outside of the repository', () => {
  const links =
    '[a](package.json) [b](gone.md) [c](#here) [d](#there) [e](https://x.org/gone) [f](../x) `[g](code.md)`';
  expect(brokenLinks(`# Here\n${links}\n`, 'README.md', ROOT)).toEqual(['[b](gone.md)', '[d](#there)', '[f](../x)']);
});
