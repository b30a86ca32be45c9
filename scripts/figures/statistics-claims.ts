/** @file The claims of the analysis plan: ten seeds, their mean, its interval, the verdict. Chapter 13. */
import { readFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import type { StudyResults } from '../../src/results/study-results.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const { claims } = JSON.parse(
  readFileSync(new URL('../../results/tiny/study.json', import.meta.url), 'utf8'),
) as StudyResults;

/** Ranks are in another unit, and values that mostly tie have no interval. */
const rows = claims.flatMap(({ id, values, mean, interval, verdict }) =>
  interval ? [{ id, values, mean: mean!, ...interval, verdict }] : [],
);
const seeds = rows.flatMap(({ values, ...row }) => values.map((value) => ({ ...row, value })));
const COLOUR = { supported: COLOURS.teal, refuted: COLOURS.orange, undecided: COLOURS.muted } as const;
const colour = ({ verdict }: { verdict: keyof typeof COLOUR }): string => COLOUR[verdict];

export default function draw(): Figure {
  const [width, height] = [740, 360];
  const body = chart({
    width,
    height,
    marginLeft: 140,
    marginRight: 90,
    marginTop: 12,
    marginBottom: 42,
    x: { label: 'value of a seed', grid: true, inset: 8, ticks: 8 },
    y: { label: null, domain: rows.map(({ id }) => id) },
    marks: [
      Plot.ruleX([0], { stroke: 'currentColor' }),
      Plot.dot(seeds, { x: 'value', y: 'id', r: 3, fill: colour, fillOpacity: 0.4 }),
      Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'id', stroke: colour, strokeWidth: 2 }),
      Plot.tickX(rows, { x: 'mean', y: 'id', stroke: colour, strokeWidth: 3 }),
      Plot.text(rows, { y: 'id', text: 'verdict', frameAnchor: 'right', textAnchor: 'start', dx: 14 }),
    ],
  });
  return { title: 'Twelve claims over ten seeds of tiny, with intervals and verdicts', width, height, body };
}
