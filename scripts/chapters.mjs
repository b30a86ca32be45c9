// Keeps chapters/ true. A line that holds only a link is the caption of the block below it, and says what belongs there:
//
//   [`src/tensor/shape.ts#sizeOf`](../src/tensor/shape.ts)            the declaration of that name, or `// #region sizeOf`
//   [`src/tensor/shape.ts`](../src/tensor/shape.ts)                   the whole file
//   [output of `examples/03-strides.ts`](../examples/03-strides.ts)   what the example prints
//
// and `<!-- files -->` to `<!-- /files -->` encloses the index of all sources. `npm run chapters` writes both, and prints how
// the prose of each chapter reads; `npm test` calls the same function, which then only tells what it would have changed.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChapterError, extract } from './chapters/extract.mjs';
import { unlinkedTerms } from './chapters/glossary.mjs';
import { brokenLinks, withoutBlocks } from './chapters/links.mjs';
import { promises } from './chapters/promises.mjs';
import { proseTable } from './chapters/prose.mjs';

export { ChapterError, extract } from './chapters/extract.mjs';
export { unlinkedTerms } from './chapters/glossary.mjs';
export { brokenLinks } from './chapters/links.mjs';
export { brokenPromise, printedBy, promises } from './chapters/promises.mjs';
export { proseOf } from './chapters/prose.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const MAX_LINES = 250;

const CAPTION = /^\[(output of )?`([^`#]+)(?:#([^`]+))?`\]\(([^)]+)\)$/;
const FENCE = /^(`{3,})(.*)$/;
/** Appendices that one looks things up in: as long as what they list. */
const REFERENCES = ['g-files.md', 'h-glossary.md', 'i-notation.md'];
const GLOSSARY = 'chapters/h-glossary.md';
const HOME = /\b(?:Chapter (\d+)|Appendix ([A-Z]))\./g;
const FILES_BEGIN = '<!-- files -->';
const FILES_END = '<!-- /files -->';

/**
 * The chapter `markdown` (the file `path`) with its blocks and its index of `files` as they should be, and which of them
 * were not. `read` gives the text of a file by its path, or undefined. Throws ChapterError where nothing can be shown.
 */
export function refresh(markdown, path, read, files = []) {
  const lines = markdown.split('\n');
  const out = [];
  const stale = [];
  const put = (what, before, after) => {
    out.push(...after);
    if (before.join('\n') !== after.join('\n')) stale.push(what);
  };
  let index = 0;
  while (index < lines.length) {
    const line = lines[index++];
    out.push(line);
    const caption = CAPTION.exec(line);
    if (caption) {
      const end = endOfBlock(lines, index, path);
      put(line, lines.slice(index, end), block(caption, path, read));
      if (end === index && lines[end] !== '') out.push('');
      index = end;
    } else if (FENCE.test(line)) {
      const end = endOfBlock(lines, index - 1, path);
      out.push(...lines.slice(index, end));
      index = end;
    } else if (line === FILES_BEGIN) {
      const end = lines.indexOf(FILES_END, index);
      if (end < 0) throw new ChapterError(`${path}: ${FILES_BEGIN} without ${FILES_END}`);
      put('the index of files', lines.slice(index, end), ['', ...files, '']);
      index = end;
    }
  }
  return { text: out.join('\n'), stale };
}

/** Behind the code block that begins at `index`, blank lines aside; `index` itself where there is none. */
function endOfBlock(lines, index, path) {
  let open = index;
  while (lines[open] === '') open++;
  const fence = FENCE.exec(lines[open] ?? '');
  if (!fence) return index;
  const close = lines.indexOf(fence[1], open + 1);
  if (close < 0) throw new ChapterError(`${path}: the block that begins on line ${open + 1} does not end`);
  return close + 1;
}

function block([caption, output, file, name, target], path, read) {
  if (join(dirname(path), target).split(sep).join('/') !== file) {
    throw new ChapterError(`${path}: the caption ${caption} links to another file`);
  }
  const source = read(file);
  if (source === undefined) throw new ChapterError(`${path}: the file of the caption ${caption} does not exist`);
  if (output && name) throw new ChapterError(`${path}: the caption ${caption} asks for the output of a part`);
  const text = output ? promises(source).join('\n') : name ? extract(source, name, file) : source.trimEnd();
  const fence = text.includes('```') ? '````' : '```';
  return ['', `${fence}${output ? 'text' : file.slice(file.lastIndexOf('.') + 1)}`, ...text.split('\n'), fence];
}

/** The label, `5` or `B`, of the one `Chapter 5.` or `Appendix B.` in the `@file` comment that a source begins with. */
export function homeChapter(source) {
  const labels = [...fileComment(source).matchAll(HOME)];
  return labels.length === 1 ? (labels[0][1] ?? labels[0][2]) : undefined;
}

function fileComment(source) {
  const comment = /^(?:#!.*\n)?\/\*\*\s(?:\s*\* )?@file ((?:(?!\*\/)[\s\S])*)\*\//.exec(source)?.[1] ?? '';
  return comment.replace(/\n \*/g, '\n');
}

/** The label of a chapter, from its file's name: `5` of `chapters/05-autograd.md`, `B` of `chapters/b-runs.md`. */
export function labelOf(path) {
  const [, number, letter] = /\/(?:(\d\d)|([a-z]))-[^/]*\.md$/.exec(path) ?? [];
  return number === undefined ? letter?.toUpperCase() : String(Number(number));
}

/** The index of sources (path to text): folder by folder, what each file says that it is, and the chapter that explains it. */
export function fileIndex(sources, chapters) {
  const paths = new Map(chapters.map((path) => [labelOf(path), path]));
  const folders = new Map();
  for (const [path, source] of sources) {
    const home = homeChapter(source);
    const purpose = fileComment(source).replace(HOME, '').replace(/\s+/g, ' ').trim();
    const chapter = paths.get(home);
    const where = chapter ? ` [${home}](${basename(chapter)})` : '';
    const line = `- [\`${basename(path)}\`](../${path}): ${purpose}${where}`;
    folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), line]);
  }
  const parts = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.flatMap(([folder, lines], at) => [...(at > 0 ? [''] : []), `## ${folder}`, '', ...lines]);
}

