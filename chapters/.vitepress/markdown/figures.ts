/** @file Figures are put into the page itself, so that they are dark when the site is. Appendix C. */
import type MarkdownIt from 'markdown-it';
import type { PageEnv } from './env.ts';

const FIGURE = /^(?:\.\/)?figures\/([\w-]+)\.svg$/;
/** What a phone shows at least of a figure's width; the rest is scrolled to. */
const LEAST = 560;
const DARK = /@media \(prefers-color-scheme: dark\) \{((?:[^{}]*\{[^{}]*\})*)\s*\}/g;

/** Rules that hold below `place` alone, and the dark ones where the site is dark. */
function scoped(css: string, place: string): string {
  const below = (rules: string, within: string): string =>
    [...rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)]
      .map(([, selectors, body]) => {
        const own = selectors!.split(',').map((selector) => `${within} ${selector.trim()}`);
        return `${own.join(', ')} {${body}}`;
      })
      .join(' ');
  const dark = [...css.matchAll(DARK)].map(([, rules]) => below(rules!, `.dark ${place}`));
  return [below(css.replace(DARK, ''), place), ...dark].join(' ').replace(/\s+/g, ' ');
}

/** The SVG as part of a page: its names are its own, and `alt`, which is HTML, says it to those who do not see it. */
export function inlined(svg: string, name: string, alt: string): string {
  const width = Number(/<svg[^>]* width="(\d+)/.exec(svg)?.[1] ?? 0);
  const styles = [...svg.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style!);
  const body = svg
    .replace(/<\?xml[^>]*>|<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, '')
    .replace(/ (id|href|xlink:href)="(#?)([^"]*)"/g, (whole, attribute: string, hash: string, value: string) =>
      attribute === 'id' || hash ? ` ${attribute}="${hash}${name}-${value}"` : whole,
    )
    .replace(/url\(#([^)]*)\)/g, `url(#${name}-$1)`)
    .replace(/<svg /, () => `<svg aria-label="${alt}" style="min-width: ${Math.min(width, LEAST)}px" `)
    .replace(/\n\s*/g, ' ')
    .trim();
  return `<style>${scoped(styles.join(' '), `.figure-${name}`)}</style>${body}`;
}

/** `read` gives the text of a figure by its name. */
export function figures(md: MarkdownIt, { read }: { read: (name: string) => string }): void {
  const image = md.renderer.rules.image!;
  md.renderer.rules.image = (tokens, at, options, env, self) => {
    const token = tokens[at]!;
    const name = FIGURE.exec(token.attrGet('src') ?? '')?.[1];
    if (name === undefined) return image(tokens, at, options, env, self);
    const alt = md.utils.escapeHtml(token.content);
    if ((env as PageEnv).searching) return alt;
    // As a text of JavaScript: a template of Vue may hold no style.
    const text = JSON.stringify(inlined(read(name), name, alt))
      .replace(/&/g, '&amp;')
      .replace(/'/g, '&#39;');
    return `<span class="figure figure-${name}" tabindex="0" role="group" aria-label="Figure" v-html='${text}'></span>`;
  };
}
