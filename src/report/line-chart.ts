/** @file Curves over training: lines with symbols, direct labels, shaded phases. Chapter 11. */

import * as Plot from '@observablehq/plot';
import type { Phase } from '../results/phases.ts';
import { CHARACTER_WIDTH, draw } from './draw.ts';
import { axisSteps, isFiniteNumber } from './format.ts';
import type { Theme } from './theme.ts';

export interface Point {
  x: number;
  /** null and NaN leave a gap. */
  y: number | null;
  /** Shown when the pointer rests on the point. */
  title?: string;
  /** Drawn as a cross: it rests on too few pairs. */
  tooFew?: boolean;
  /** The ends of its interval, between which a pale band runs. */
  band?: readonly [low: number, high: number];
}

export interface Series {
  /** Written at the end of the line, if not empty. */
  label: string;
  points: Point[];
  color: string;
  /** SVG dash pattern; solid if left out. */
  dash?: string;
  /** Symbol at every point, `none` for a bare line. */
  symbol?: 'circle' | 'square' | 'diamond' | 'triangle' | 'none';
  /** Symbols drawn as outlines. */
  hollow?: boolean;
  /** One of many lines, pale and thin, beside one that matters more. */
  thin?: boolean;
}

export interface LineChart {
  alt: string;
  theme: Theme;
  series: Series[];
  yDomain: [number, number];
  yScale?: 'linear' | 'log';
  yTicks?: number[] | number;
  yFormat: (value: number) => string;
  phases?: Phase[];
  xLabel?: string;
  /** Ends of the horizontal axis; from the points if left out. */
  xDomain?: [number, number];
  xTicks?: number[];
  /** How the horizontal axis writes its numbers; as training steps if left out. */
  xFormat?: (value: number) => string;
  width?: number;
  height?: number;
  /** Space for the direct labels; from the longest if left out. */
  marginRight?: number;
  marginLeft?: number;
  marginTop?: number;
  marginBottom?: number;
  /** A line across at this height. */
  zeroLine?: number;
}

const LABEL_HEIGHT = 15;

/** Moves the wanted heights apart until none is nearer than `gap` to the next; the order is kept, all stay in [low, high]. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  let floor = low;
  for (const index of order) {
    placed[index] = Math.max(placed[index]!, floor);
    floor = placed[index]! + gap;
  }
  let ceiling = high;
  for (const index of order.reverse()) {
    placed[index] = Math.min(placed[index]!, ceiling);
    ceiling = placed[index]! - gap;
  }
  return placed;
}

interface Drawn {
  series: Series;
  points: (Point & { y: number; below: boolean })[];
}

/** Points that can be drawn; those under the axis are drawn on it, pointing down. Bands end at the frame. */
function drawable(series: Series, [low, high]: [number, number]): Drawn {
  const inside = (end: number): number => Math.min(Math.max(end, low), high);
  const points = series.points
    .filter((point): point is Point & { y: number } => isFiniteNumber(point.y) && isFiniteNumber(point.x))
    .map(({ band, ...point }) => ({
      ...point,
      ...(band ? { band: [inside(band[0]), inside(band[1])] as const } : {}),
      below: point.y < low,
      y: Math.max(point.y, low),
    }));
  return { series, points };
}

/** The intervals of neighbouring points joined; a point without one is a narrow place. */
function bandMark(points: Drawn['points'], color: string): Plot.Markish {
  const end = (which: 0 | 1) => points.map(({ band, y }) => band?.[which] ?? y);
  return Plot.areaY(points, { x: 'x', y1: end(0), y2: end(1), fill: color, fillOpacity: 0.22 });
}

function seriesMarks({ series, points }: Drawn, theme: Theme): Plot.Markish[] {
  const { color, symbol = 'circle', hollow = false } = series;
  const marks: Plot.Markish[] = [];
  if (points.length > 1) {
    if (points.some(({ band }) => band)) marks.push(bandMark(points, color));
    marks.push(
      Plot.lineY(points, {
        x: 'x',
        y: 'y',
        stroke: color,
        strokeWidth: series.thin ? 1 : series.dash ? 1.5 : 2,
        ...(series.thin ? { strokeOpacity: 0.75 } : {}),
        ...(series.dash ? { strokeDasharray: series.dash } : {}),
      }),
    );
  }
  const groups: [typeof points, string, boolean][] = [
    [points.filter((point) => !point.below && !point.tooFew), symbol, hollow],
    [points.filter((point) => point.below), 'triangle2', true],
    [points.filter((point) => !point.below && point.tooFew), 'times', false],
  ];
  for (const [group, name, outline] of groups) {
    if (group.length === 0 || name === 'none') continue;
    const cross = name === 'times';
    marks.push(
      Plot.dot(group, {
        x: 'x',
        y: 'y',
        symbol: name as Plot.SymbolType,
        r: outline ? 3 : 3.6,
        ...(cross ? { stroke: color, strokeWidth: 2 } : { fill: outline ? theme.paper : color, stroke: color }),
        ...(group.some((point) => point.title) ? { title: 'title' } : {}),
      }),
    );
  }
  return marks;
}

