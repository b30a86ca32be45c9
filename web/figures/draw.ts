/** @file One chart, drawn by Observable Plot. Appendix C. */
import * as Plot from '@observablehq/plot';
import type { Phase } from '../../src/results/phases.ts';
import type { Mark } from './figures.ts';
import { formatted, MEASURES, named } from './measures.ts';
import type { Point } from './select.ts';

/** In the order in which they are taken; `style.css` gives the values. */
const COLOURS = ['var(--blue)', 'var(--orange)', 'var(--teal)', 'var(--purple)', 'var(--muted)'];
/** What is shown in many figures has one colour in all. */
const COLOUR_OF: Readonly<Record<string, number>> = {
  ...{ trained: 0, generated: 0, probe: 0, original: 0 },
  ...{ untrained: 1, reference: 1, random: 1 },
  ...{ record: 2, 'flip probe': 2, majority: 2, control: 3, gained: 2 },
};
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;

export interface Drawing {
  readonly points: readonly Point[];
  readonly mark: Mark;
  /** Of bars, as the figure lists them. */
  readonly order: readonly unknown[];
  /** All values of colour in the figure, so that its panels agree. */
  readonly colours: readonly string[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly width: number;
  readonly phases: readonly Phase[];
  /** Read to those who do not see it. */
  readonly label: string;
}

const tip = (point: Point): string => {
  const interval =
    point.low === null ? '' : ` [${formatted(point.low, point.measure)}, ${formatted(point.high, point.measure)}]`;
  const about = [point.colour && named(point.colour), point.run].filter(Boolean).join(', ');
  const seeds = point.seeds.map(({ seed, value }) => `\nseed ${seed}: ${formatted(value, point.measure)}`).join('');
  return `${about}\n${named(point.x)}: ${formatted(point.value, point.measure)}${interval}${seeds}`;
};

/** The drawing with one text alternative in the place of those of its parts. */
export function draw(drawing: Drawing): SVGElement | HTMLElement {
  const chart = plot(drawing);
  chart.setAttribute('role', 'img');
  for (const part of chart.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  return chart;
}

function plot({
  points,
  mark,
  order,
  colours,
  xLabel,
  yLabel,
  width,
  phases,
  label,
}: Drawing): SVGElement | HTMLElement {
  const measure = points[0]?.measure ?? '';
  const share = MEASURES[measure]?.unit === 'share';
  const keyOf = ({ colour, run }: Point): string => (runs.length > 1 ? `${colour}|${run}` : colour);
  const runs = [...new Set(points.map(({ run }) => run))];
  const at = (point: Point): number => indexOf(point.colour, colours);
  const stroke = (point: Point): string => COLOURS[at(point) % COLOURS.length]!;
  const dash = (point: Point): string => (runs.indexOf(point.run) > 0 ? '4 3' : '');
  const sorted = [...points].sort((a, b) => (typeof a.x === 'number' && typeof b.x === 'number' ? a.x - b.x : 0));
  const ends = points.flatMap(({ value, low, high, seeds }) => [
    ...[value, low ?? value, high ?? value],
    ...(mark === 'bar' ? seeds.map((one) => one.value) : []),
  ]);
  const common = { width, ariaLabel: label, style: { background: 'transparent', color: 'inherit', fontSize: '12px' } };
  const digits = Math.max(...ends.map(Math.abs)) < 0.05 ? 1 : 0;
  const format = (value: number): string => (share ? `${(100 * value).toFixed(digits)} %` : formatted(value, measure));

  const placeOf = (name: string | number): number => order.indexOf(name);
  const nameOf = (name: string | number): string => {
    if (typeof name === 'number') return `${xLabel} ${name}`;
    return name === '' && xLabel === 'against' ? 'by itself' : named(name);
  };

  if (mark === 'heat') {
    return Plot.plot({
      ...common,
      height: 40 + 26 * new Set(points.map(({ y }) => y)).size,
      marginLeft: 44,
      x: { label: xLabel, type: 'band', tickFormat: (x: number) => (width < 500 && x % 900 !== 0 ? '' : String(x)) },
      y: { label: null, type: 'band', domain: [...new Set(points.map(({ y }) => y))].reverse() },
      color: {
        ...{ scheme: 'Viridis', domain: [0, Math.max(...ends, 0.01)], legend: true, width: Math.min(240, width) },
        ...{ label: yLabel, tickFormat: format, ticks: 4 },
      },
      marks: [
        Plot.cell(sorted, { x: 'x', y: 'y', fill: 'value', inset: 0.5 }),
        Plot.tip(sorted, Plot.pointer({ x: 'x', y: 'y', title: tip })),
      ],
    });
  }
  if (mark === 'bar') {
    const byRun = runs.length > 1 ? { fy: 'run' } : {};
    const names = [...new Set(sorted.map(({ x }) => x))].sort((a, b) => placeOf(a) - placeOf(b));
    return Plot.plot({
      ...common,
      height: 56 + 26 * names.length * runs.length,
      marginBottom: 38,
      marginLeft: Math.min(190, 16 + 6.6 * Math.max(...names.map((name) => nameOf(name).length))),
      x: {
        label: `${yLabel} →`,
        labelOffset: 36,
        grid: true,
        domain: [Math.min(0, ...ends), Math.max(...ends, share ? 0.02 : 1e-9)],
        tickFormat: format,
        ticks: 4,
      },
      y: { label: null, domain: names, tickFormat: nameOf },
      ...(runs.length > 1 && { fy: { label: null, domain: runs, axis: null } }),
      marks: [
        Plot.ruleX([0]),
        Plot.barX(sorted, {
          x1: 0,
          x2: 'value',
          y: 'x',
          fill: stroke,
          fillOpacity: 0.55,
          insetTop: 3,
          insetBottom: 3,
          ...byRun,
        }),
        Plot.ruleY(
          sorted.filter(({ low }) => low !== null),
          {
            x1: 'low',
            x2: 'high',
            y: 'x',
            stroke: 'currentColor',
            strokeWidth: 1.5,
            ...byRun,
          },
        ),
        Plot.dot(
          sorted.flatMap(({ seeds, x, run }) => seeds.map((one) => ({ x, run, ...one }))),
          { x: 'value', y: 'x', r: 2, fill: 'currentColor', fillOpacity: 0.5, ...byRun },
        ),
        Plot.tip(sorted, Plot.pointerY({ x: 'value', y: 'x', title: tip, ...byRun })),
      ],
    });
  }
  return Plot.plot({
    ...common,
    height: 240,
    marginBottom: 38,
    marginLeft: 48,
    marginRight: 16,
    x: {
      label: `${xLabel} →`,
      labelOffset: 36,
      ticks: width < 420 ? 4 : 6,
      tickFormat: (x: number) => x.toLocaleString('en-US'),
    },
    y: {
      label: `↑ ${yLabel}`,
      grid: true,
      tickFormat: format,
      domain: [Math.min(0, ...ends), Math.max(...ends, share ? 0.02 : 0)],
      ticks: 5,
      nice: true,
    },
    marks: [
      Plot.rectX(phases, { x1: 'from', x2: 'to', fill: ({ name }: Phase) => `var(--${name})`, title: 'name' }),
      Plot.text(phases, {
        x: 'from',
        frameAnchor: 'top-left',
        dx: 4,
        dy: 4,
        text: ({ name, from, to }: Phase) => (to - from > 0.12 * Math.max(...phases.map((one) => one.to)) ? name : ''),
        fill: 'var(--muted)',
      }),
      Plot.areaY(
        sorted.filter(({ low }) => low !== null),
        { x: 'x', y1: 'low', y2: 'high', z: keyOf, fill: stroke, fillOpacity: 0.15 },
      ),
      ...runs.flatMap((run) => [
        Plot.line(
          sorted.filter((point) => point.run === run),
          {
            x: 'x',
            y: 'value',
            z: keyOf,
            stroke,
            strokeWidth: 2,
            strokeDasharray: sorted[0] ? dash({ ...sorted[0], run }) : '',
          },
        ),
      ]),
      Plot.dot(sorted, {
        x: 'x',
        y: 'value',
        stroke,
        fill: 'var(--paper)',
        r: 3,
        symbol: (point: Point) => SYMBOLS[at(point) % SYMBOLS.length],
      }),
      Plot.tip(sorted, Plot.pointerX({ x: 'x', y: 'value', title: tip })),
    ],
  });
}

const indexOf = (name: string, all: readonly string[]): number => COLOUR_OF[name] ?? Math.max(0, all.indexOf(name));

export function swatchOf(name: string, all: readonly string[]): { colour: string; symbol: string } {
  const index = indexOf(name, all);
  return { colour: COLOURS[index % COLOURS.length]!, symbol: ['●', '■', '▲', '◆', '✚'][index % 5]! };
}
