/** @file Captions sit on the block that they name; the last line, to the chapters before and after, is left to the site; every block scrolls. Appendix C. */
import type MarkdownIt from 'markdown-it';

const CAPTION = /^\[(output of )?`[^`]+`\]\([^)]+\)$/;
const NEIGHBOURS = /^(Before|Next): \[/;

export function captions(md: MarkdownIt): void {
  md.core.ruler.push('book-captions', ({ tokens }) => {
    tokens.forEach((token, at) => {
      if (token.type === 'code_block')
        Object.assign(token, { type: 'fence', tag: 'code', info: 'text', markup: '```' });
      const [inline, , block] = tokens.slice(at + 1);
      if (token.type === 'paragraph_open' && block?.type === 'fence' && CAPTION.test(inline!.content))
        token.attrJoin('class', 'source-caption');
    });
    const last = tokens.length - 3;
    if (tokens[last]?.type === 'paragraph_open' && NEIGHBOURS.test(tokens[last + 1]!.content)) tokens.splice(last, 3);
  });
}
