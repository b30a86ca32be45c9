// Keeps chapters/ true. A line that holds only a link is the caption of the block below it, and says what belongs there:
//
//   [`src/tensor/shape.ts#sizeOf`](../src/tensor/shape.ts)            the declaration of that name, or `// #region sizeOf`
//   [`src/tensor/shape.ts`](../src/tensor/shape.ts)                   the whole file
//   [output of `examples/03-strides.ts`](../examples/03-strides.ts)   what the example prints
//
// and `<!-- files -->` to `<!-- /files -->` encloses the list of the sources whose home the chapter is. `npm run chapters`
// writes both; `npm test` calls the same function, which then only tells what it would have changed.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChapterError, extract } from './chapters/extract.mjs';
import { brokenLinks } from './chapters/links.mjs';
import { promises } from './chapters/promises.mjs';

export { ChapterError, extract } from './chapters/extract.mjs';
export { brokenLinks } from './chapters/links.mjs';
export { brokenPromise, printedBy, promises } from './chapters/promises.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const MAX_LINES = 250;

const CAPTION = /^\[(output of )?`([^`#]+)(?:#([^`]+))?`\]\(([^)]+)\)$/;
const FENCE = /^(`{3,})(.*)$/;
const FILES_BEGIN = '<!-- files -->';
const FILES_END = '<!-- /files -->';

/**
 * The chapter `markdown` (the file `path`) with its blocks and its list of `files` as they should be, and which of them
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
      put('the list of its files', lines.slice(index, end), ['', ...files, '']);
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

/** N of the `Chapter N.` in the `@file` comment that a source begins with; undefined unless there is exactly one. */
export function homeChapter(source) {
  const numbers = [...fileComment(source).matchAll(/\bChapter (\d+)\./g)];
  return numbers.length === 1 ? Number(numbers[0][1]) : undefined;
}

function fileComment(source) {
  const comment = /^(?:#!.*\n)?\/\*\*\s(?:\s*\* )?@file ((?:(?!\*\/)[\s\S])*)\*\//.exec(source)?.[1] ?? '';
  return comment.replace(/\n \*/g, '\n');
}

/** Each chapter's sources, by number, as a list of links with what the files say that they are. */
export function fileLists(sources) {
  const lists = new Map();
  for (const [path, source] of sources) {
    const home = homeChapter(source);
    const [purpose = ''] = fileComment(source).split(/\s*\bChapter \d+\./);
    const list = lists.get(home) ?? [];
    list.push(`- [\`${path}\`](../${path}): ${purpose.replace(/\s+/g, ' ')}`);
    lists.set(home, list);
  }
  return lists;
}

/** What is wrong between the sources (path to text) and the numbers of the chapters that there are. */
export function strays(sources, numbers) {
  const problems = [];
  for (const [path, source] of sources) {
    const home = homeChapter(source);
    if (home === undefined) problems.push(`${path}: does not begin with /** @file ... Chapter N. */`);
    else if (!numbers.includes(home)) problems.push(`${path}: its home, chapter ${home}, does not exist`);
  }
  for (const number of new Set(numbers)) {
    if (numbers.indexOf(number) !== numbers.lastIndexOf(number)) problems.push(`there are two chapters ${number}`);
    if (![...sources.values()].some((source) => homeChapter(source) === number)) {
      problems.push(`chapter ${number} is the home of no source`);
    }
  }
  return problems;
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
  const lists = fileLists(sources);
  const chapters = filesIn('chapters', '.md').map((path) => ({
    path,
    number: Number(/\/(\d+)-/.exec(path)?.[1] ?? 0),
  }));
  const problems = strays(
    sources,
    chapters.flatMap(({ number }) => (number > 0 ? [number] : [])),
  );
  for (const { path, number } of chapters) {
    try {
      const before = read(path);
      const { text, stale } = refresh(before, path, read, lists.get(number));
      if (!write) problems.push(...stale.map((what) => `${path}: stale, \`npm run chapters\` renews it: ${what}`));
      else if (text !== before) writeFileSync(join(ROOT, path), text);
      const length = text.trimEnd().split('\n').length;
      if (length > MAX_LINES) problems.push(`${path}: has ${length} lines, at most ${MAX_LINES} are allowed`);
      if (number > 0 && !text.includes(FILES_BEGIN)) problems.push(`${path}: has no list of its files, ${FILES_BEGIN}`);
    } catch (error) {
      if (!(error instanceof ChapterError)) throw error;
      problems.push(error.message.startsWith(path) ? error.message : `${path}: ${error.message}`);
    }
  }
  for (const path of [...chapters.map((chapter) => chapter.path), 'README.md', 'CONTRIBUTING.md']) {
    const text = read(path);
    if (text !== undefined)
      problems.push(...brokenLinks(text, path, ROOT).map((link) => `${path}: broken link ${link}`));
  }
  const book = chapters.map(({ path }) => read(path)).join('\n');
  for (const path of filesIn('examples', '.ts')) {
    if (!book.includes(`(../${path})`)) problems.push(`${path}: no chapter links to it`);
  }
  return problems;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problems = check({ write: true });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
