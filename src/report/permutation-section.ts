/** @file All meanings that the actions could have: is the original the easiest to read? Chapter 11. */

import { keepsMarkers, semanticsFromText } from '../karel/semantics.ts';
import type { PermutationResults, PermutationRow, Results } from '../results/results.ts';
import { type KeyEntry, panelFigure } from './figure.ts';
import { capitalised, decimal, isFiniteNumber, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES, FEATURES } from './select.ts';
import { analysed } from './source.ts';
import { type StripDot, stripChart } from './strip-chart.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

const MARKS = {
  original: { color: PAGE_THEME.teal, symbol: 'circle' },
  flip: { color: PAGE_THEME.orange, symbol: 'square' },
  adversarial: { color: PAGE_THEME.purple, symbol: 'diamond' },
} as const;

export const PERMUTATION_KEY: readonly KeyEntry[] = [
  ...Object.entries(MARKS).map(([label, mark]) => ({ label, ...mark })),
  { label: 'permutes move and the turns alone', color: PAGE_THEME.muted, symbol: 'circle' },
  { label: 'any other', color: PAGE_THEME.muted, symbol: 'hollow' },
];

type Measure = 'informationShare' | 'information';
const WRITE: Readonly<Record<Measure, (value: number | null) => string>> = {
  informationShare: (value) => percent(value),
  information: (value) => `${decimal(value, 2)} bits`,
};

function dotsOf(rows: readonly PermutationRow[], measure: Measure): StripDot[] {
  return rows.flatMap(({ semantics, isPermutation, ...row }) => {
    const value = row[measure];
    if (!isFiniteNumber(value)) return [];
    const mark = MARKS[semantics as keyof typeof MARKS];
    const title = `${semantics}: ${WRITE[measure](value)}`;
    return [
      { value, title, ...(mark ? { mark } : {}), filled: isPermutation && keepsMarkers(semanticsFromText(semantics)) },
    ];
  });
}

function strips(rows: readonly PermutationRow[], measure: Measure): { title: string; svg: string } {
  const byFeature = FEATURES.map((feature) => ({
    label: capitalised(feature),
    dots: dotsOf(
      rows.filter((row) => row.feature === feature),
      measure,
    ),
  })).filter(({ dots }) => dots.length > 0);
  const values = byFeature.flatMap(({ dots }) => dots.map(({ value }) => value));
  const [low, high] = [Math.min(0, ...values), Math.max(0.1, ...values)];
  const shares = measure === 'informationShare';
  const readings = byFeature.map(({ label, dots }) => {
    const named = dots.filter(({ mark }) => mark).map(({ title }) => title);
    return `${label}: ${named.join(', ')}; ${decimal(dots.length)} semantics in all`;
  });
  return {
    title: shares ? 'As a share of label entropy' : 'In bits',
    svg: stripChart({
      theme: PAGE_THEME,
      strips: byFeature,
      xDomain: [low < 0 ? Math.max(low * 1.05, shares ? -0.15 : -0.3) : 0, high * 1.03],
      xFormat: (value) => (shares ? percent(value, 0) : decimal(value, 1)),
      alt: `Dots, one for each meaning of the actions, ${shares ? 'by share of label entropy' : 'by bits'}. ${readings.join('. ')}.`,
    }),
  };
}

function figureOf({ rows }: PermutationResults, depth: 0 | 1): Html | undefined {
  const some = rows.filter(({ hiddenLayers, source }) => hiddenLayers === depth && source === 'trained');
  if (some.length === 0) return undefined;
  return panelFigure({
    title: `Every meaning of the five actions, ${DEPTH_NAMES[depth]}`,
    unit: 'usable information of hidden states at offset −1, last checkpoint; one dot for each semantics',
    key: PERMUTATION_KEY,
    source: analysed('permutations.rows[]'),
    how: 'How to read this: the further right, the easier to read. Compare the original with the filled dots, in which the same words are permuted. A number beside an arrow counts dots outside the frame; dots lie above each other only to be seen. Direction depends on the two turns alone, so that three meanings at a time have the same labels.',
    panels: [strips(some, 'informationShare'), strips(some, 'information')],
  });
}

type RankRow = PermutationResults['ranks'][number];

const RANK_COLUMNS: Column<RankRow>[] = [
  {
    name: 'hidden states',
    cell: ({ source }) => (source === 'gained' ? 'trained − untrained' : source),
    kind: 'whole',
  },
  {
    name: 'probe',
    cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers],
    kind: 'whole',
  },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  {
    name: 'among',
    cell: ({ among, of }) =>
      among === 'all' ? `all ${decimal(of)}` : `the ${decimal(of)} that permute move and the turns`,
    kind: 'whole',
  },
  { name: 'rank of the original', cell: ({ rank }) => decimal(rank, Number.isInteger(rank) ? 0 : 1), numeric: true },
];

export function permutationSection(results: Results): Html {
  const title = 'All sixty meanings';
  const permutations = results.permutations;
  if (!permutations || permutations.rows.length === 0) {
    return html`<section id="permutations"><h2>${title}</h2><p>The other permutations of the actions’ meanings have not been probed in this run${permutations === null ? ' yet' : permutations?.skipped ? `: ${permutations.skipped}` : ''}.</p></section>`;
  }
  const undefinedShares = permutations.rows.filter(({ informationShare }) => informationShare === null).length;
  return html`<section id="permutations"><h2>${title}</h2>
<p>Flip and adversarial are two ways to misread the five words; there are more. Of the 120 permutations of their meanings, 60 differ in what a probe is asked for, and each gets probes of its own on the same hidden states. If the model follows the real rules, the original should be among the easiest to read.</p>
<p>Only six of them can be compared fairly: those that permute <code>move</code>, <code>turnLeft</code> and <code>turnRight</code> among themselves. In the others a marker word moves or turns the robot, and how often the model writes that word decides how much there is to know. Where a word hardly occurs, the labels hardly vary: a share of almost nothing can be 98 % or far below zero, and neither says anything of the model. In bits such meanings fall to the left, where they belong; but bits, too, depend on how much there is to know.</p>
${figureOf(permutations, 1)}
${undefinedShares > 0 ? html`<p>${decimal(undefinedShares)} of ${decimal(permutations.rows.length)} numbers have no share, since their label never varies; they are not drawn on the left, and stand at 0 bits or below on the right.</p>` : undefined}
<details><summary>The same for linear probes, and all ranks</summary>${figureOf(permutations, 0)}
${table('Rank of the original by information share, 1 is the easiest to read', RANK_COLUMNS, permutations.ranks, analysed('permutations.ranks[]'))}</details></section>`;
}
