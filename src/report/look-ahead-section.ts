/** @file Whether hidden states tell of the next states more than follows from the present one. Chapter 11. */

import type { Results } from '../results/results.ts';
import { type KeyEntry, panelFigure } from './figure.ts';
import {
  capitalised,
  countWord,
  decimal,
  differenceRangeText,
  percent,
  pointsNumber,
  rangeText,
  SHARES,
} from './format.ts';
import { type Html, html } from './html.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';
import { PAPER } from './paper-numbers.ts';
import { DEPTH_NAMES, FEATURES, lastProbeStep } from './select.ts';
import { evidenced } from './source.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

export type LookAheadRow = NonNullable<Results['evidence']>['lookAhead'][number];

export const PROBE = { label: 'probe', color: PAGE_THEME.teal, symbol: 'circle' } as const;
export const PRESENT = { label: 'present alone', color: PAGE_THEME.orange, symbol: 'square' } as const;
export const LOOK_AHEAD_KEY: readonly KeyEntry[] = [
  { ...PROBE, label: 'probe of the later state' },
  { ...PRESENT, label: 'best guess from the present state alone' },
];

export const actionsAhead = (offset: number): string => `${countWord(offset)} action${offset === 1 ? '' : 's'} ahead`;

const COLUMNS: Column<LookAheadRow>[] = [
  { name: 'hidden states', cell: ({ source }) => source, kind: 'whole' },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'actions ahead', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'accuracy', cell: ({ accuracy }) => percent(accuracy.estimate), numeric: true },
  { name: '95 % interval', cell: ({ accuracy }) => rangeText(accuracy.interval, SHARES), numeric: true },
  { name: 'from the present', cell: ({ best }) => percent(best.estimate), numeric: true },
  { name: '95 % interval', cell: ({ best }) => rangeText(best.interval, SHARES), numeric: true },
  { name: 'points', cell: ({ difference }) => pointsNumber(difference.estimate), numeric: true },
  { name: '95 % interval', cell: ({ difference }) => differenceRangeText(difference.interval, SHARES), numeric: true },
  { name: 'pairs', cell: ({ pairs }) => decimal(pairs), numeric: true },
];

/** `812`, or `812 to 1,033` where seeds, features or depths differ. */
function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? decimal(least) : `${decimal(least)} to ${decimal(most)}`;
}

/** On how many pairs the probes of later states of these runs were trained, and on how many they are compared. */
export function pairsAheadText(runs: readonly Results[]): string {
  const parts = [1, 2].flatMap((offset) => {
    const compared = runs.flatMap(({ evidence }) => evidence?.lookAhead.filter((row) => row.offset === offset) ?? []);
    const probes = runs.flatMap((run) =>
      run.probes.filter(
        (probe) => probe.step === lastProbeStep(run) && probe.offset === offset && probe.semantics === 'original',
      ),
    );
    if (compared.length === 0 || probes.length === 0) return [];
    const train = `${actionsAhead(offset)} on ${spread(probes.map(({ trainPairs }) => trainPairs))} pairs`;
    return [
      `${train}, compared on ${spread(compared.map(({ pairs }) => pairs))} test pairs whose present state is read right`,
    ];
  });
  if (parts.length === 0) return '';
  return `Probes of later states are trained ${parts.join('; ')}. A negative difference can mean that these are too few pairs to train a probe on, and need not mean that the hidden states tell less than the present state: the guess has only to count.`;
}

export function lookAheadSection(results: Results): Html {
  const title = 'Looking ahead';
  const rows = results.evidence?.lookAhead ?? [];
  if (rows.length === 0) {
    return html`<section id="ahead"><h2>${title}</h2><p>Whether later states can be told from more than the present one has not been measured in this run${results.evidence === null ? ' yet' : ''}.</p></section>`;
  }
  const { ahead, aheadBest } = PAPER.firstVersion;
  const panels = FEATURES.map((feature) => ({
    feature,
    drawn: rows
      .filter((row) => row.feature === feature && row.source === 'trained')
      .flatMap(({ hiddenLayers, offset, accuracy, best }): IntervalRow[] => {
        const group = `${DEPTH_NAMES[hiddenLayers]}, ${actionsAhead(offset)}`;
        return [
          { group, ...PROBE, value: accuracy.estimate, interval: accuracy.interval },
          { group, ...PRESENT, value: best.estimate, interval: best.interval },
        ];
      }),
  })).filter(({ drawn }) => drawn.length > 0);
  return html`<section id="ahead"><h2>${title}</h2>
<p>Does the model already hold states that its program has not reached yet? Much of them follows from the present state: who faces north now often faces north after one action more. So the question is asked only where the probe of the present state is right, and its twin for the later state is compared with the best guess that knows the present state and nothing else: the state that most often follows it.</p>
<p>The paper’s first version has this for direction and a linear probe: ${percent(ahead[0])} against ${percent(aheadBest[0])} one action ahead, ${percent(ahead[1])} against ${percent(aheadBest[1])} two ahead.</p>
<p>${pairsAheadText([results])}</p>
${panelFigure({
  title: 'Right about the later state, where the present one is read right',
  unit: 'share of test pairs for which the probe of offset 0 is right, original semantics',
  key: LOOK_AHEAD_KEY,
  source: evidenced('lookAhead[]'),
  how: 'How to read this: a circle to the right of the square below it says that the hidden state tells of the later state more than the present state would. The line through a symbol is its 95 % interval, from resampled test programs; the two are of the same programs, so compare them by the difference in the table.',
  panels: panels.map(({ feature, drawn }) => ({
    title: capitalised(feature),
    svg: intervalChart({
      theme: PAGE_THEME,
      rows: drawn,
      xDomain: [0, 1],
      xFormat: (value) => percent(value, 0),
      valueFormat: (value) => percent(value),
      alt: `Dots with intervals: accuracy on ${feature} one and two actions ahead. ${drawn.map(({ group, label, value }) => `${group}, ${label}: ${percent(value)}`).join('; ')}.`,
    }),
  })),
})}
<details><summary>All numbers ahead</summary>${table('Later states, given that the present one is read right', COLUMNS, rows, evidenced('lookAhead[]'))}</details></section>`;
}
