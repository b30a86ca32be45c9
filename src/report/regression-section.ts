/** @file Whether what can be read rises with what the model can do: points, lines, sentences. Chapter 11. */

import { type ContentMeasure, type Regression, regressionsOf } from '../results/regressions.ts';
import type { Results } from '../results/results.ts';
import { panelFigure } from './figure.ts';
import { axisSteps, capitalised, decimal, points as inPoints, isFiniteNumber, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { PAPER } from './paper-numbers.ts';
import { accuracyDomain, measureDomain } from './probe-charts.ts';
import { scatterChart } from './scatter-chart.ts';
import { DEPTH_NAMES, mainDepth } from './select.ts';
import { probed, type Source } from './source.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

const TITLE = 'Do the two curves rise together?';
const WORDS: Record<ContentMeasure, { name: string; unit: string }> = {
  accuracy: { name: 'Semantic content (accuracy)', unit: 'of test pairs' },
  informationShare: { name: 'Usable information', unit: 'of label entropy' },
  gain: { name: 'Usable information, trained − untrained', unit: 'of label entropy' },
};

const source = (...names: string[]): Source => {
  const { keys } = probed('original semantics', ...names);
  return { keys: ['checkpoints[].generativeAccuracy', ...keys], commands: ['trace', 'probe'] };
};

/** What the line of one regression says, and how much it can say. */
export function regressionText({ feature, hiddenLayers, measure, line, points, leftOut }: Regression): string {
  const name = `${capitalised(feature)} (${DEPTH_NAMES[hiddenLayers]})`;
  const left = leftOut > 0 ? `, ${decimal(leftOut)} left out` : '';
  const from = `${decimal(points.length)} checkpoint${points.length === 1 ? '' : 's'}${left}`;
  if (!line) return `${name}: no line, too few points that differ (${from}).`;
  if (line.rSquared === null) return `${name}: the same at all points (${from}).`;
  const rise = inPoints(Math.abs(line.slope) * 0.1).replace('+', '');
  const course = line.slope > 0 ? `rises by ${rise}` : `falls by ${rise}`;
  return `${name}: the line ${course} ${WORDS[measure].unit} for 10 points more solved; R² = ${decimal(line.rSquared, 3)} (${from}).`;
}

function panelOf(results: Results, regression: Regression): { title: string; svg: string } {
  const { feature, measure, points, line } = regression;
  return {
    title: capitalised(feature),
    svg: scatterChart({
      theme: PAGE_THEME,
      color: measure === 'accuracy' ? PAGE_THEME.blue : PAGE_THEME.teal,
      points: points.map(({ step, x, y }) => ({
        x,
        y,
        label: axisSteps(step),
        title: `step ${decimal(step)}: ${percent(x)} solved, ${percent(y)} read`,
      })),
      line,
      xDomain: [0, 1],
      yDomain: measure === 'accuracy' ? accuracyDomain(results) : measureDomain(results, 'informationShare'),
      xLabel: 'test specifications solved →',
      format: (share) => percent(share, 0),
      alt: `Scatter chart of ${WORDS[measure].name.toLowerCase()} against the share of test specifications solved, a point a checkpoint. ${regressionText(regression)}`,
    }),
  };
}

const COLUMNS: Column<Regression>[] = [
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'of', cell: ({ measure }) => WORDS[measure].name, kind: 'whole' },
  { name: 'slope', cell: ({ line }) => decimal(line?.slope, 3), numeric: true },
  { name: 'at 0 % solved', cell: ({ line }) => percent(line?.intercept), numeric: true },
  { name: 'R²', cell: ({ line }) => decimal(line?.rSquared, 3), numeric: true },
  { name: 'checkpoints', cell: ({ points }) => decimal(points.length), numeric: true },
  { name: 'left out', cell: ({ leftOut }) => decimal(leftOut), numeric: true },
];

/** Points that differ by an end of the run tell more than those that crowd there; said only where it is so. */
function crowdText(regressions: readonly Regression[]): string {
  const most = regressions.reduce<Regression | undefined>(
    (best, one) => (best && best.points.length >= one.points.length ? best : one),
    undefined,
  );
  const xs = most?.points.map(({ x }) => x) ?? [];
  const high = xs.filter((x) => x > 0.75).length;
  return xs.length > 2 && high > xs.length / 2
    ? ` ${decimal(high)} of ${decimal(xs.length)} points lie above 75 % solved, so the few others weigh most.`
    : '';
}

export function regressionSection(results: Results): Html {
  const regressions = regressionsOf(results);
  const depth = mainDepth(results);
  const shown = (measure: ContentMeasure) =>
    regressions.filter((one) => one.measure === measure && one.hiddenLayers === depth);
  if (!regressions.some(({ points }) => points.some(({ y }) => isFiniteNumber(y)))) {
    return html`<section id="regression"><h2>${TITLE}</h2><p>There is no checkpoint with enough probed pairs to compare.</p></section>`;
  }
  const { rSquaredDirection } = PAPER.firstVersion;
  const how = (measure: ContentMeasure) =>
    panelFigure({
      title: `${WORDS[measure].name} against the share solved`,
      unit: `share ${WORDS[measure].unit}, ${DEPTH_NAMES[depth]}, original semantics, offset ${measure === 'accuracy' ? '0' : '−1'}`,
      key: [{ label: 'line of least squares', color: 'var(--muted)', dash: '6 4' }],
      panels: shown(measure).map((one) => panelOf(results, one)),
      how: 'How to read this: each point is a checkpoint, with its training step where there is room. A line that goes up says that checkpoints that solve more were also read better in this run; how far the points lie from it says how loosely.',
      source: source(measure),
    });
  return html`<section id="regression"><h2>${TITLE}</h2>
<p>The paper sets semantic content against the share of specifications solved, over training, and reports R² = ${PAPER.rSquared} (in its first version, for direction and a linear probe, ${rSquaredDirection}). Here are the lines of this run, for accuracy:</p>
<ul>${shown('accuracy').map((one) => html`<li>${regressionText(one)}</li>`)}</ul>
<p>By usable information, which does not move with label frequencies alone:</p>
<ul>${shown('informationShare').map((one) => html`<li>${regressionText(one)}</li>`)}</ul>
<div class="note"><p><b>Slope and R² only describe these points.</b> The checkpoints of one run are not independent: each begins where the one before ended, so there is no p-value here. Two measures that each rise or fall throughout training tend to have a high R², whatever ties them; a line that falls can have one as high as a line that rises. Each checkpoint is read on programs of its own; where these are few and alike, their states can be easy to tell whatever the model knows.${crowdText(shown('accuracy'))} Checkpoints with fewer than 500 test pairs are left out.</p></div>
${how('accuracy')}
${how('informationShare')}
<details><summary>All lines</summary>${table('Regressions on the share solved; a slope of 0.1 is one point read for ten points solved', COLUMNS, regressions, source('accuracy', 'informationShare'))}</details></section>`;
}
