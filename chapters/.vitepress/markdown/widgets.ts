/** @file `<!-- widget: karel -->`, which nobody sees on GitHub, becomes something to try. Appendix C. */
import type MarkdownIt from 'markdown-it';
import type { PageEnv } from './env.ts';

export const WIDGETS = ['karel', 'tokens', 'tape', 'attention', 'edit'] as const;
export type WidgetName = (typeof WIDGETS)[number];

const COMMENT = /^<!-- widget: (\S+) -->\s*$/;

export function widgets(md: MarkdownIt): void {
  md.core.ruler.push('book-widgets', ({ tokens, env }) => {
    for (const token of tokens) {
      const name = token.type === 'html_block' ? COMMENT.exec(token.content)?.[1] : undefined;
      if (name === undefined) continue;
      if (!WIDGETS.some((known) => known === name))
        throw new Error(`there is no widget ${name}; there are ${WIDGETS.join(', ')}`);
      token.content = (env as PageEnv).searching ? '' : `<BookWidget name="${name}" />\n`;
    }
  });
}
