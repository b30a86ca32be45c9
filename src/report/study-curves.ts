/** @file Training, seed by seed: curves with their mean, and when each phase began. Chapter 11. */

import { changePointsOf, findPhases } from '../results/phases.ts';
import type { Results } from '../results/results.ts';
import type { CheckpointOverSeeds, OverSeeds, StudyResults } from '../results/study-results.ts';
import { type Figure, figures, type KeyEntry } from './figure.ts';
import { decimal, isFiniteNumber, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { lineChart, type Point, type Series } from './line-chart.ts';
import { phaseRuleText } from './prose.ts';
import { ofSeeds, studied } from './source.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';
import { ceilingOf } from './training-charts.ts';

/** A thin line for each seed, and their mean with symbols. */
export function seedSeries(
  label: string,
  color: string,
  rows: readonly { x: number; of: OverSeeds }[],
  symbol: NonNullable<Series['symbol']> = 'circle',
  dash?: string,
): Series[] {
  const seeds = rows[0]?.of.values.length ?? 0;
  const look = { color, ...(dash ? { dash } : {}) };
  const thin = Array.from({ length: seeds }, (_, seed): Series => {
    const points = rows.map(({ x, of }): Point => ({ x, y: of.values[seed] ?? null }));
    return { label: '', ...look, symbol: 'none', thin: true, points };
  });
  const mean = rows.map(({ x, of }): Point => ({ x, y: of.mean }));
  return [...(seeds > 1 ? thin : []), { label, ...look, symbol, points: mean }];
}

interface Curve {
  title: string;
  unit: string;
  key: string;
  color: string;
  of: (checkpoint: CheckpointOverSeeds) => OverSeeds;
  format: (value: number | null) => string;
  domain: (values: readonly number[]) => [number, number];
}

const infoDomain = (values: readonly number[]): [number, number] => [
  Math.max(Math.min(0, ...values), -0.3),
  Math.min(ceilingOf(values, 0.2), 1),
];

const informationAt =
  (depth: 0 | 1) =>
  ({ information }: CheckpointOverSeeds): OverSeeds =>
    information.find(({ hiddenLayers }) => hiddenLayers === depth)?.share ?? { values: [], mean: null, interval: null };

const CURVES: readonly Curve[] = [
  {
    title: 'Test specifications solved',
    unit: 'share of test specifications',
    key: 'generativeAccuracy',
    color: PAGE_THEME.blue,
    of: ({ generativeAccuracy }) => generativeAccuracy,
    format: (value) => percent(value, 0),
    domain: () => [0, 1],
  },
  {
    title: 'Different programs',
    unit: 'distinct programs among those written for the test specifications',
    key: 'distinctPrograms',
    color: PAGE_THEME.orange,
    of: ({ distinctPrograms }) => distinctPrograms,
    format: (value) => decimal(value),
    domain: (values) => [0, ceilingOf(values, 5)],
  },
  {
    title: 'Usable information, linear probes',
    unit: 'share of label entropy, mean over the features, where there are enough pairs',
    key: 'information[] (hiddenLayers 0)',
    color: PAGE_THEME.teal,
    of: informationAt(0),
    format: (value) => percent(value, 0),
    domain: infoDomain,
  },
  {
    title: 'Usable information, one hidden layer',
    unit: 'share of label entropy, mean over the features, where there are enough pairs',
    key: 'information[] (hiddenLayers 1)',
    color: PAGE_THEME.purple,
    of: informationAt(1),
    format: (value) => percent(value, 0),
    domain: infoDomain,
  },
];

function figureOf(study: StudyResults, { title, unit, key, color, of, format, domain }: Curve): Figure {
  const rows = study.checkpoints.map((checkpoint) => ({ x: checkpoint.step, of: of(checkpoint) }));
  const values = rows.flatMap(({ of: { values } }) => values).filter(isFiniteNumber);
  const last = rows.findLast(({ of: { mean } }) => isFiniteNumber(mean))?.of;
  const seeds = last?.values.map((value) => format(value)).join(', ') ?? 'none';
  return {
    title,
    unit,
    source: studied(`checkpoints[].${key}`),
    how: 'How to read this: each thin line is a seed, the line with symbols their mean. Seeds that rise at different steps give a mean that rises slowly, as none of them does.',
    svg: lineChart({
      theme: PAGE_THEME,
      series: seedSeries(last ? format(last.mean) : '', color, rows),
      xDomain: [0, Math.max(1, ...rows.map(({ x }) => x))],
      yDomain: domain(values),
      yFormat: format,
      zeroLine: 0,
      alt: `Line chart over training: ${title.toLowerCase()}, a line a seed and their mean. At the last measured checkpoint: mean ${format(last?.mean ?? null)}, seeds ${seeds}.`,
    }),
  };
}

const KEY: readonly KeyEntry[] = [
  { label: 'mean over seeds', color: 'var(--muted)', dash: '', symbol: 'circle' },
  { label: 'one seed (thin)', color: 'var(--muted)', dash: '' },
];

const PHASE_COLUMNS: Column<Results>[] = [
  { name: 'seed', cell: ({ seed }) => seed, kind: 'whole' },
  {
    name: 'programs change at',
    cell: ({ checkpoints }) => decimal(changePointsOf(checkpoints).distinctPrograms?.step),
    numeric: true,
  },
  {
    name: 'accuracy changes at',
    cell: ({ checkpoints }) => decimal(changePointsOf(checkpoints).generativeAccuracy?.step),
    numeric: true,
  },
  {
    name: 'phases, by step',
    kind: 'text',
    cell: (run) =>
      findPhases(run)
        .map(({ name, from, to }) => `${name} ${decimal(from)} to ${decimal(to)}`)
        .join('; ') || '–',
  },
  {
    name: 'solved, last checkpoint',
    cell: ({ checkpoints }) => percent(checkpoints.at(-1)?.generativeAccuracy),
    numeric: true,
  },
  {
    name: 'distinct programs',
    cell: ({ checkpoints }) => decimal(checkpoints.at(-1)?.distinctPrograms),
    numeric: true,
  },
];

export function curvesSection(study: StudyResults, runs: readonly Results[]): Html {
  return html`<section id="curves"><h2>Training, seed by seed</h2>
<p>All seeds have the same settings. Each draws its corpus, its initial weights, the order of the samples and its probes anew.</p>
${figures(
  CURVES.map((curve) => figureOf(study, curve)),
  KEY,
)}
<h3>Phases</h3>
<p>${phaseRuleText()}</p>
${table('Change points and phases, by seed; a dash where none counts', PHASE_COLUMNS, runs, ofSeeds('checkpoints[].generativeAccuracy', 'checkpoints[].distinctPrograms'))}</section>`;
}