/** The phases as bands, their names above them where there is room. */
function phaseMarks(chart: LineChart, innerWidth: number, [first, last]: [number, number]): Plot.Markish[] {
  const { phases = [], theme } = chart;
  const marks: Plot.Markish[] = [];
  for (const phase of phases) {
    marks.push(Plot.rect([phase], { x1: 'from', x2: 'to', fill: theme.phases[phase.name] }));
    const room = ((phase.to - phase.from) / (last - first)) * innerWidth;
    if (room >= phase.name.length * CHARACTER_WIDTH) {
      const x = (phase.from + phase.to) / 2;
      marks.push(
        Plot.text([phase.name], { x: [x], frameAnchor: 'top', dy: -13, fill: theme.muted, text: [phase.name] }),
      );
    }
  }
  const boundaries = phases.slice(1).map((phase) => phase.from);
  if (boundaries.length > 0) {
    marks.push(Plot.ruleX(boundaries, { stroke: theme.muted, strokeDasharray: '2 3', strokeWidth: 1 }));
  }
  return marks;
}

/** About `count` round steps from `first` to `last`. */
export function stepTicks([first, last]: [number, number], count: number): number[] {
  const rough = (last - first) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((factor) => factor * power >= rough)! * power, 1);
  const ticks: number[] = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** The chart as the text of one SVG element. */
export function lineChart(chart: LineChart): string {
  const { theme, width = 460, height = 270, marginTop = 24, marginBottom = 42, yDomain, yScale = 'linear' } = chart;
  const drawn = chart.series.map((series) => drawable(series, yDomain)).filter(({ points }) => points.length > 0);
  const xs = drawn.flatMap(({ points }) => points.map((point) => point.x));
  const first = Math.min(0, ...xs);
  const xDomain = chart.xDomain ?? [first, Math.max(first + 1, ...xs)];
  const longest = Math.max(0, ...drawn.map(({ series }) => series.label.length));
  const marginRight = chart.marginRight ?? Math.max(18, longest * CHARACTER_WIDTH + 16);
  const marginLeft = chart.marginLeft ?? 48;
  const innerHeight = height - marginTop - marginBottom;
  const innerWidth = width - marginLeft - marginRight;

  const scale = yScale === 'log' ? Math.log : (value: number) => value;
  const pixel = (y: number) =>
    (innerHeight * (scale(yDomain[1]) - scale(y))) / (scale(yDomain[1]) - scale(yDomain[0]) || 1);
  const labelled = drawn.filter(({ series }) => series.label !== '');
  const ends = labelled.map(({ points }) => points.at(-1)!);
  const wanted = ends.map((point) => pixel(point.y));
  const placed = spread(wanted, LABEL_HEIGHT, 0, innerHeight);
  const labels = labelled.map(({ series }, index) =>
    Plot.text([ends[index]!], {
      x: 'x',
      y: 'y',
      text: [series.label],
      textAnchor: 'start',
      dx: 9,
      dy: placed[index]! - wanted[index]!,
      fill: series.color,
      fontWeight: 600,
    }),
  );

  const yTicks = chart.yTicks ?? 5;
  const options: Plot.PlotOptions = {
    width,
    height,
    marginTop,
    marginRight,
    marginBottom,
    marginLeft,
    x: { domain: xDomain, label: null, axis: null },
    y: { domain: yDomain, type: yScale, label: null, axis: null },
    marks: [
      ...phaseMarks(chart, innerWidth, xDomain),
      Plot.gridY({ ticks: yTicks, stroke: theme.grid, strokeOpacity: 1 }),
      Plot.axisY({ ticks: yTicks, tickFormat: chart.yFormat, tickSize: 0, label: null, fill: theme.muted }),
      Plot.axisX({
        ticks: chart.xTicks ?? stepTicks(xDomain, 4),
        tickFormat: chart.xFormat ?? axisSteps,
        tickSize: 4,
        label: chart.xLabel ?? 'training steps →',
        labelAnchor: 'right',
        labelArrow: 'none',
        labelOffset: 36,
        fill: theme.muted,
        stroke: theme.muted,
      }),
      ...(chart.zeroLine === undefined ? [] : [Plot.ruleY([chart.zeroLine], { stroke: theme.muted })]),
      ...drawn.flatMap((one) => seriesMarks(one, theme)),
      ...labels,
      ...(drawn.length > 0
        ? []
        : [Plot.text(['nothing could be measured'], { frameAnchor: 'middle', fill: theme.muted })]),
    ],
  };
  return draw(options, chart.alt);
}
