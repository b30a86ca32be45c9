/** @file A heat map that is a table: every cell has its number, so that its colour only helps. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { CHARACTER_WIDTH, draw } from './draw.ts';
import { isFiniteNumber } from './format.ts';
import type { Theme } from './theme.ts';

export interface HeatCell {
  /** null is drawn as a dash. */
  value: number | null;
  /** Rests on too few pairs: its frame is dotted. */
  tooFew?: boolean;
}

export interface HeatMap {
  alt: string;
  theme: Theme;
  color: string;
  /** From the bottom up. */
  rows: readonly { label: string; cells: readonly HeatCell[] }[];
  /** From left to right, as written below; empty for a column that is not named. */
  columns: readonly string[];
  /** What stands at full colour; 0 and less has none. */
  most: number;
  format: (value: number) => string;
  xLabel: string;
}

const CELL_HEIGHT = 24;
const CELL_WIDTH = 36;
const MARGIN_RIGHT = 16;
/** Of the whole, so that few columns are not drawn larger than those of other figures. */
const LEAST_WIDTH = 460;

/** The chart as the text of one SVG element; its size follows from rows and columns. */
export function heatMap({ alt, theme, color, rows, columns, most, format, xLabel }: HeatMap): string {
  const marginLeft = Math.max(0, ...rows.map(({ label }) => label.length)) * CHARACTER_WIDTH + 24;
  const innerWidth = Math.max(columns.length * CELL_WIDTH, LEAST_WIDTH - marginLeft - MARGIN_RIGHT);
  const innerHeight = rows.length * CELL_HEIGHT;
  const cells = rows.flatMap(({ cells: of }, row) =>
    of.map((cell, column) => ({ ...cell, x: column, y: rows.length - 1 - row })),
  );
  const strength = (value: number | null) => (isFiniteNumber(value) ? Math.min(Math.max(value / most, 0), 1) : 0);
  const box = { x1: 'x', x2: (cell: { x: number }) => cell.x + 1, y1: 'y', y2: (cell: { y: number }) => cell.y + 1 };
  const few = cells.filter(({ tooFew }) => tooFew);
  return draw(
    {
      width: marginLeft + innerWidth + MARGIN_RIGHT,
      height: innerHeight + 48,
      marginTop: 4,
      marginBottom: 44,
      marginLeft,
      marginRight: MARGIN_RIGHT,
      x: { domain: [0, Math.max(columns.length, 1)], axis: null },
      y: { domain: [0, rows.length], range: [4, innerHeight + 4], axis: null, type: 'linear' },
      marks: [
        Plot.rect(cells, {
          ...box,
          fill: color,
          fillOpacity: (cell: HeatCell) => 0.62 * strength(cell.value),
          stroke: theme.paper,
          strokeWidth: 1.5,
        }),
        Plot.rect(few, { ...box, fill: 'none', inset: 3, stroke: theme.muted, strokeDasharray: '1 3' }),
        Plot.text(cells, {
          x: (cell: { x: number }) => cell.x + 0.5,
          y: (cell: { y: number }) => cell.y + 0.5,
          text: (cell: HeatCell) => (isFiniteNumber(cell.value) ? format(cell.value) : '–'),
          fill: theme.ink,
          fontSize: 12.5,
        }),
        Plot.text(rows, {
          y: (_, index: number) => rows.length - index - 0.5,
          text: 'label',
          frameAnchor: 'left',
          textAnchor: 'end',
          dx: -8,
          fill: theme.muted,
        }),
        Plot.text(columns, {
          x: (_, index: number) => index + 0.5,
          text: (label: string) => label,
          frameAnchor: 'bottom',
          dy: 15,
          fill: theme.muted,
        }),
        Plot.text([xLabel], { frameAnchor: 'bottom-right', dy: 34, text: [xLabel], fill: theme.muted }),
      ],
    },
    alt,
  );
}
