// Do the relative links of a Markdown text lead anywhere?
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Links of `markdown`, the file `path` below `root`, to files or headings that do not exist, as they are written. */
export function brokenLinks(markdown, path, root) {
  const prose = withoutBlocks(markdown).replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, '_'));
  const broken = [];
  for (const [link, target] of prose.matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue; // another site
    const [file, anchor] = target.split('#');
    const full = file === '' ? join(root, path) : resolve(root, dirname(path), file);
    const exists = file === '' || existsSync(full);
    if (!exists || relative(root, full).startsWith('..')) broken.push(link);
    else if (anchor !== undefined && full.endsWith('.md')) {
      const text = file === '' ? markdown : readFileSync(full, 'utf8');
      if (!anchors(text).includes(anchor)) broken.push(link);
    }
  }
  return broken;
}

/** The text without what stands in fenced blocks. */
export function withoutBlocks(markdown) {
  return markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
}

/** What GitHub calls the headings in a link. */
export function anchors(markdown) {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );
}
