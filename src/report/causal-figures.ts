/** @file Figures of edits and patches: success by size, by place, by layer. Chapter 11. */

import { type CausalResults, EDIT_KINDS } from '../results/results.ts';
import { type KeyEntry, panelFigure } from './figure.ts';
import { capitalised, decimal, hasWidth, percent } from './format.ts';
import { heatMap } from './heat-map.ts';
import type { Html } from './html.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';
import { lineChart, type Point, type Series } from './line-chart.ts';
import { ascending } from './select.ts';
import { analysed } from './source.ts';
import { PAGE_THEME } from './theme.ts';

export type Edits = NonNullable<CausalResults['edits']>;
export type Patching = NonNullable<CausalResults['patching']>;
type Measure = Patching['ceiling'];
export type EditKind = Edits['sweep'][number]['kind'];

export const EDIT_STYLES: Readonly<
  Record<
    EditKind,
    { label: string; long: string; color: string; dash: string; symbol: 'circle' | 'square' | 'diamond' }
  >
> = {
  probe: { label: 'probe', long: 'along the probe’s direction', color: PAGE_THEME.teal, dash: '', symbol: 'circle' },
  flip: {
    label: 'flip probe',
    long: 'along the flip probe’s direction',
    color: PAGE_THEME.orange,
    dash: '7 3',
    symbol: 'square',
  },
  random: {
    label: 'random',
    long: 'along a random direction',
    color: PAGE_THEME.purple,
    dash: '2 3',
    symbol: 'diamond',
  },
};

export const editKey = (lines: boolean): KeyEntry[] =>
  EDIT_KINDS.map((kind) => {
    const { long, color, dash, symbol } = EDIT_STYLES[kind];
    return { label: long, color, symbol, ...(lines ? { dash } : {}) };
  });

/** In a sentence. */
export const editPlaceName = (layer: number): string => (layer === 0 ? 'the embedding' : editLayerName(layer));

export const editLayerName = (layer: number): string => (layer === 0 ? 'embedding' : `layer ${decimal(layer)}`);

const bandOf = ({ interval }: Measure): Pick<Point, 'band'> =>
  hasWidth(interval) ? { band: [interval.low, interval.high] } : {};

/** Small multiples by the first edited layer: success against size. */
export function sweepFigure({ sweep, test }: Edits): Html {
  const layers = ascending(sweep.map(({ layer }) => layer));
  const sizes = ascending(sweep.map(({ size }) => size));
  const top = Math.max(0.05, ...sweep.map(({ success }) => success.interval?.high ?? success.estimate)) * 1.08;
  const panels = layers.map((layer) => {
    const series = EDIT_KINDS.map((kind): Series => {
      const { label, color, dash, symbol } = EDIT_STYLES[kind];
      const points = sizes.flatMap((size, index): Point[] => {
        const found = sweep.find((row) => row.kind === kind && row.layer === layer && row.size === size);
        if (!found) return [];
        const { estimate } = found.success;
        return [{ x: index, y: estimate, title: `size ${size}: ${percent(estimate)}`, ...bandOf(found.success) }];
      });
      return { label, color, symbol, points, ...(dash ? { dash } : {}) };
    });
    const readings = series.map(({ label, points }) => `${label} ${percent(points.at(-1)?.y)}`).join(', ');
    return {
      title: capitalised(layer === 0 ? 'from the embedding on' : `from layer ${layer} on`),
      svg: lineChart({
        theme: PAGE_THEME,
        series,
        xDomain: [-0.2, sizes.length - 0.8],
        xTicks: sizes.map((_, index) => index),
        xFormat: (index) => String(sizes[index] ?? ''),
        xLabel: 'size of the edit →',
        yDomain: [0, top],
        yFormat: (value) => percent(value, top < 0.1 ? 1 : 0),
        zeroLine: 0,
        marginRight: 84,
        height: 230,
        alt: `Line chart: share of ${decimal(test.counted)} cases in which the edited model writes what the turned robots need, by size of the edit, from ${editLayerName(layer)} on. At the largest size: ${readings}.`,
      }),
    };
  });
  return panelFigure({
    title: 'Success against size',
    unit: `share of ${decimal(test.counted)} test cases in which the program goes on as the turned robots need`,
    key: editKey(true),
    source: analysed('causal.edits.sweep[].success'),
    how: 'How to read this: if the model used what the probe finds, the solid line would lie well above the two dashed ones. Size 1 is as long as a hidden state of that layer is usually far from their mean; sizes double from one tick to the next. The pale bands are 95 % intervals, from resampled specifications.',
    panels,
  });
}

