// How the prose of a chapter reads, in numbers: printed for whoever writes, enforced for nobody.
import { withoutBlocks } from './links.mjs';

const PASSIVE =
  /\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+ly\s+)?(?:\w+ed|\w+en|made|read|put|set|cut|kept|held|told|found|built|done|drawn|shown|known|run|left|lost|sent|split)\b/i;

/** The running text of a Markdown file: no code, headings, tables, pictures or markup; links as what they show. */
export function proseOf(markdown) {
  return withoutBlocks(markdown)
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/\$\$[\s\S]*?\$\$/g, ' ')
    .replace(/^(?:#|\||\[`|\[output).*$/gm, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\$[^$\n]*\$/g, 'x')
    .replace(/`[^`\n]*`/g, 'x')
    .replace(/[*_]/g, '');
}

function sentencesOf(markdown) {
  return proseOf(markdown)
    .split(/(?:[.?!:]["')]*\s+|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s))/)
    .map((sentence) => sentence.match(/[\w'’-]+/g) ?? [])
    .filter((words) => words.length > 1);
}

/** A line a chapter: lines, words, words a sentence, and the share of sentences with a passive verb. */
export function proseTable(chapters) {
  const rows = chapters.map(({ path, text }) => {
    const sentences = sentencesOf(text);
    const words = sentences.reduce((sum, sentence) => sum + sentence.length, 0);
    const passive = sentences.filter((sentence) => PASSIVE.test(sentence.join(' '))).length;
    const mean = sentences.length === 0 ? 0 : words / sentences.length;
    const share = sentences.length === 0 ? 0 : (100 * passive) / sentences.length;
    return [path, text.trimEnd().split('\n').length, words, mean.toFixed(1), `${share.toFixed(0)} %`];
  });
  const table = [['', 'lines', 'words', 'words a sentence', 'passive'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => String(row[column]).length)));
  const cell = (value, column) =>
    column === 0 ? String(value).padEnd(widths[0]) : String(value).padStart(widths[column]);
  return table.map((row) => row.map(cell).join('  ')).join('\n');
}
