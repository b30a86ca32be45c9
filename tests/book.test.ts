/** The book's site, as far as it can be looked at without being built: its Markdown rules, its order, its addresses. */
import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { book } from '../chapters/.vitepress/markdown/index.ts';
import { repositoryOf } from '../chapters/.vitepress/markdown/links.ts';
import { definitionsOf } from '../chapters/.vitepress/markdown/tips.ts';
import { partsOf } from '../chapters/.vitepress/order.ts';
import { pageStyle } from '../chapters/.vitepress/page-style.ts';
import { BASE, relocatedPage, relocatedScript, relocatedStyle } from '../scripts/book/relocate.mjs';
import { filesIn, labelOf, ROOT } from '../scripts/chapters.mjs';

const GLOSSARY = `# Appendix H. Glossary

Each entry is short.

### hidden state

A vector, *between* [layers](06-transformer.md).

### linear probe

A probe without
hidden layers.

Another paragraph.

### probe

A small classifier, \`W x\`.

### empty

### last
`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 90" width="700" height="90" role="img">
<title>Bars</title>
<style>
svg { --ink: #111; color: var(--ink); }
@media (prefers-color-scheme: dark) { svg { --ink: #eee; } }
text, .code { fill: currentColor; }</style>
<clipPath id="a"><rect/></clipPath><g clip-path="url(#a)"><use href="#a"/><text>{{ 1 }} 'q'</text></g>
</svg>
`;
const FILES = ['src/a.ts', 'results/README.md', 'results/x.json.gz', 'chapters/notes.txt'];
const FOLDERS = ['src', 'src/ops', 'results', 'empty'];

function site(repository?: string) {
  const copies: string[] = [];
  const md = new MarkdownIt({ html: true });
  book(md, {
    repository,
    kindOf: (path) => (FILES.includes(path) ? 'file' : FOLDERS.includes(path) ? 'folder' : undefined),
    indexed: new Map([['src/ops', 'srcops']]),
    onCopy: (path) => copies.push(path),
    glossary: GLOSSARY,
    figure: () => SVG,
  });
  const render = (text: string, env: object = { relativePath: '03-toy.md' }) => md.render(text, env);
  return { render, copies };
}
const { render } = site();
const termsIn = (html: string) => [...html.matchAll(/aria-describedby="tip-\d+">([^<]*)</g)].map(([, term]) => term);

describe('tips', () => {
  test('a glossary is read entry by entry; what has no definition yet is none', () => {
    expect([...definitionsOf(GLOSSARY)]).toEqual([
      ['hidden state', 'A vector, *between* [layers](06-transformer.md).'],
      ['linear probe', 'A probe without hidden layers.'],
      ['probe', 'A small classifier, `W x`.'],
    ]);
  });

  test('the first use of each term is explained, in any case, in the plural, and over a line break', () => {
    const html = render('Probes read hidden\nstates.\n\nA probe reads a hidden state.');
    expect(termsIn(html)).toEqual(['Probes', 'hidden\nstates']);
    expect(html).toContain('<span role="tooltip" id="tip-2">A vector, <em>between</em> layers.</span>');
    expect(html).toContain('<p>A probe reads a hidden state.</p>');
  });

  test('the longer term wins, and a word that only begins like one is left alone', () => {
    expect(termsIn(render('A linear probe, then a probe; subprobe, probed.'))).toEqual(['linear probe', 'probe']);
  });

  test('code, headings, links and captions are left as they are; emphasis is not', () => {
    const text = '# A probe\n\n`probe` [probe](x.md) [the **probe**](x.md)\n\n```\nprobe\n```\n\n*probe*';
    expect(render(text).match(/class="tip"/g)).toHaveLength(1);
    expect(render(text)).toContain('<em><span class="tip">');
    expect(render('[output of `probe`](../src/a.ts)\n\n```\n1\n```')).not.toContain('tip');
    expect(render('[`a`](../src/a.ts) of the probe')).toContain('tip');
  });

  test('neither the glossary nor the search has any', () => {
    expect(render('A probe.', { relativePath: 'h-glossary.md' })).toBe('<p>A probe.</p>\n');
    expect(render('A probe.', { relativePath: '03-toy.md', searching: true })).toBe('<p>A probe.</p>\n');
  });
});

describe('widgets', () => {
  test('a comment becomes the component, in code it stays; in the search it is nothing', () => {
    expect(render('Text\n<!-- widget: karel -->\n\nmore')).toContain('<BookWidget name="karel" />');
    expect(render('```\n<!-- widget: karel -->\n```')).not.toContain('BookWidget');
    expect(render('<!-- widget: karel -->', { searching: true })).toBe('');
  });

  test('a widget that there is not is an error, and other comments are nobody’s business', () => {
    expect(() => render('<!-- widget: chess -->')).toThrow('there is no widget chess; there are karel, tokens');
    expect(render('<!-- files -->')).toBe('<!-- files -->');
  });
});

describe('links', () => {
  const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);

  test('to chapters, headings and other sites they stay; the plan of the book is the first page', () => {
    const text = '[a](01-karel.md#x) [b](#here) [c](https://x.org) [d](README.md#part)';
    expect(hrefs(render(text))).toEqual(['01-karel.md#x', '#here', 'https://x.org', 'index.md#part']);
  });

  test('files lead to copies, a folder to its place in the index or to its README, the rest is text', () => {
    const { render, copies } = site();
    const html = render(
      '[a](../src/a.ts) [b](../src/ops/) [c](../results/) [d](../empty) [e](../results/x.json.gz) [f](notes.txt)',
    );
    expect(hrefs(html)).toEqual([
      './source/src/a.ts.txt',
      'g-files.md#srcops',
      './source/results/README.md.txt',
      './source/results/x.json.gz',
      './source/chapters/notes.txt',
    ]);
    expect(html).toContain('<span>d</span>');
    expect(copies).toEqual(['src/a.ts', 'results/README.md', 'results/x.json.gz', 'chapters/notes.txt']);
  });

  test('with a repository they lead there', () => {
    const { render, copies } = site('https://github.com/x/y');
    expect(hrefs(render('[a](../src/a.ts#L3) [b](../src) [c](../gone.ts)'))).toEqual([
      'https://github.com/x/y/blob/HEAD/src/a.ts#L3',
      'https://github.com/x/y/tree/HEAD/src',
    ]);
    expect(copies).toEqual([]);
    expect(repositoryOf({ repository: { url: 'git+https://github.com/x/y.git' } })).toBe('https://github.com/x/y');
    expect(repositoryOf({ repository: 'github:x/y' })).toBe('https://github.com/x/y');
    expect(repositoryOf({})).toBeUndefined();
  });
});

test('a caption is told apart from a sentence, and the last line with the neighbours is left to the site', () => {
  const html = render(
    '[`src/a.ts#b`](../src/a.ts)\n\n```ts\nb\n```\n\nSee [`c`](../src/a.ts).\n\nBefore: [a](1.md) · Next: [b](2.md)\n',
  );
  expect(html.match(/class="source-caption"/g)).toHaveLength(1);
  expect(html).not.toContain('Before');
  expect(render('Before: [a](1.md)\n\nThe end.')).toContain('Before');
});

