/** @file The original against two false meanings, with and without baselines. Chapter 12. */
import { readFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import type { StudyResults } from '../../src/results/study-results.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const study = JSON.parse(
  readFileSync(new URL('../../results/tiny/study.json', import.meta.url), 'utf8'),
) as StudyResults;

const OVERS = [
  [null, 'trained model alone'],
  ['untrained', 'over the untrained model'],
  ['record', 'over the record'],
] as const;

const rows = ['flip', 'adversarial'].flatMap((against) =>
  OVERS.map(([over, name]) => {
    const found = study.contrasts.find(
      (row) =>
        row.offset === -1 &&
        row.hiddenLayers === 1 &&
        row.feature === 'mean' &&
        row.actionsLeft === 'all' &&
        row.over === over &&
        row.against === against,
    )!;
    return { name, against: `original - ${against}`, values: found.values, mean: found.mean!, ...found.interval! };
  }),
);
const seeds = rows.flatMap(({ values, ...row }) => values.map((value) => ({ ...row, value })));

export default function draw(): Figure {
  const [width, height] = [740, 190];
  const body = chart({
    width,
    height,
    marginLeft: 180,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 42,
    x: { label: 'difference of shares', grid: true, inset: 8, ticks: [-0.1, 0, 0.1] },
    y: { label: null, domain: OVERS.map(([, name]) => name) },
    fx: { label: null, domain: ['original - flip', 'original - adversarial'] },
    marks: [
      Plot.ruleX([0], { stroke: 'currentColor' }),
      Plot.dot(seeds, { x: 'value', y: 'name', fx: 'against', r: 3, fill: COLOURS.blue, fillOpacity: 0.4 }),
      Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'name', fx: 'against', stroke: COLOURS.blue, strokeWidth: 2 }),
      Plot.tickX(rows, { x: 'mean', y: 'name', fx: 'against', stroke: COLOURS.blue, strokeWidth: 3 }),
    ],
  });
  return { title: 'Contrasts between semantics, with and without baselines, ten seeds of tiny', width, height, body };
}
