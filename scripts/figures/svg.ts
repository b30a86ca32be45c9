/** A figure of the book: one SVG that is light or dark as the reader's system is, drawn from numbers and nothing else. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A figure: what those read who do not see it, and its drawing. */
export interface Figure {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** SVG elements. Colours are those of {@link COLOURS}, or `currentColor`. */
  readonly body: string;
}

/** Names that `fill` and `stroke` may use; the style below says what they are in light and in dark. */
export const COLOURS = {
  blue: 'var(--blue)',
  orange: 'var(--orange)',
  teal: 'var(--teal)',
  purple: 'var(--purple)',
  muted: 'var(--muted)',
  line: 'var(--line)',
} as const;

const STYLE = `
svg { --ink: #1b1f24; --blue: #0b62b8; --orange: #b4520b; --teal: #0c7a6b; --purple: #7a3fb0; --muted: #5c6670; --line: #c8ced4; color: var(--ink); font: 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6e9ec; --blue: #6cb2f5; --orange: #f0a35e; --teal: #55c7b5; --purple: #c49bec; --muted: #9aa4ae; --line: #47505a; } }
text { fill: currentColor; }
.code { font-family: ui-monospace, monospace; }`;

/** The file of a figure. */
export function picture({ title, width, height, body }: Figure): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    body,
    '</svg>\n',
  ].join('\n');
}

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A chart of Observable Plot as the body of a figure, its numbers rounded to a hundredth of a pixel. */
export function chart(options: Plot.PlotOptions & { readonly width: number; readonly height: number }): string {
  const { document } = parseHTML('<html><body></body></html>');
  const drawn = Plot.plot({ ...options, document, style: { background: 'none', fontSize: '12px' } });
  return drawn.outerHTML
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/ (?:class|aria-label|aria-description)="[^"]*"/g, '') // the picture's title speaks for it
    .replace(/-?\d+\.\d{3,}/g, (number: string) => String(Number(Number(number).toFixed(2))));
}
