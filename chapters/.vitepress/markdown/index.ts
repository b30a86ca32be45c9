/** @file All rules by which the book's Markdown becomes the pages of the site. Appendix C. */
import type MarkdownIt from 'markdown-it';
import { captions } from './captions.ts';
import { figures } from './figures.ts';
import { type LinkOptions, links } from './links.ts';
import { tips } from './tips.ts';
import { widgets } from './widgets.ts';

export interface BookOptions extends LinkOptions {
  readonly glossary: string;
  readonly figure: (name: string) => string;
}

export function book(md: MarkdownIt, options: BookOptions): void {
  md.use(captions).use(widgets).use(links, options).use(tips, { glossary: options.glossary });
  md.use(figures, { read: options.figure });
}

/** What GitHub calls a heading in a link. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replace(/ /g, '-');
