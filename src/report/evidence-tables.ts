/** @file All differences and shares of information, with intervals and p. Chapter 11. */

import type { Results } from '../results/results.ts';
import { OVERS, SOURCE_STYLES } from './evidence-figures.ts';
import {
  capitalised,
  decimal,
  differenceRangeText,
  isFiniteNumber,
  percent,
  pointsNumber,
  rangeText,
  SHARES,
} from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES } from './select.ts';
import { evidenced } from './source.ts';
import { type Column, table } from './tables.ts';

type Evidence = NonNullable<Results['evidence']>;
type Contrast = Evidence['contrasts'][number];
type Share = Evidence['shares'][number];

/** `< 0.001`, or three decimals. */
export function pText(p: number | null | undefined): string {
  if (!isFiniteNumber(p)) return '–';
  return p < 0.001 ? '< 0.001' : decimal(p, 3);
}

const overWords = (over: Contrast['over']): string =>
  over === 'control' ? 'beyond the control task' : (OVERS.find((one) => one.over === over)?.words ?? '');

const CONTRAST_COLUMNS: Column<Contrast>[] = [
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'information', cell: ({ over }) => overWords(over), kind: 'whole' },
  { name: 'semantics', cell: ({ against }) => (against ? `original − ${against}` : 'original'), kind: 'whole' },
  { name: 'points', cell: ({ difference }) => pointsNumber(difference.estimate), numeric: true },
  { name: '95 % interval', cell: ({ difference }) => differenceRangeText(difference.interval, SHARES), numeric: true },
  { name: 'sign-flip p', cell: ({ p }) => pText(p), numeric: true },
];

const SHARE_COLUMNS: Column<Share>[] = [
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'semantics', cell: ({ semantics }) => semantics, kind: 'whole' },
  { name: 'reads', cell: ({ source }) => SOURCE_STYLES[source].long, kind: 'whole' },
  { name: 'information', cell: ({ share }) => percent(share.estimate), numeric: true },
  { name: '95 % interval', cell: ({ share }) => rangeText(share.interval, SHARES), numeric: true },
  { name: 'programs', cell: ({ share }) => decimal(share.n), numeric: true },
];

/** Both tables, of all pairs. */
export function evidenceTables({ shares, contrasts }: Evidence): Html {
  return html`<details><summary>All differences and shares, with intervals and p</summary>
${table(
  'Differences of usable information, in points; p of the sign-flip test over programs, two-sided, not corrected',
  CONTRAST_COLUMNS,
  contrasts.filter(({ actionsLeft }) => actionsLeft === 'all'),
  evidenced('contrasts[] (actionsLeft all)'),
)}
${table(
  'Usable information as a share of label entropy, offset 0',
  SHARE_COLUMNS,
  shares.filter(({ actionsLeft }) => actionsLeft === 'all'),
  evidenced('shares[] (actionsLeft all)'),
)}</details>`;
}
