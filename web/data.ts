/** @file The data with which a page was filled. Appendix C. */
import { computed, shallowReactive } from 'vue';
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

const state = shallowReactive({ data: own, other: null as Laid | null });
/** Decoded when they are first wanted: a study has ninety thousand. */
const ownRows = computed(() => (state.data ? rowsOf(state.data, nameOf(state.data)) : []));
const highestStep = computed(() => ownRows.value.reduce((most, { step }) => Math.max(most, step ?? 0), 0));

export const page = {
  get data() {
    return state.data;
  },
  get name() {
    return state.data ? nameOf(state.data) : '';
  },
  get rows(): readonly Row[] {
    return ownRows.value;
  },
  /** Another run, laid over this one. */
  get other() {
    return state.other;
  },
};

/** Lays the run of a `results.json` over the page's own. Throws for a text that is none. */
export function layOver(text: string): void {
  const results = JSON.parse(text) as Results;
  if (results?.format !== 'karelscope-results') throw new Error('no results.json of karelscope');
  const data = pageData([results]);
  const name = `${nameOf(data)} (laid over)`;
  state.other = { name, data, rows: rowsOf(data, name) };
}

/** Fills the page with a run that has been made in it. */
export function show(data: PageData): void {
  state.data = data;
}

/** Settings that differ between the page's run and the one laid over it. */
export function differingSettings(): { name: string; own: unknown; other: unknown }[] {
  const [a, b] = [page.data?.settings ?? {}, page.other?.data.settings ?? {}];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ name, own: a[name], other: b[name] }));
}

/** The steps of the last checkpoint. */
export const lastStep = (): number => highestStep.value;
