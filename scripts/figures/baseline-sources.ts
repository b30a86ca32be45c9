/** @file What each source tells of the states, in ten seeds of tiny. Chapter 12. */
import { readFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import type { StudyResults } from '../../src/results/study-results.ts';
import { COLOURS, chart, type Figure } from './svg.ts';

const study = JSON.parse(
  readFileSync(new URL('../../results/tiny/study.json', import.meta.url), 'utf8'),
) as StudyResults;

const NAMES = {
  untrained: 'untrained model',
  trained: 'trained model',
  input: 'record: text, input grid',
  grids: 'record: text, both grids',
  record: 'the better record',
  control: 'control task',
} as const;
const DEPTHS = ['linear probe', 'one hidden layer'] as const;

const rows = study.shares.flatMap((row) => {
  const source = NAMES[row.source as keyof typeof NAMES];
  const asked =
    row.offset === -1 && row.semantics === 'original' && row.feature === 'mean' && row.actionsLeft === 'all';
  return asked && source ? [{ ...row, source, depth: DEPTHS[row.hiddenLayers]! }] : [];
});
const seeds = rows.flatMap(({ source, depth, values }) => values.map((value) => ({ source, depth, value })));
const fill = ({ source }: { source: string }): string =>
  source === NAMES.trained ? COLOURS.blue : source.includes('record') ? COLOURS.orange : COLOURS.muted;

export default function draw(): Figure {
  const [width, height] = [740, 270];
  const body = chart({
    width,
    height,
    marginLeft: 165,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 42,
    x: {
      label: 'information about the state, as a share of what there is to know',
      domain: [0, 0.76],
      grid: true,
      ticks: [0, 0.2, 0.4, 0.6],
    },
    y: { label: null, domain: Object.values(NAMES) },
    fx: { label: null, domain: [...DEPTHS] },
    marks: [
      Plot.ruleX([0], { stroke: COLOURS.line }),
      Plot.dot(seeds, { x: 'value', y: 'source', fx: 'depth', r: 3, fill, fillOpacity: 0.45 }),
      Plot.tickX(rows, { x: 'mean', y: 'source', fx: 'depth', stroke: fill, strokeWidth: 3 }),
    ],
  });
  return {
    title: 'Information that each source tells, ten seeds of tiny, state before the action being written',
    width,
    height,
    body,
  };
}
