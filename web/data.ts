/** @file The data with which a page was filled. Chapter 11. */
import { shallowReactive } from 'vue';
import { decodeRows, type PageData, pageData } from '../src/results/page-data.ts';
import type { Results } from '../src/results/results.ts';
import type { Row } from './row.ts';

function read(): PageData | null {
  const text = document.getElementById('data')?.textContent ?? '';
  return text.trim().startsWith('{') ? (JSON.parse(text) as PageData) : null;
}

const nameOf = ({ preset, runs }: PageData): string =>
  runs.length === 1 ? `${preset}, seed ${runs[0]!.seed}` : `${preset}, ${runs.length} seeds`;

/** Null on a page that was built and not filled. */
const own = read();
const rowsOf = (data: PageData, run: string): Row[] => decodeRows(data.rows).map((row) => ({ run, ...row }));

interface Laid {
  readonly name: string;
  readonly data: PageData;
  readonly rows: readonly Row[];
}

export const page = shallowReactive({
  data: own,
  name: own ? nameOf(own) : '',
  rows: own ? rowsOf(own, nameOf(own)) : [],
  /** Another run, laid over this one. */
  other: null as Laid | null,
});

/** Lays the run of a `results.json` over the page's own. Throws for a text that is none. */
export function layOver(text: string): void {
  const results = JSON.parse(text) as Results;
  if (results?.format !== 'karelscope-results') throw new Error('no results.json of karelscope');
  const data = pageData([results]);
  const name = `${nameOf(data)} (laid over)`;
  page.other = { name, data, rows: rowsOf(data, name) };
}

/** Fills the page with a run that has been made in it. */
export function show(data: PageData): void {
  page.data = data;
  page.name = nameOf(data);
  page.rows = rowsOf(data, page.name);
}

/** Settings that differ between the page's run and the one laid over it. */
export function differingSettings(): { name: string; own: unknown; other: unknown }[] {
  const [a, b] = [page.data?.settings ?? {}, page.other?.data.settings ?? {}];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ name, own: a[name], other: b[name] }));
}

/** The steps of the last checkpoint. */
export const lastStep = (): number => page.rows.reduce((most, { step }) => Math.max(most, step ?? 0), 0);
