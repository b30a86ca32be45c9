/** @file The page's style in the book: its colours everywhere, its rules in widgets alone. Appendix C. */

const PARTS = /^:root \{(.*?)\n\}\n@media \(prefers-color-scheme: dark\) \{\n {2}:root \{(.*?)\n {2}\}\n\}\n(.*)$/s;

/** The text of web/style.css with its dark colours where the site is dark, and its rules nested. */
export function pageStyle(css: string): string {
  const [, light, dark, rules] = PARTS.exec(css) ?? [];
  if (rules === undefined) throw new Error('web/style.css does not begin with its light and its dark colours');
  return `:root {${light!.replace('light dark', 'light')}\n}\n.dark {${dark}\n  color-scheme: dark;\n}\n.widget {\n${rules}}\n`;
}

export const pageStylePlugin = () => ({
  name: 'karelscope-page-style',
  enforce: 'pre' as const,
  transform: (css: string, id: string) => (id.endsWith('/web/style.css?book') ? pageStyle(css) : undefined),
});
