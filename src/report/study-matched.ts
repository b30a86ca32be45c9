/** @file Edits at one place for all kinds, over seeds. Chapter 11. */

import { editContrastOf } from '../results/find.ts';
import { overSeeds } from '../results/over-seeds.ts';
import type { Results } from '../results/results.ts';
import { type EditKind, editLayerName } from './causal-figures.ts';
import { decimal, differenceRangeText, isFiniteNumber, percent, points, pointsNumber, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { ofSeeds } from './source.ts';
import { type Column, table } from './tables.ts';

interface Line {
  seed: string;
  place: string;
  random: number | undefined;
  flip: number | undefined;
  cases: number | undefined;
  chosenDiffering: number | undefined;
  matchedDiffering: number | undefined;
  ceiling: number | undefined;
}

const COLUMNS: Column<Line>[] = [
  { name: 'seed', cell: ({ seed }) => seed, kind: 'whole' },
  { name: 'where', cell: ({ place }) => place, kind: 'whole' },
  { name: 'probe − random, points', cell: ({ random }) => pointsNumber(random), numeric: true },
  { name: 'probe − flip, points', cell: ({ flip }) => pointsNumber(flip), numeric: true },
  { name: 'cases where flip differs', cell: ({ cases }) => decimal(cases), numeric: true },
  { name: 'there, probe − flip', cell: ({ matchedDiffering }) => pointsNumber(matchedDiffering), numeric: true },
  { name: 'the same, chosen places', cell: ({ chosenDiffering }) => pointsNumber(chosenDiffering), numeric: true },
  { name: 'robots that do stand turned', cell: ({ ceiling }) => percent(ceiling), numeric: true },
];

function lineOf({ seed, causal }: Results): Line {
  const { matched, flipDiffers, wholeStates } = causal?.edits ?? {};
  return {
    seed,
    place: matched ? `${editLayerName(matched.layer)}, size ${String(matched.size)}` : '–',
    random: editContrastOf(matched?.contrasts, 'random'),
    flip: editContrastOf(matched?.contrasts, 'flip'),
    cases: flipDiffers?.cases,
    chosenDiffering: flipDiffers?.chosen?.difference.estimate,
    matchedDiffering: flipDiffers?.matched?.difference.estimate,
    ceiling: wholeStates?.ceiling.estimate,
  };
}

function meanText(words: string, values: readonly (number | undefined)[]): string {
  const { mean, interval } = overSeeds(values);
  if (mean === null) return `${words}: in no seed`;
  const range = differenceRangeText(interval, SHARES);
  return `${words}: ${points(mean)}${range && ` (95 % interval over seeds ${range})`}, ${decimal(values.filter(isFiniteNumber).length)} of ${decimal(values.length)} seeds`;
}

/** What the places that succeed most do to programs. */
function unchangedText(runs: readonly Results[]): string {
  const of = (kind: EditKind) =>
    percent(
      overSeeds(runs.map(({ causal }) => causal?.edits?.chosen.find((one) => one.kind === kind)?.unchanged.estimate))
        .mean,
    );
  return `At the places above, those with the most successes, ${of('probe')} of programs stay unchanged along the probe’s direction and ${of('random')} along random ones, mean over seeds.`;
}

/** Of runs of which one at least has edits. */
export function matchedOverSeeds(runs: readonly Results[]): Html {
  const lines = runs.map(lineOf);
  const of = (name: 'random' | 'flip' | 'chosenDiffering' | 'matchedDiffering') => lines.map((line) => line[name]);
  return html`<h3>At one place for all kinds</h3>
<p>${unchangedText(runs)} Where a push changes nearly every program, success can come of that alone. So here is one place for all kinds in each seed: where, on validation, the probe’s direction succeeds most beyond a random one, among places where random edits leave at least half of the programs unchanged. And the flip probe is a control only in those cases in which flip gives robots another facing. Both were added after the claims had been tested. Means over seeds:</p>
<ul>
<li>${meanText('Probe − random at the matched place', of('random'))}.</li>
<li>${meanText('Probe − flip at the matched place', of('flip'))}.</li>
<li>${meanText('Probe − flip at the matched place, cases where flip differs', of('matchedDiffering'))}.</li>
<li>${meanText('Probe − flip at the chosen places, cases where flip differs', of('chosenDiffering'))}.</li>
</ul>
${table('Edits at the matched place, by seed', COLUMNS, lines, ofSeeds('causal.edits.matched', 'causal.edits.flipDiffers', 'causal.edits.wholeStates.ceiling'))}`;
}
