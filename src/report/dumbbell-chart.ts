/** @file A number and what it has to be compared with, on one row: base, untrained, probe. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { draw } from './draw.ts';
import { isFiniteNumber } from './format.ts';
import type { Theme } from './theme.ts';

export interface DumbbellRow {
  /** Rows of one group stand together under the group's name. */
  group: string;
  label: string;
  value: number | null;
  /** Where the value would be without any knowledge: the majority class, or 0 bits. */
  base: number | null;
  untrained: number | null;
  color: string;
  symbol: 'circle' | 'square' | 'diamond';
  tooFew: boolean;
  /** Written where there is no value. */
  missing: string;
}

export interface DumbbellChart {
  alt: string;
  theme: Theme;
  rows: DumbbellRow[];
  xDomain: [number, number];
  xFormat: (value: number) => string;
  valueFormat: (value: number) => string;
}

const WIDTH = 460;
const ROW = 22;
const GROUP = 26;
const MARGIN_LEFT = 92;
const MARGIN_RIGHT = 22;

/** The chart as the text of one SVG element; its height follows from the rows. */
export function dumbbellChart(chart: DumbbellChart): string {
  const { theme, xDomain } = chart;
  const inDomain = (value: number) => Math.min(Math.max(value, xDomain[0]), xDomain[1]);
  const titles: { y: number; text: string }[] = [];
  const placed: (DumbbellRow & { y: number })[] = [];
  let y = 0;
  for (const row of chart.rows) {
    if (titles.at(-1)?.text !== row.group) {
      y += GROUP;
      titles.push({ y: y - ROW / 2 + 1, text: row.group });
      y += ROW / 2 - 4;
    }
    placed.push({ ...row, y: y + ROW / 2 });
    y += ROW;
  }
  const innerHeight = y + 4;
  const marks: Plot.Markish[] = [
    Plot.gridX({ ticks: 5, stroke: theme.grid, strokeOpacity: 1 }),
    Plot.axisX({ ticks: 5, tickFormat: chart.xFormat, tickSize: 0, label: null, fill: theme.muted }),
    Plot.text(titles, {
      y: 'y',
      text: 'text',
      frameAnchor: 'left',
      textAnchor: 'start',
      dx: 10 - MARGIN_LEFT,
      fill: theme.ink,
      fontWeight: 600,
      stroke: theme.paper,
      strokeWidth: 4,
    }),
    Plot.text(placed, { y: 'y', text: 'label', frameAnchor: 'left', textAnchor: 'end', dx: -10, fill: theme.muted }),
  ];
  if (xDomain[0] < 0) marks.push(Plot.ruleX([0], { stroke: theme.muted }));
  for (const row of placed) {
    if (!isFiniteNumber(row.value)) {
      marks.push(
        Plot.text([row], {
          y: 'y',
          x: [inDomain(0)],
          text: [row.missing],
          textAnchor: 'start',
          dx: 8,
          fill: theme.muted,
        }),
      );
      continue;
    }
    const value = inDomain(row.value);
    if (isFiniteNumber(row.base)) {
      const base = inDomain(row.base);
      marks.push(Plot.link([row], { x1: [base], x2: [value], y1: 'y', y2: 'y', stroke: row.color, strokeWidth: 2 }));
      const ends = { y1: [row.y - 7], y2: [row.y + 7] };
      marks.push(Plot.ruleX([row], { x: [base], ...ends, stroke: row.color, strokeWidth: 2.5 }));
    }
    if (isFiniteNumber(row.untrained)) {
      const x = [inDomain(row.untrained)];
      marks.push(Plot.dot([row], { x, y: 'y', r: 4, fill: theme.paper, stroke: row.color, strokeWidth: 1.5 }));
    }
    const symbol = row.tooFew ? 'times' : row.symbol === 'diamond' ? 'diamond2' : row.symbol;
    marks.push(
      Plot.dot([row], {
        x: [value],
        y: 'y',
        symbol: symbol as Plot.SymbolType,
        r: 4.5,
        ...(row.tooFew ? { stroke: row.color, strokeWidth: 2.5 } : { fill: row.color }),
      }),
    );
    const rightmost = Math.max(value, inDomain(row.untrained ?? value), inDomain(row.base ?? value));
    marks.push(
      Plot.text([row], {
        x: [rightmost],
        y: 'y',
        text: [chart.valueFormat(row.value)],
        textAnchor: 'start',
        dx: 9,
        fill: theme.ink,
        stroke: theme.paper,
        strokeWidth: 4,
      }),
    );
  }
  return draw(
    {
      width: WIDTH,
      height: innerHeight + 30,
      marginTop: 2,
      marginBottom: 28,
      marginLeft: MARGIN_LEFT,
      marginRight: MARGIN_RIGHT,
      x: { domain: xDomain, axis: null },
      y: { domain: [0, innerHeight], range: [2, innerHeight + 2], axis: null, type: 'linear' },
      marks,
    },
    chart.alt,
  );
}