/** What the probes read after their own edits, by layer and size. */
export function readingFigure(readings: Edits['readings']): Html | undefined {
  if (readings.length === 0) return undefined;
  const layers = ascending(readings.map(({ layer }) => layer));
  const sizes = ascending(readings.map(({ size }) => size));
  const at = (layer: number, size: number) => readings.find((row) => row.layer === layer && row.size === size);
  const rows = layers.map((layer) => ({
    label: editLayerName(layer),
    cells: [
      { value: at(layer, sizes[0]!)?.before.estimate ?? null },
      ...sizes.map((size) => ({ value: at(layer, size)?.after.estimate ?? null })),
    ],
  }));
  const words = rows.map(
    ({ label, cells }) => `${label} from ${percent(cells[0]?.value)} to ${percent(cells.at(-1)?.value)}`,
  );
  return panelFigure({
    title: 'Does the edit convince its own probe?',
    unit: 'share of robots, in percent, for which the layer’s probe reads the facing of the turned robot',
    key: [],
    wide: true,
    source: analysed('causal.edits.readings[]'),
    how: 'How to read this: the first column is without an edit, the others are edits of growing size at that layer. Where a number is high and success low, the edit says to the probe that the robot is turned, and the model does not act on it.',
    panels: [
      {
        title: 'By layer and size',
        svg: heatMap({
          theme: PAGE_THEME,
          color: PAGE_THEME.teal,
          rows,
          columns: ['none', ...sizes.map(String)],
          most: 1,
          format: (value) => decimal(value * 100),
          xLabel: 'size of the edit →',
          alt: `Heat map: share of robots that the probe reads as turned, by layer, without an edit and with the largest: ${words.join('; ')}.`,
        }),
      },
    ],
  });
}

/** What the chosen places do on test: success, no change, the unturned solution. */
export function chosenFigure({ chosen, test }: Edits): Html {
  const groups = [
    ['success', 'goes on as the turned robots need'],
    ['unchanged', 'writes the same as without an edit'],
    ['solvesUnturned', 'still solves it for robots not turned'],
  ] as const;
  const rows = groups.flatMap(([name, group]) =>
    chosen.map((row): IntervalRow => {
      const { label, color, symbol } = EDIT_STYLES[row.kind];
      return { group, label, color, symbol, value: row[name].estimate, interval: row[name].interval };
    }),
  );
  return panelFigure({
    title: 'What the chosen edits do',
    unit: `share of ${decimal(test.counted)} test cases`,
    key: editKey(false),
    source: analysed('causal.edits.chosen[]'),
    how: 'How to read this: each kind of edit at the layer and size that did best on validation specifications. A program that is in none of the three groups is broken in some other way.',
    panels: [
      {
        title: 'On test specifications',
        svg: intervalChart({
          theme: PAGE_THEME,
          rows,
          xFormat: (value) => percent(value, 0),
          valueFormat: (value) => percent(value),
          alt: `Dots with intervals, by kind of edit. ${rows.map(({ group, label, value }) => `${group}, ${label}: ${percent(value)}`).join('; ')}.`,
        }),
      },
    ],
  });
}

/** Which specification the patched program solves, by layer. */
export function patchingFigure({ layers, ceiling, test }: Patching): Html {
  const line = (name: 'success' | 'solvesUnturned'): Point[] =>
    layers.map((row) => ({
      x: row.layer,
      y: row[name].estimate,
      title: `${editLayerName(row.layer)}: ${percent(row[name].estimate)}`,
      ...bandOf(row[name]),
    }));
  const ends = [layers[0]!.layer, layers.at(-1)!.layer] as const;
  const most = ends.map((x): Point => ({ x, y: ceiling.estimate }));
  const readings = layers.map(
    ({ layer, success, solvesUnturned }) =>
      `${editLayerName(layer)} ${percent(success.estimate)} and ${percent(solvesUnturned.estimate)}`,
  );
  return panelFigure({
    title: 'Activation patching',
    unit: `share of ${decimal(test.counted)} test cases, by the one layer whose hidden states are replaced`,
    key: [
      { label: 'solves B, whose states were put in', color: PAGE_THEME.teal, dash: '', symbol: 'circle' },
      { label: 'solves A, which was read', color: PAGE_THEME.orange, dash: '7 3', symbol: 'square' },
      { label: 'B without a patch', color: PAGE_THEME.muted, dash: '1 4' },
    ],
    source: analysed('causal.patching.layers[]', 'causal.patching.ceiling'),
    how: 'How to read this: where the solid line rises, the hidden states after the prompt hold what decides which way the robots face; the dotted line is how many of B the model solves by itself. The last layer decides alone what is written, so that the solid line must end there.',
    panels: [
      {
        title: 'Which specification is solved',
        svg: lineChart({
          theme: PAGE_THEME,
          series: [
            { label: 'B', color: PAGE_THEME.teal, points: line('success') },
            { label: 'A', color: PAGE_THEME.orange, dash: '7 3', symbol: 'square', points: line('solvesUnturned') },
            { label: 'B itself', color: PAGE_THEME.muted, dash: '1 4', symbol: 'none', points: most },
          ],
          xDomain: [ends[0] - 0.2, ends[1] + 0.2],
          xTicks: layers.map(({ layer }) => layer),
          xFormat: (layer) => String(layer),
          xLabel: 'layer, 0 is the embedding →',
          yDomain: [0, 1],
          yFormat: (value) => percent(value, 0),
          alt: `Line chart of activation patching: share that solves B, and A, by layer: ${readings.join('; ')}. Ceiling ${percent(ceiling.estimate)}.`,
        }),
      },
    ],
  });
}