test('code that is only indented is a block as well', () => {
  expect(render('Text\n\n    BOS IN\n')).toContain('<pre><code class="language-text">BOS IN\n</code></pre>');
});

test('a figure stands in the page with rules, darkness and names of its own', () => {
  const page = render('![Bars, "high" & low](figures/bars.svg)');
  const [, text] = /^<p><span class="figure figure-bars"[^>]* v-html='([^']*)'><\/span><\/p>$/m.exec(page)!;
  const html = JSON.parse(text!.replaceAll('&#39;', "'").replaceAll('&amp;', '&')) as string;
  expect(html).toContain('aria-label="Bars, &quot;high&quot; &amp; low"');
  expect(html).toContain('.figure-bars svg { --ink: #111; color: var(--ink); }');
  expect(html).toContain('.dark .figure-bars svg { --ink: #eee; }');
  expect(html).toContain('.figure-bars text, .figure-bars .code {');
  expect(html).toContain('<clipPath id="bars-a"><rect/></clipPath><g clip-path="url(#bars-a)"><use href="#bars-a"/>');
  expect(html).toContain("<text>{{ 1 }} 'q'</text>");
  expect(html).not.toMatch(/<title|prefers-color-scheme/);
  expect(render('![Bars](figures/bars.svg)', { searching: true })).toBe('<p>Bars</p>\n');
  expect(render('![Page](../pictures/page.png)')).toContain('<img src="../pictures/page.png"');
});

test('the sidebar is the plan of the book: every chapter once, in the order of their files', () => {
  const parts = partsOf(readFileSync(`${ROOT}/chapters/README.md`, 'utf8'));
  expect(parts.map(({ text }) => text)).toEqual(['Part I: I build a model', 'Part II: I study it', 'Appendices']);
  const files = filesIn('chapters', '.md').filter((path) => labelOf(path) !== undefined);
  expect(parts.flatMap(({ items }) => items.map(({ link }) => `chapters${link}.md`))).toEqual(files);
  expect(parts[0]!.items[0]).toEqual({ text: '1. Karel', link: '/01-karel' });
});

test('the page’s colours are the book’s, light and dark, and its rules hold in widgets', () => {
  const css = pageStyle(readFileSync(`${ROOT}/web/style.css`, 'utf8'));
  expect(css).toMatch(/^:root \{\s+color-scheme: light;\s+--paper: #/);
  expect(css).toMatch(/\n\.dark \{\s+--paper: #/);
  expect(css).toMatch(/\n\.widget \{\n\* \{/);
  expect(css).not.toContain('prefers-color-scheme');
  expect(() => pageStyle('body {}')).toThrow('does not begin');
});

describe('a site for any address', () => {
  test('scripts put it together when they run', () => {
    const code = `const a="${BASE}",b='{"id":"${BASE}x"}',c=\`${BASE}\${a}/${BASE}\`;export{a,b,c}`;
    const moved = relocatedScript(code);
    expect(moved).not.toContain(BASE);
    const run = new Function('globalThis', `${moved.replace(/export.*/, '')};return [a,b,c]`);
    expect(run({ BOOK: '/deep/' })).toEqual(['/deep/', '{"id":"/deep/x"}', '/deep//deep///deep/']);
    expect(relocatedScript('const a = 1')).toBe('const a = 1');
  });

  test('pages find it out first, styles start from where they are', () => {
    const html = `<html>\n<head>\n<link href="${BASE}a.css"><script>window.__VP_SITE_DATA__=JSON.parse("{\\"base\\":\\"${BASE}\\"}");</script>`;
    const moved = relocatedPage(html);
    expect(moved).not.toContain(BASE);
    expect(moved.indexOf('globalThis.BOOK=')).toBeLessThan(moved.indexOf('href="./a.css"'));
    expect(moved).toContain('__VP_SITE_DATA__.base=globalThis.BOOK;');
    expect(relocatedStyle(`url(${BASE}assets/x.svg)`, true)).toBe('url(../assets/x.svg)');
  });
});
