/** @file Figures are put into the page itself, so that they are dark when the site is. Appendix C. */
import type MarkdownIt from 'markdown-it';
import type { PageEnv } from './env.ts';

const FIGURE = /^(?:\.\/)?figures\/([\w-]+)\.svg$/;
/** What a phone shows at least of a figure's width; the rest is scrolled to. */
const LEAST = 560;

/**
 * The text of an SVG as part of a page: its styles hold for it alone, its darkness is that of the site, its names are its own,
 * and `alt` is what those hear who do not see it.
 */
export function inlined(svg: string, name: string, alt: string): string {
  const styles: string[] = [];
  const width = Number(/<svg[^>]* width="(\d+)/.exec(svg)?.[1] ?? 0);
  const body = svg
    .replace(/<\?xml[^>]*>\s*/, '')
    .replace(/<style>([\s\S]*?)<\/style>\s*/g, (_, style: string) => {
      styles.push(style.replace(/@media \(prefers-color-scheme: dark\) \{([^{}]*\{[^{}]*\}\s*)*\}/g, darkOf));
      return '';
    })
    .replace(/<title>[\s\S]*?<\/title>\s*/, '')
    .replace(/ (id|href|xlink:href)="(#?)([^"]*)"/g, (whole, attribute: string, hash: string, value: string) =>
      attribute === 'id' || hash ? ` ${attribute}="${hash}${name}-${value}"` : whole,
    )
    .replace(/url\(#([^)]*)\)/g, `url(#${name}-$1)`)
    .replace(/<svg /, `<svg v-pre aria-label="${alt}" style="min-width: ${Math.min(width, LEAST)}px" `)
    .replace(/\n\s*/g, ' ')
    .trim();
  const style = `.figure-${name} {${styles.join('')}}`.replace(/\s+/g, ' ');
  return `<span class="figure figure-${name}" tabindex="0" role="group" aria-label="Figure"><component :is="'style'">${style}</component>${body}</span>`;
}

/** `@media (prefers-color-scheme: dark) { svg {...} }` becomes `.dark & svg {...}`, in a nest of rules. */
function darkOf(media: string): string {
  const rules = media.slice(media.indexOf('{') + 1, media.lastIndexOf('}'));
  return rules.replace(
    /([^{}]+)(\{[^{}]*\})/g,
    (_, selector: string, body: string) => ` .dark & ${selector.trim()} ${body}`,
  );
}

/** `read` gives the text of a figure by its name. */
export function figures(md: MarkdownIt, { read }: { read: (name: string) => string }): void {
  const image = md.renderer.rules.image!;
  md.renderer.rules.image = (tokens, at, options, env, self) => {
    const token = tokens[at]!;
    const name = FIGURE.exec(token.attrGet('src') ?? '')?.[1];
    if (name === undefined) return image(tokens, at, options, env, self);
    const alt = md.utils.escapeHtml(token.content);
    return (env as PageEnv).searching ? alt : inlined(read(name), name, alt);
  };
}
