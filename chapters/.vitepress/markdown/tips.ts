/** @file The first use of a glossary's term on a page says what it means, when pointed at or focused. Appendix C. */
import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { patternOf } from '../../../scripts/chapters/glossary.mjs';
import type { PageEnv } from './env.ts';

/** The definitions of a glossary, in Markdown, by term: the first paragraph below each heading of the third level. */
export function definitionsOf(glossary: string): Map<string, string> {
  const entries = glossary.split(/^### /m).slice(1);
  return new Map(
    entries.flatMap((entry): [string, string][] => {
      const [term = '', ...paragraphs] = entry.split(/\n(?:\s*\n)+/);
      const definition = paragraphs[0]?.replace(/\s+/g, ' ').trim();
      return definition && !definition.startsWith('#') ? [[term.trim(), definition]] : [];
    }),
  );
}

interface Entry {
  readonly pattern: RegExp;
  readonly definition: string;
}

export function tips(md: MarkdownIt, { glossary }: { glossary: string }): void {
  const entries: Entry[] = [...definitionsOf(glossary)]
    .sort(([a], [b]) => b.length - a.length) // "linear probe" before "probe"
    .map(([term, definition]) => ({ pattern: patternOf(term), definition }));
  md.core.ruler.push('book-tips', ({ tokens, env, Token: Kind }) => {
    const { relativePath, searching } = env as PageEnv;
    if (!relativePath || searching || relativePath === 'h-glossary.md') return;
    const left = new Set(entries);
    let count = 0;
    /** HTML around the term, as tokens. */
    const wrap = (inside: Token[], { definition }: Entry): Token[] => {
      const id = `tip-${++count}`;
      const html = (content: string): Token => Object.assign(new Kind('html_inline', '', 0), { content });
      const text = md.renderInline(definition, {}).replace(/<\/?a\b[^>]*>/g, '');
      return [
        html(`<span class="tip"><span class="tip-term" tabindex="0" aria-describedby="${id}">`),
        ...inside,
        html(`</span><span role="tooltip" id="${id}">${text}</span></span>`),
      ];
    };
    const textToken = (content: string): Token => Object.assign(new Kind('text', '', 0), { content });
    const broken = (text: string): Token[] =>
      text
        .split('\n')
        .flatMap((line, at) => [
          ...(at > 0 ? [new Kind('softbreak', 'br', 0)] : []),
          ...(line ? [textToken(line)] : []),
        ]);
    /** A stretch of text, line breaks included, with its first uses wrapped. */
    const explained = (text: string): Token[] => {
      for (const entry of left) {
        const found = entry.pattern.exec(text);
        if (!found) continue;
        left.delete(entry);
        const end = found.index + found[0].length;
        return [
          ...explained(text.slice(0, found.index)),
          ...wrap(broken(found[0]), entry),
          ...explained(text.slice(end)),
        ];
      }
      return broken(text);
    };
    tokens.forEach((token, at) => {
      if (token.type !== 'inline' || tokens[at - 1]?.type === 'heading_open') return;
      if (tokens[at - 1]?.attrGet('class') === 'source-caption') return;
      token.children = inPlain(token.children ?? [], explained);
    });
  });
}

/** Applies `change` to each stretch of text that stands in no link. */
function inPlain(children: readonly Token[], change: (text: string) => Token[]): Token[] {
  const out: Token[] = [];
  let text = '';
  let links = 0;
  const flush = (): void => {
    if (text) out.push(...change(text));
    text = '';
  };
  for (const token of children) {
    if (links === 0 && token.type === 'text') text += token.content;
    else if (links === 0 && token.type === 'softbreak') text += '\n';
    else {
      flush();
      if (/^(link|nowhere)_/.test(token.type)) links += token.nesting;
      out.push(token);
    }
  }
  flush();
  return out;
}
