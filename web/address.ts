/** @file Where the reader is. In the page, the part of the address after `#` says the same: `model?step=1800&layer=2`. Appendix C. */
import { reactive } from 'vue';

export const VIEWS = ['story', 'evidence', 'model', 'train'] as const;
export type View = (typeof VIEWS)[number];

export const address = reactive({ view: 'story' as View, query: {} as Record<string, string> });

let inBar = false;

function read(): void {
  const [path = '', query = ''] = decodeURI(location.hash.slice(1)).split('?');
  const view = VIEWS.find((name) => name === path);
  address.view = view ?? 'story';
  address.query = Object.fromEntries(new URLSearchParams(query));
  const anchor = view ? address.query['at'] : path;
  if (anchor) requestAnimationFrame(() => document.getElementById(anchor)?.scrollIntoView());
}

export const hrefOf = (view: View, query: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(query).toString();
  return `#${view}${text && `?${text}`}`;
};

/** Changes what is chosen in this view; an empty text takes a choice away. */
export function choose(changes: Readonly<Record<string, string>>): void {
  const query = { ...address.query, ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === '') delete query[name];
  address.query = query;
  if (inBar) history.replaceState(null, '', hrefOf(address.view, query));
}

/** From here on the address bar says the same, and what it says is followed. */
export function useAddressBar(): void {
  inBar = true;
  addEventListener('hashchange', read);
  read();
}
