/** @file Many values on one line each, as a swarm of dots, a few of them marked by name. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { draw } from './draw.ts';
import type { Theme } from './theme.ts';

export interface StripDot {
  value: number;
  /** Shown when the pointer rests on the dot. */
  title: string;
  /** A dot that is not one of many: its colour and symbol. */
  mark?: { color: string; symbol: 'circle' | 'square' | 'diamond' };
  /** One of a smaller group: drawn filled. */
  filled?: boolean;
}

export interface StripChart {
  alt: string;
  theme: Theme;
  strips: readonly { label: string; dots: readonly StripDot[] }[];
  xDomain: [number, number];
  xFormat: (value: number) => string;
}

const WIDTH = 460;
const STRIP = 74;
const GAP = 6.2;
const MARGIN_LEFT = 78;
const MARGIN_RIGHT = 26;

/** Heights beside 0 at which no two of the `places` (ascending) are nearer than `gap` to each other, each as near to 0 as it goes. */
export function swarm(places: readonly number[], gap: number): number[] {
  const heights: number[] = [];
  places.forEach((place, index) => {
    const near = heights.flatMap((height, other) =>
      place - places[other]! < gap ? [{ height, dx: place - places[other]! }] : [],
    );
    const free = (height: number) => near.every((one) => Math.hypot(one.dx, height - one.height) >= gap - 1e-9);
    let step = 0;
    let height = 0;
    while (!free(height)) {
      step++;
      height = (step % 2 === 1 ? 1 : -1) * Math.ceil(step / 2) * (gap / 2);
    }
    heights[index] = height;
  });
  return heights;
}

/** The chart as the text of one SVG element. Values outside the frame are arrows at its edge, with their number beside. */
export function stripChart({ alt, theme, strips, xDomain, xFormat }: StripChart): string {
  const [low, high] = xDomain;
  const innerWidth = WIDTH - MARGIN_LEFT - MARGIN_RIGHT;
  const pixel = (value: number) => ((value - low) / (high - low)) * innerWidth;
  const height = strips.length * STRIP;
  const marks: Plot.Markish[] = [
    Plot.gridX({ ticks: 5, stroke: theme.grid, strokeOpacity: 1 }),
    Plot.axisX({ ticks: 5, tickFormat: xFormat, tickSize: 0, label: null, fill: theme.muted }),
    ...(low < 0 ? [Plot.ruleX([0], { stroke: theme.muted })] : []),
    Plot.text(strips, {
      y: (_, index: number) => (index + 0.5) * STRIP,
      text: 'label',
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -12,
      fill: theme.ink,
    }),
  ];
  strips.forEach(({ dots }, strip) => {
    const middle = (strip + 0.5) * STRIP;
    const inside = dots.filter(({ value }) => value >= low && value <= high).sort((a, b) => a.value - b.value);
    const heights = swarm(
      inside.map(({ value }) => pixel(value)),
      GAP,
    );
    const tallest = Math.max(...heights.map(Math.abs), 0);
    const squeeze = tallest > 0 ? Math.min(1, (STRIP / 2 - 10) / tallest) : 1; // where there is no room, dots overlap
    const placed = inside.map((dot, index) => ({ ...dot, y: middle + squeeze * heights[index]! }));
    for (const filled of [false, true]) {
      const plain = placed.filter((dot) => !dot.mark && !!dot.filled === filled);
      const look = filled ? { fill: theme.muted } : { fill: theme.paper, stroke: theme.muted };
      marks.push(Plot.dot(plain, { x: 'value', y: 'y', r: 2.6, ...look, title: 'title' }));
    }
    for (const dot of placed) {
      if (!dot.mark) continue;
      const symbol = (dot.mark.symbol === 'diamond' ? 'diamond2' : dot.mark.symbol) as Plot.SymbolType;
      const outline = { stroke: theme.paper, strokeWidth: 1 };
      marks.push(
        Plot.dot([dot], { x: 'value', y: 'y', symbol, r: 5.5, fill: dot.mark.color, ...outline, title: 'title' }),
      );
    }
    for (const [side, outside] of [
      ['‹', dots.filter(({ value }) => value < low)],
      ['›', dots.filter(({ value }) => value > high)],
    ] as const) {
      if (outside.length === 0) continue;
      const at = { x: [side === '‹' ? low : high], y: [middle], text: [`${side} ${outside.length}`] };
      marks.push(
        Plot.text([side], { ...at, dx: side === '‹' ? 10 : -10, dy: -24, fill: theme.muted, fontWeight: 600 }),
      );
    }
  });
  return draw(
    {
      width: WIDTH,
      height: height + 30,
      marginTop: 2,
      marginBottom: 28,
      marginLeft: MARGIN_LEFT,
      marginRight: MARGIN_RIGHT,
      x: { domain: xDomain, axis: null },
      y: { domain: [0, height], range: [2, height + 2], axis: null, type: 'linear' },
      marks,
    },
    alt,
  );
}
