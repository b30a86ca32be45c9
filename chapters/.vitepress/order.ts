/** @file The order of the book, as chapters/README.md has it. Appendix C. */

interface Part {
  readonly text: string;
  readonly items: { readonly text: string; readonly link: string }[];
}

const ENTRY = /^(?:(\d+)\.|- ([A-Z])\.) \[(.+?)\]\(([^)]+)\.md\)/;

/** The parts of the book, each with its chapters, for the sidebar; the site takes before and after from it as well. */
export function partsOf(readme: string): Part[] {
  const parts: Part[] = [];
  for (const line of readme.split('\n')) {
    const [, number, letter, title, file] = ENTRY.exec(line) ?? [];
    if (line.startsWith('## ')) parts.push({ text: line.slice(3), items: [] });
    else if (file) parts.at(-1)?.items.push({ text: `${number ?? letter}. ${title}`, link: `/${file}` });
  }
  return parts.filter(({ items }) => items.length > 0);
}