/** What is wrong between the sources (path to text) and the paths of the chapters that there are. */
export function strays(sources, chapters) {
  const problems = [];
  const labels = chapters.map(labelOf);
  for (const [path, source] of sources) {
    const home = homeChapter(source);
    if (home === undefined) problems.push(`${path}: does not begin with /** @file ... Chapter N. */ or Appendix X.`);
    else if (!labels.includes(home)) problems.push(`${path}: its home, ${home}, does not exist`);
  }
  for (const label of new Set(labels)) {
    if (labels.indexOf(label) !== labels.lastIndexOf(label)) problems.push(`there are two chapters ${label}`);
  }
  return problems;
}

/** Exercises of a chapter without a solution of their own, which is a `<details>` behind the exercise; `all` if it has none. */
export function unsolved(markdown) {
  const [, exercises] = markdown.split('\n## Exercises\n');
  if (exercises === undefined) return ['all'];
  const [own] = withoutBlocks(exercises).split('\n## ');
  const parts = own.split(/^(?=\d+\. )/m).filter((part) => /^\d+\. /.test(part));
  return parts.filter((part) => part.split('<details>').length !== 2).map((part) => part.split('\n')[0]);
}

const read = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined);

/** Paths below ROOT of the files in `folder` whose names end so, sorted, with `/` on every system. */
export function filesIn(folder, ending) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && statSync(join(ROOT, folder, name)).isFile())
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .sort();
}

/** All that is wrong with the chapters, a line each. With `write`, what is stale is rewritten first and so is not wrong. */
export function check({ write = false } = {}) {
  const sources = new Map(filesIn('src', '.ts').map((path) => [path, read(path)]));
  const chapters = filesIn('chapters', '.md').filter((path) => !path.includes('node_modules'));
  const labelled = chapters.filter((path) => labelOf(path) !== undefined);
  const index = fileIndex(sources, labelled);
  const problems = strays(sources, labelled);
  for (const path of chapters) {
    try {
      const before = read(path);
      const { text, stale } = refresh(before, path, read, index);
      if (!write) problems.push(...stale.map((what) => `${path}: stale, \`npm run chapters\` renews it: ${what}`));
      else if (text !== before) writeFileSync(join(ROOT, path), text);
      const length = text.trimEnd().split('\n').length;
      if (length > MAX_LINES && !REFERENCES.includes(basename(path)))
        problems.push(`${path}: has ${length} lines, at most ${MAX_LINES} are allowed`);
      if (labelOf(path) !== undefined && !REFERENCES.includes(basename(path)))
        problems.push(...unsolved(text).map((exercise) => `${path}: no solution, or two, of exercise ${exercise}`));
    } catch (error) {
      if (!(error instanceof ChapterError)) throw error;
      problems.push(error.message.startsWith(path) ? error.message : `${path}: ${error.message}`);
    }
  }
  for (const path of [...chapters, 'README.md', 'CONTRIBUTING.md']) {
    const text = read(path);
    if (text !== undefined)
      problems.push(...brokenLinks(text, path, ROOT).map((link) => `${path}: broken link ${link}`));
  }
  if (!chapters.some((path) => read(path).includes(FILES_BEGIN))) problems.push(`no chapter has ${FILES_BEGIN}`);
  const inOrder = labelled.map((path) => ({ path, text: read(path) }));
  problems.push(...unlinkedTerms(inOrder, read(GLOSSARY)));
  const book = chapters.map(read).join('\n');
  for (const path of filesIn('examples', '.ts')) {
    if (!book.includes(`(../${path})`)) problems.push(`${path}: no chapter links to it`);
  }
  return problems;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problems = check({ write: true });
  console.log(proseTable(filesIn('chapters', '.md').map((path) => ({ path, text: read(path) }))));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
