// Where a term of the glossary comes up for the first time, the book explains it or links to it.
import { anchors, withoutBlocks } from './links.mjs';

/** The terms of a glossary: its headings of the third level, each with the anchor that links lead to. */
export function termsOf(glossary) {
  const headings = [...withoutBlocks(glossary).matchAll(/^### (.*)$/gm)].map(([, term]) => term);
  return headings.map((term) => ({ term, anchor: anchors(`### ${term}`)[0] }));
}

/**
 * The terms that `chapters` (path and text, in the order of reading) first use without a link to the glossary's entry and
 * without emphasis, which says that the sentence itself explains the term.
 */
export function unlinkedTerms(chapters, glossary) {
  if (glossary === undefined) return ['there is no glossary'];
  const problems = [];
  const read = chapters
    .filter(({ path }) => !/\/[ghi]-/.test(path)) // lists, to look things up in
    .map(({ path, text }) => ({ path, prose: plain(text) }));
  for (const { term, anchor } of termsOf(glossary)) {
    for (const { path, prose } of read) {
      const use = patternOf(term).exec(prose);
      if (!use) continue;
      const before = prose.slice(0, use.index);
      const after = prose.slice(use.index + use[0].length);
      const linked =
        /\[[^\]]*$/.test(before) && new RegExp(`^[^\\[\\]]*\\]\\(h-glossary\\.md#${anchor}\\)`).test(after);
      const explained = /\*[^*\n]*$/.test(before.slice(before.lastIndexOf('\n\n') + 1)) && /^[^*\n]*\*/.test(after);
      if (!linked && !explained)
        problems.push(`${path}: its first "${use[0]}" is neither explained (*${term}*) nor linked to the glossary`);
      break;
    }
  }
  return problems;
}

/** Without code, formulas, headings, and where links lead but to the glossary. */
function plain(markdown) {
  return withoutBlocks(markdown)
    .replace(/^#.*$/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\$\$[\s\S]*?\$\$/g, '')
    .replace(/\$[^$\n]*\$/g, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/\]\((?!h-glossary\.md#)[^)\s]*\)/g, ']');
}

/** What a term looks like in a text: with its plurals, in any case, broken over lines. */
export function patternOf(term) {
  return new RegExp(`(?<![\\w-])${escaped(term)}(?:s|es)?(?![\\w-])`, 'i');
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+');
