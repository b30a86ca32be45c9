/** @file Where the links of the book lead in the site: to the repository where one is named, else to copies of the files. Appendix C. */
import { posix } from 'node:path';
import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

export interface LinkOptions {
  /** Address of the repository, without a slash at its end, if there is one. */
  readonly repository?: string | undefined;
  /** What a path below the repository's root is. */
  readonly kindOf: (path: string) => 'file' | 'folder' | undefined;
  /** Folders that a heading of the index of files names, by their anchors in it. */
  readonly indexed: ReadonlyMap<string, string>;
  /** Called for every file that the site must hold a copy of. */
  readonly onCopy: (path: string) => void;
}

/** `https://host/owner/name` of the `repository` of a package.json. */
export function repositoryOf({ repository }: { repository?: string | { url: string } }): string | undefined {
  const url = typeof repository === 'object' ? repository.url : repository;
  return url
    ?.replace(/^git\+/, '')
    .replace(/\.git$/, '')
    .replace(/^github:/, 'https://github.com/');
}

/** What is copied as it is; everything else is text. */
const AS_IT_IS = /\.(txt|gz|png|svg|safetensors)$/;
/** Where a copy lies in the site. Hosts say of `.txt`, and hardly of `.ts`, that it is text. */
export const copyOf = (path: string): string => `source/${path}${AS_IT_IS.test(path) ? '' : '.txt'}`;

/** The target of a link of a chapter, as the site has it; undefined where it leads nowhere. */
export function targetOf(href: string, { repository, kindOf, indexed, onCopy }: LinkOptions): string | undefined {
  if (/^([a-z]+:|#)/i.test(href)) return href;
  const [file = '', hash] = href.split('#');
  const anchor = hash === undefined ? '' : `#${hash}`;
  const path = posix.join('chapters', file).replace(/\/$/, '');
  if (path === 'chapters/README.md') return `index.md${anchor}`;
  if (posix.dirname(path) === 'chapters' && path.endsWith('.md')) return href;
  const kind = kindOf(path);
  if (kind === 'folder' && indexed.has(path)) return `g-files.md#${indexed.get(path)}`;
  if (repository && kind) return `${repository}/${kind === 'file' ? 'blob' : 'tree'}/HEAD/${path}${anchor}`;
  const shown = kind === 'folder' && kindOf(`${path}/README.md`) === 'file' ? `${path}/README.md` : path;
  if (kindOf(shown) !== 'file') return undefined;
  onCopy(shown);
  return `./${copyOf(shown)}`;
}

export function links(md: MarkdownIt, options: LinkOptions): void {
  md.core.ruler.push('book-links', ({ tokens }) => {
    for (const { children } of tokens) {
      const open: Token[] = [];
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          open.push(token);
          const target = targetOf(token.attrGet('href') ?? '', options);
          if (target === undefined) Object.assign(token, { tag: 'span', attrs: null, type: 'nowhere_open' });
          else token.attrSet('href', target);
          if (target?.startsWith('./source/')) token.attrSet('target', '_blank');
        } else if (token.type === 'link_close' && open.pop()?.tag === 'span') {
          Object.assign(token, { tag: 'span', type: 'nowhere_close' });
        }
      }
    }
  });
}
