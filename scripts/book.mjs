// Builds the book as a site, site/book/ beside the page, or in another folder:
//   npm run site, or node scripts/book.mjs [FOLDER]
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { BASE, relocatedPage, relocatedScript, relocatedStyle } from './book/relocate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The book in `folder`, which any host may serve from any path. */
export async function buildBook(folder) {
  await build(join(root, 'chapters'), { base: BASE, outDir: folder, logLevel: 'warn' });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (name.startsWith('source') || !/\.(html|css|js)$/.test(name)) continue;
    const before = readFileSync(path, 'utf8');
    const after = name.endsWith('.html')
      ? relocatedPage(before)
      : name.endsWith('.css')
        ? relocatedStyle(before, dirname(name) !== '.')
        : relocatedScript(before);
    if (after.includes(BASE)) throw new Error(`${name} can only be served from ${BASE}`);
    if (after !== before) writeFileSync(path, after);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'site', 'book'));
  await buildBook(folder);
  const page = join(root, 'site', 'index.html');
  if (folder === join(root, 'site', 'book') && existsSync(page)) {
    // The page leads to the book that lies beside it.
    const link = '<link rel="help" href="book/index.html">\n</head>';
    const html = readFileSync(page, 'utf8');
    if (!html.includes(link)) writeFileSync(page, html.replace('</head>', link));
  }
  console.log(`${relative(process.cwd(), join(folder, 'index.html'))} is the book: put the folder on any host`);
}
