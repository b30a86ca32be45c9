/** @file Pairs of bars, a hollow and a filled one, with whiskers where there is an interval. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { draw } from './draw.ts';
import type { Theme } from './theme.ts';

export interface Bar {
  value: number;
  /** The ends of its interval. */
  whisker?: readonly [low: number, high: number] | undefined;
}

export interface BarPair {
  label: string;
  hollow: Bar;
  filled: Bar;
}

/** Bars are shares, from 0. */
export interface BarChart {
  alt: string;
  theme: Theme;
  pairs: readonly BarPair[];
  /** Of the hollow bars, and of the filled ones. */
  colors: readonly [hollow: string, filled: string];
  format: (value: number) => string;
}

const WIDTH = 380;
const BAR = 13;
const PAIR = 2 * BAR + 14;
const MARGIN_LEFT = 92;
const CAP = 3;

/** Up to five round shares from 0, none of them beyond the largest bar. */
function ticksOf(most: number): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((size) => most / size < 5) ?? 0.25;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** The chart as the text of one SVG element; its height follows from the pairs. */
export function barChart({ alt, theme, pairs, colors, format }: BarChart): string {
  const bars = pairs.flatMap(({ hollow, filled }, index) => [
    { ...hollow, hollow: true, y: index * PAIR + 6, color: colors[0] },
    { ...filled, hollow: false, y: index * PAIR + 6 + BAR + 1, color: colors[1] },
  ]);
  const most = Math.max(0, ...bars.map(({ value, whisker }) => whisker?.[1] ?? value)) || 1;
  const ticks = ticksOf(most);
  const innerHeight = pairs.length * PAIR;
  const marks: Plot.Markish[] = [
    Plot.axisX({ ticks, tickFormat: format, tickSize: 0, label: null, fill: theme.muted }),
    Plot.gridX({ ticks, stroke: theme.grid, strokeOpacity: 1 }),
    Plot.text(pairs, {
      y: (_, index: number) => index * PAIR + 6 + BAR + 0.5,
      text: 'label',
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -9,
      fill: theme.ink,
    }),
  ];
  for (const { value, whisker, hollow, y, color } of bars) {
    const middle = y + BAR / 2;
    const box = { x1: [0], x2: [value], y1: [y + 1], y2: [y + BAR - 1] };
    marks.push(
      Plot.rect(
        [value],
        hollow ? { ...box, fill: theme.paper, stroke: color, strokeWidth: 1.5 } : { ...box, fill: color },
      ),
    );
    if (whisker) {
      const [low, high] = whisker;
      const line = { stroke: theme.ink, strokeWidth: 1.25 };
      marks.push(Plot.ruleY([middle], { x1: [low], x2: [high], y: [middle], ...line }));
      marks.push(
        Plot.ruleX(whisker, {
          x: [low, high],
          y1: [middle - CAP, middle - CAP],
          y2: [middle + CAP, middle + CAP],
          ...line,
        }),
      );
    }
    const text = { text: [format(value)], textAnchor: 'start', dx: 7, fill: theme.ink } as const;
    const outline = { stroke: theme.paper, strokeWidth: 3 };
    marks.push(Plot.text([value], { x: [whisker?.[1] ?? value], y: [middle], ...text, ...outline }));
  }
  marks.push(Plot.ruleX([0], { stroke: theme.muted }));
  return draw(
    {
      width: WIDTH,
      height: innerHeight + 32,
      marginTop: 2,
      marginBottom: 26,
      marginLeft: MARGIN_LEFT,
      marginRight: 20,
      x: { domain: [0, most * 1.2], axis: null }, // room for the number to the right of the longest bar
      y: { domain: [0, innerHeight], range: [2, innerHeight + 2], axis: null, type: 'linear' },
      marks,
    },
    alt,
  );
}
