/** @file Points that are labelled where there is room, and the line of least squares through them. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { CHARACTER_WIDTH, draw, FONT_SIZE } from './draw.ts';
import type { Theme } from './theme.ts';

export interface ScatterPoint {
  x: number;
  y: number;
  label: string;
  /** Shown when the pointer rests on the point. */
  title: string;
}

export interface ScatterChart {
  alt: string;
  theme: Theme;
  color: string;
  points: readonly ScatterPoint[];
  line: { readonly slope: number; readonly intercept: number } | null;
  xDomain: [number, number];
  yDomain: [number, number];
  xLabel: string;
  format: (share: number) => string;
}

const WIDTH = 460;
const HEIGHT = 290;
const MARGIN = { marginTop: 14, marginRight: 24, marginBottom: 42, marginLeft: 48 };
const RADIUS = 3.6;

/** The part of the line that lies between the outermost points and inside `yDomain`; undefined where none does. */
export function lineInside(
  { slope, intercept }: NonNullable<ScatterChart['line']>,
  xs: readonly number[],
  [low, high]: readonly [number, number],
): [number, number][] | undefined {
  const ends = slope === 0 ? [] : [(low - intercept) / slope, (high - intercept) / slope].sort((a, b) => a - b);
  if (slope === 0 && (intercept < low || intercept > high)) return undefined;
  const from = Math.max(Math.min(...xs), ends[0] ?? Number.NEGATIVE_INFINITY);
  const to = Math.min(Math.max(...xs), ends[1] ?? Number.POSITIVE_INFINITY);
  return from < to ? [from, to].map((x) => [x, intercept + slope * x]) : undefined;
}

interface Place {
  index: number;
  /** Middle of the label, in pixels from its point. */
  dx: number;
  dy: number;
}

/** A place for every label that overlaps no dot and no label before it; first and last come first. Pixels. */
export function placeLabels(dots: readonly (readonly [number, number])[], widths: readonly number[]): Place[] {
  const boxes = dots.map(([x, y]) => ({ left: x - RADIUS, right: x + RADIUS, top: y - RADIUS, bottom: y + RADIUS }));
  const places: Place[] = [];
  const order = dots.map((_, index) => index).sort((a, b) => rank(a) - rank(b));
  function rank(index: number): number {
    return index === dots.length - 1 ? 0.5 : index;
  }
  for (const index of order) {
    const [x, y] = dots[index]!;
    const aside = RADIUS + 4 + widths[index]! / 2;
    for (const [dx, dy] of [
      [0, -13],
      [0, 13],
      [aside, 0],
      [-aside, 0],
    ] as const) {
      const half = { across: widths[index]! / 2, up: FONT_SIZE / 2 };
      const box = {
        left: x + dx - half.across,
        right: x + dx + half.across,
        top: y + dy - half.up,
        bottom: y + dy + half.up,
      };
      const free = (other: typeof box) =>
        box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom;
      if (!boxes.every(free)) continue;
      boxes.push(box);
      places.push({ index, dx, dy });
      break;
    }
  }
  return places;
}

/** The chart as the text of one SVG element. Points under the frame are drawn on it, pointing down. */
export function scatterChart(chart: ScatterChart): string {
  const { theme, color, points, line, xDomain, yDomain, format } = chart;
  const drawn = points.map((point) => ({ ...point, below: point.y < yDomain[0], y: Math.max(point.y, yDomain[0]) }));
  const pixels = drawn.map(({ x, y }) => {
    const across = WIDTH - MARGIN.marginLeft - MARGIN.marginRight;
    const down = HEIGHT - MARGIN.marginTop - MARGIN.marginBottom;
    const share = (value: number, [low, high]: [number, number]) => (value - low) / (high - low);
    return [share(x, xDomain) * across, (1 - share(y, yDomain)) * down] as const;
  });
  const widths = drawn.map(({ label }) => label.length * CHARACTER_WIDTH);
  const dot = (group: typeof drawn, symbol: Plot.SymbolType, fill: string) =>
    Plot.dot(group, { x: 'x', y: 'y', symbol, r: RADIUS, fill, stroke: color, title: 'title' });
  const ends = line
    ? lineInside(
        line,
        points.map(({ x }) => x),
        yDomain,
      )
    : undefined;
  const [inside, below] = [drawn.filter((point) => !point.below), drawn.filter((point) => point.below)];
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: HEIGHT,
    ...MARGIN,
    x: { domain: xDomain, label: null, axis: null },
    y: { domain: yDomain, label: null, axis: null },
    marks: [
      Plot.gridY({ ticks: 5, stroke: theme.grid, strokeOpacity: 1 }),
      Plot.axisY({ ticks: 5, tickFormat: format, tickSize: 0, label: null, fill: theme.muted }),
      Plot.axisX({
        ticks: 5,
        tickFormat: format,
        tickSize: 4,
        label: chart.xLabel,
        labelAnchor: 'right',
        labelArrow: 'none',
        labelOffset: 36,
        fill: theme.muted,
        stroke: theme.muted,
      }),
      ...(ends ? [Plot.line(ends, { stroke: theme.muted, strokeWidth: 1.5, strokeDasharray: '6 4' })] : []),
      ...(inside.length > 0 ? [dot(inside, 'circle', color)] : []),
      ...(below.length > 0 ? [dot(below, 'triangle2', theme.paper)] : []),
      ...placeLabels(pixels, widths).map(({ index, dx, dy }) =>
        Plot.text([drawn[index]!], { x: 'x', y: 'y', text: 'label', dx, dy, fill: theme.muted }),
      ),
      ...(drawn.length > 0 ? [] : [Plot.text(['nothing to draw'], { frameAnchor: 'middle', fill: theme.muted })]),
    ],
  };
  return draw(options, chart.alt);
}
