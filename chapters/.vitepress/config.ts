/** @file The book as a site: `npm run site`. The Markdown of chapters/ is its source, as it is. Appendix C. */
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, postcssIsolateStyles } from 'vitepress';
import { anchorOf, book } from './markdown/index.ts';
import { copyOf, repositoryOf } from './markdown/links.ts';
import { partsOf } from './order.ts';
import { pageStylePlugin } from './page-style.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const headings = [...read('chapters/g-files.md').matchAll(/^## (.*)$/gm)].map(([, folder]) => folder!);
const copies = new Set<string>();
function kindOf(path: string): 'file' | 'folder' | undefined {
  if (path.startsWith('..') || !existsSync(join(root, path))) return undefined;
  return statSync(join(root, path)).isFile() ? 'file' : 'folder';
}

export default defineConfig({
  title: 'karelscope',
  titleTemplate: ':title · karelscope',
  description: 'How a language model comes to mean something: a course',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  cacheDir: join(root, 'node_modules', '.cache', 'vitepress'),
  rewrites: { 'README.md': 'index.md' },
  markdown: {
    math: true,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    attrs: { disable: true }, // braces stand for themselves
    anchor: { slugify: anchorOf },
    config: (md) =>
      book(md, {
        repository: repositoryOf(JSON.parse(read('package.json'))),
        kindOf,
        indexed: new Map(headings.map((folder) => [folder, anchorOf(folder)])),
        onCopy: (path) => copies.add(path),
        glossary: read('chapters/h-glossary.md'),
        figure: (name) => read(`chapters/figures/${name}.svg`),
      }),
  },
  themeConfig: {
    sidebar: partsOf(read('chapters/README.md')),
    outline: { level: [2, 3], label: 'On this page' },
    docFooter: { prev: 'Before', next: 'Next' },
    search: {
      provider: 'local',
      options: { _render: (text, env, md) => md.render(text, { ...env, searching: true }) },
    },
  },
  vite: {
    plugins: [pageStylePlugin()],
    css: { postcss: { plugins: [postcssIsolateStyles({ includeFiles: [/vp-doc\.css/, /base\.css/] })] } },
    define: { __VUE_OPTIONS_API__: true },
    build: {
      target: 'es2022',
      cssTarget: ['chrome100', 'firefox100', 'safari15.4'],
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
    },
  },
  /** Text of what chapters link to, with the mark that says UTF-8. */
  buildEnd({ outDir }) {
    for (const path of copies) {
      const copy = join(outDir, copyOf(path));
      mkdirSync(dirname(copy), { recursive: true });
      if (copy.endsWith(path)) cpSync(join(root, path), copy);
      else writeFileSync(copy, `\uFEFF${read(path)}`);
    }
  },
});
