/** @file What hidden states tell, beside what the untrained model and records tell: tables of a run. Chapter 11. */

import type { Results } from '../results/results.ts';
import {
  BASELINE_OFFSETS,
  type Comparison,
  comparisonOf,
  type Source,
  sourceRows,
  TOKENS_READ,
} from '../results/sources.ts';
import {
  capitalised,
  decimal,
  differenceRangeText,
  percent,
  pointsNumber,
  pText,
  rangeText,
  SHARES,
} from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES, labelsAll } from './select.ts';
import { evidenced } from './source.ts';
import { type Column, table } from './tables.ts';

type Contrast = NonNullable<Results['evidence']>['contrasts'][number];

/** What a difference from such a source is, in a word or two. */
export const COMPARED: Readonly<Record<Comparison, string>> = {
  fair: 'fair',
  'at least': 'at least so much: it knows more',
  'at most': 'at most so much: it knows less',
};

export const comparedWith = (source: Source, offset: number): string => {
  const comparison = source === 'trained' ? null : comparisonOf('trained', source, offset);
  return comparison ? COMPARED[comparison] : '–';
};

/** What the words in these tables mean; the same beside any numbers. */
export function baselinesIntro(): Html {
  return html`<p>Each source is read by a probe of the same kind. <em>Trained</em> and <em>untrained</em> are hidden states, taken before an action is written. A <em>record</em> is the program’s text and the grids themselves, one number for every token that could stand at every place: <em>input</em> has the text before that action and the input grid, <em>grids</em> the output grid too, <em>+action</em> the action as well, and <em>record</em> is whichever of the two is read better on validation traces. <em>Control</em> are the hidden states with labels that mean nothing.</p>
<p>At offset −1 the state asked for is the one before the action that is being written: every source has read what it follows from. At offset 0 it is the state after that action, which hidden states have not read, so that a difference from a record is a bound.</p>`;
}

interface SourceLine {
  source: Source;
  depth: 0 | 1;
  offset: number;
  row: ReturnType<typeof sourceRows>[number]['shares'][number];
}

const SOURCE_COLUMNS: Column<SourceLine>[] = [
  { name: 'source', cell: ({ source }) => source, kind: 'whole' },
  { name: 'probe', cell: ({ depth }) => DEPTH_NAMES[depth], kind: 'whole' },
  { name: 'offset', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'has read', cell: ({ source }) => TOKENS_READ[source].join(', '), kind: 'text' },
  { name: 'information', cell: ({ row }) => percent(row?.share.estimate), numeric: true },
  { name: '95 % interval', cell: ({ row }) => rangeText(row?.share.interval, SHARES), numeric: true },
  { name: 'training', cell: ({ row }) => (row?.converged ? 'ended' : 'stopped early'), kind: 'whole' },
  { name: 'trained − it', cell: ({ source, offset }) => comparedWith(source, offset), kind: 'text' },
];

const CONTRAST_COLUMNS: Column<Contrast>[] = [
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'offset', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'information', cell: ({ over }) => (over ? `trained − ${over}` : 'trained'), kind: 'whole' },
  { name: 'semantics', cell: ({ against }) => (against ? `original − ${against}` : 'original'), kind: 'whole' },
  { name: 'comparison', cell: ({ comparison }) => COMPARED[comparison], kind: 'text' },
  { name: 'points', cell: ({ difference }) => pointsNumber(difference.estimate), numeric: true },
  { name: '95 % interval', cell: ({ difference }) => differenceRangeText(difference.interval, SHARES), numeric: true },
  { name: 'sign-flip p', cell: ({ p }) => pText(p), numeric: true },
];

export function baselinesSection(results: Results): Html {
  const title = 'Beside the baselines';
  const { evidence } = results;
  if (!evidence || evidence.shares.length === 0) {
    const why = evidence
      ? labelsAll(results)
        ? ': the states of all examples label a hidden state, and a record holds the grid of one'
        : ': too few programs have pairs'
      : ' yet';
    return html`<section id="baselines"><h2>${title}</h2><p>Hidden states have not been compared with baselines in this run${why}.</p></section>`;
  }
  const lines = ([1, 0] as const).flatMap((depth) =>
    BASELINE_OFFSETS.flatMap((offset, at) =>
      sourceRows(results, depth)
        .map(({ source, shares }): SourceLine => ({ source, depth, offset, row: shares[at]! }))
        .filter(({ row }) => row !== null),
    ),
  );
  const contrasts = evidence.contrasts.filter(({ actionsLeft }) => actionsLeft === 'all');
  return html`<section id="baselines"><h2>${title}</h2>
${baselinesIntro()}
${table('Usable information as a share of label entropy, mean over the features, original semantics', SOURCE_COLUMNS, lines, evidenced('shares[] (feature mean, semantics original, actionsLeft all)'))}
<p>Intervals are from resampled test programs of this one run, p is not corrected: they say how well this model is known, and decide nothing.</p>
<details><summary>All differences</summary>
${table('Differences of usable information, in points', CONTRAST_COLUMNS, contrasts, evidenced('contrasts[] (actionsLeft all)'))}</details></section>`;
}
