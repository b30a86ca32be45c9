/** @file Dots with their intervals, row by row, against a line at 0; those of several seeds beside their mean. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { CHARACTER_WIDTH, draw } from './draw.ts';
import { type Ends, hasWidth, isFiniteNumber } from './format.ts';
import type { Theme } from './theme.ts';

export interface IntervalRow {
  /** Rows of one group stand together under the group's name. */
  group: string;
  label: string;
  value: number | null;
  interval: Ends | null;
  /** The values of which this is the mean, drawn as small circles. */
  seeds?: readonly (number | null)[];
  color: string;
  symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'cross';
  hollow?: boolean;
  /** What the row would be by chance, an upright line. */
  chance?: number;
}

export interface IntervalChart {
  alt: string;
  theme: Theme;
  rows: readonly IntervalRow[];
  /** From the rows if left out; what lies outside is drawn as an arrow at the edge. */
  xDomain?: [number, number];
  /** Of the axis, and of the number at the end of each row. */
  xFormat: (value: number) => string;
  valueFormat: (value: number) => string;
}

const WIDTH = 460;
const ROW = 23;
const GROUP = 26;
const CAP = 4;
const SYMBOLS = {
  circle: 'circle',
  square: 'square',
  diamond: 'diamond2',
  triangle: 'triangle',
  cross: 'times',
} as const;

/** An axis that holds 0, all values, and all intervals as far as these are not much wider than the values. */
export function domainOf(rows: readonly IntervalRow[]): [number, number] {
  const values = rows.flatMap(({ value, seeds = [] }) => [value, ...seeds]).filter(isFiniteNumber);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = Math.max(high - low, 0.02);
  const ends = rows.flatMap(({ interval }) => (hasWidth(interval) ? [interval.low, interval.high] : []));
  const left = Math.max(Math.min(low, ...ends), low - room * 0.4);
  const right = Math.min(Math.max(high, ...ends), high + room * 0.4);
  const margin = (right - left || 1) * 0.04;
  return [left < 0 ? left - margin : 0, right + margin];
}

interface Placed extends IntervalRow {
  y: number;
}

function place(rows: readonly IntervalRow[]): {
  titles: { y: number; text: string }[];
  placed: Placed[];
  height: number;
} {
  const titles: { y: number; text: string }[] = [];
  const placed: Placed[] = [];
  let y = 0;
  let group = '';
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      titles.push({ y: y + 15, text: group });
      y += GROUP;
    }
    placed.push({ ...row, y: y + ROW / 2 });
    y += ROW;
  }
  return { titles, placed, height: y + 4 };
}

function rowMarks(row: Placed, [low, high]: [number, number], theme: Theme): Plot.Markish[] {
  const inside = (value: number): number => Math.min(Math.max(value, low), high);
  const { value, interval, seeds = [], color, symbol, hollow, chance, y } = row;
  const marks: Plot.Markish[] = [];
  if (chance !== undefined && chance >= low && chance <= high) {
    const ends = { y1: [y - 8], y2: [y + 8] };
    marks.push(Plot.ruleX([chance], { x: [chance], ...ends, stroke: theme.muted, strokeDasharray: '2 2' }));
  }
  const shown = seeds.filter(isFiniteNumber);
  if (shown.length > 0) {
    const dot = { x: shown.map(inside), y: shown.map(() => y), r: 3, fill: theme.paper, stroke: color };
    marks.push(Plot.dot(shown, { ...dot, strokeWidth: 1.2, strokeOpacity: 0.9 }));
  }
  if (hasWidth(interval)) {
    const line = { stroke: color, strokeWidth: 2, strokeOpacity: 0.8 };
    const [from, to] = [inside(interval.low), inside(interval.high)];
    marks.push(Plot.ruleY([y], { x1: [from], x2: [to], y: [y], ...line }));
    for (const end of [interval.low, interval.high]) {
      if (end < low || end > high) {
        const dot = { x: [inside(end)], y: [y], text: [end < low ? '‹' : '›'], fill: color, fontWeight: 700 };
        marks.push(Plot.text([end], { ...dot, fontSize: 16, dx: end < low ? -4 : 4, dy: -1 }));
      } else marks.push(Plot.ruleX([end], { x: [end], y1: [y - CAP], y2: [y + CAP], ...line }));
    }
  }
  if (isFiniteNumber(value)) {
    const kind = SYMBOLS[symbol] as Plot.SymbolType;
    const look = symbol === 'cross' || hollow ? { stroke: color, strokeWidth: 2 } : { fill: color };
    const fill = hollow && symbol !== 'cross' ? { fill: theme.paper } : {};
    marks.push(Plot.dot([value], { x: [inside(value)], y: [y], symbol: kind, r: 4.5, ...look, ...fill }));
  }
  return marks;
}

/** The chart as the text of one SVG element; its height follows from the rows. */
export function intervalChart(chart: IntervalChart): string {
  const { theme, rows, xDomain = domainOf(chart.rows) } = chart;
  const { titles, placed, height } = place(rows);
  const texts = placed.map(({ value }) => (isFiniteNumber(value) ? chart.valueFormat(value) : 'not measured'));
  const marginLeft = Math.max(40, ...rows.map(({ label }) => label.length * CHARACTER_WIDTH + 16));
  const marginRight = Math.max(30, ...texts.map((text) => text.length * CHARACTER_WIDTH + 20));
  const marks: Plot.Markish[] = [
    Plot.gridX({ ticks: 4, stroke: theme.grid, strokeOpacity: 1 }),
    Plot.axisX({ ticks: 4, tickFormat: chart.xFormat, tickSize: 0, label: null, fill: theme.muted }),
    Plot.ruleX([0], { stroke: theme.muted }),
    Plot.text(titles, {
      y: 'y',
      text: 'text',
      frameAnchor: 'left',
      textAnchor: 'start',
      dx: 4 - marginLeft,
      fill: theme.ink,
      fontWeight: 600,
      stroke: theme.paper,
      strokeWidth: 4,
    }),
    Plot.text(placed, { y: 'y', text: 'label', frameAnchor: 'left', textAnchor: 'end', dx: -10, fill: theme.muted }),
    ...placed.flatMap((row) => rowMarks(row, xDomain, theme)),
    Plot.text(placed, {
      y: 'y',
      text: (_, index: number) => texts[index]!,
      frameAnchor: 'right',
      textAnchor: 'end',
      dx: marginRight - 4,
      fill: theme.ink,
    }),
  ];
  return draw(
    {
      width: WIDTH,
      height: height + 30,
      marginTop: 2,
      marginBottom: 28,
      marginLeft,
      marginRight,
      x: { domain: xDomain, axis: null },
      y: { domain: [0, height], range: [2, height + 2], axis: null, type: 'linear' },
      marks,
    },
    chart.alt,
  );
}
