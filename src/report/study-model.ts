/** @file Inside the model, over seeds: layers, edits, patches. Chapter 11. */

import { editContrastOf } from '../results/find.ts';
import { overSeeds } from '../results/over-seeds.ts';
import { EDIT_KINDS, type Results } from '../results/results.ts';
import type { OverSeeds, StudyResults } from '../results/study-results.ts';
import { EDIT_STYLES, type EditKind, editKey, editLayerName } from './causal-figures.ts';
import { panelFigure } from './figure.ts';
import { decimal, isFiniteNumber, percent, points, pointsNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';
import { type LayerCell, layerFigure, layerSentences } from './layer-section.ts';
import { lineChart } from './line-chart.ts';
import { ascending, layerText } from './select.ts';
import { ofSeeds } from './source.ts';
import { seedSeries } from './study-curves.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';
import { stepsLabel } from './unfinished.ts';

/** Means over the seeds that have the cell. */
export function layersOverSeeds(runs: readonly Results[]): LayerCell[] {
  const cells = new Map<string, { cell: LayerCell; shares: (number | null)[] }>();
  for (const { layers } of runs) {
    for (const { step, source, layer, feature, tooFew, informationShare } of layers ?? []) {
      if (source === 'untrained') continue; // in results.json
      const key = `${step}/${layer}/${feature}`;
      const known = cells.get(key) ?? { cell: { step, layer, feature, tooFew, share: null }, shares: [] };
      cells.set(key, {
        cell: { ...known.cell, tooFew: known.cell.tooFew || tooFew },
        shares: [...known.shares, informationShare],
      });
    }
  }
  return [...cells.values()].map(({ cell, shares }) => ({ ...cell, share: overSeeds(shares).mean }));
}

export function studyLayersSection(runs: readonly Results[]): Html {
  const title = 'Which layer?';
  const cells = layersOverSeeds(runs);
  if (cells.length === 0) {
    return html`<section id="layers"><h2>${title}</h2><p>No run of this study has probes layer by layer.</p></section>`;
  }
  return html`<section id="layers"><h2>${title}</h2>
<p>Linear probes of each layer by itself; numbers are means over seeds. At the last checkpoint:</p>
<ul>${layerSentences(cells).map((line) => html`<li>${line}</li>`)}</ul>
${layerFigure(cells, layerText(runs[0]!), stepsLabel(runs[0]!), 'Layers over training, mean over seeds', ofSeeds('layers[].informationShare'), '; mean over seeds')}</section>`;
}

interface ChosenLine {
  seed: string;
  cases: number | undefined;
  chosen: Partial<Record<EditKind, string>>;
  used: number | undefined;
  usedFlip: number | undefined;
}

const CHOSEN_COLUMNS: Column<ChosenLine>[] = [
  { name: 'seed', cell: ({ seed }) => seed, kind: 'whole' },
  { name: 'cases', cell: ({ cases }) => decimal(cases), numeric: true },
  ...EDIT_KINDS.map(
    (kind): Column<ChosenLine> => ({
      name: `${EDIT_STYLES[kind].label}: where, success`,
      cell: ({ chosen }) => chosen[kind] ?? '–',
      kind: 'whole',
    }),
  ),
  { name: 'probe − random, points', cell: ({ used }) => pointsNumber(used), numeric: true },
  { name: 'probe − flip, points', cell: ({ usedFlip }) => pointsNumber(usedFlip), numeric: true },
];

function chosenLine({ seed, causal }: Results): ChosenLine {
  const edits = causal?.edits;
  const chosen = (edits?.chosen ?? []).map(
    ({ kind, layer, size, success }) =>
      [kind, `${editLayerName(layer)}, size ${size}: ${percent(success.estimate)}`] as const,
  );
  return {
    seed,
    cases: edits?.test.counted,
    chosen: Object.fromEntries(chosen),
    used: editContrastOf(edits?.contrasts, 'random'),
    usedFlip: editContrastOf(edits?.contrasts, 'flip'),
  };
}

function editsFigure(runs: readonly Results[]): Html {
  const rows = EDIT_KINDS.map((kind): IntervalRow => {
    const { label, color, symbol } = EDIT_STYLES[kind];
    const of = overSeeds(
      runs.map(({ causal }) => causal?.edits?.chosen.find((one) => one.kind === kind)?.success.estimate),
    );
    return {
      group: 'goes on as the turned robots need',
      label,
      color,
      symbol,
      value: of.mean,
      interval: of.interval,
      seeds: of.values,
    };
  });
  return panelFigure({
    title: 'Success of the chosen edits',
    unit: 'share of test cases, at the layer and size chosen on validation',
    key: editKey(false),
    source: ofSeeds('causal.edits.chosen[].success'),
    how: 'How to read this: filled symbols are means over seeds, small circles are seeds, lines 95 % intervals over seeds. If the model used what the probe finds, its circles would lie right of those of random directions, seed by seed.',
    panels: [
      {
        title: 'By kind of edit',
        svg: intervalChart({
          theme: PAGE_THEME,
          rows,
          xFormat: (value) => percent(value, 0),
          valueFormat: (value) => percent(value),
          alt: `Dots over seeds: success of edits. ${rows.map(({ label, value }) => `${label}: ${percent(value)}`).join('; ')}.`,
        }),
      },
    ],
  });
}

function patchingFigure(runs: readonly Results[]): Html | undefined {
  const layers = ascending(runs.flatMap(({ causal }) => causal?.patching?.layers.map(({ layer }) => layer) ?? []));
  if (layers.length === 0) return undefined;
  const rows = (name: 'success' | 'solvesUnturned') =>
    layers.map((layer): { x: number; of: OverSeeds } => ({
      x: layer,
      of: overSeeds(
        runs.map(({ causal }) => causal?.patching?.layers.find((row) => row.layer === layer)?.[name].estimate),
      ),
    }));
  const ceiling = overSeeds(runs.map(({ causal }) => causal?.patching?.ceiling.estimate));
  const success = rows('success');
  return panelFigure({
    title: 'Activation patching',
    unit: 'share of test cases, by the one layer whose hidden states are replaced',
    key: [
      { label: 'solves B, whose states were put in', color: PAGE_THEME.teal, dash: '', symbol: 'circle' },
      { label: 'solves A, which was read', color: PAGE_THEME.orange, dash: '7 3', symbol: 'square' },
    ],
    source: ofSeeds('causal.patching.layers[]', 'causal.patching.ceiling'),
    how: `How to read this: B is A with all robots turned. Thin lines are seeds, lines with symbols their mean. Without a patch the models solve ${percent(ceiling.mean)} of B on average, and the last layer decides alone what is written.`,
    panels: [
      {
        title: 'Which specification is solved',
        svg: lineChart({
          theme: PAGE_THEME,
          series: [
            ...seedSeries('B', PAGE_THEME.teal, success),
            ...seedSeries('A', PAGE_THEME.orange, rows('solvesUnturned'), 'square', '7 3'),
          ],
          xDomain: [layers[0]! - 0.2, layers.at(-1)! + 0.2],
          xTicks: layers,
          xFormat: String,
          xLabel: 'layer, 0 is the embedding →',
          yDomain: [0, 1],
          yFormat: (value) => percent(value, 0),
          alt: `Line chart over seeds: share that solves B by patched layer: ${success.map(({ x, of }) => `${editLayerName(x)} ${percent(of.mean)}`).join(', ')}.`,
        }),
      },
    ],
  });
}

export function studyCausalSection(study: StudyResults, runs: readonly Results[]): Html {
  const title = 'Does the model use it?';
  const edited = runs.filter(({ causal }) => causal?.edits);
  const patches = patchingFigure(runs);
  if (edited.length === 0 && !patches) {
    return html`<section id="use"><h2>${title}</h2><p>No run of this study has edits of hidden states.</p></section>`;
  }
  const used = study.claims.find(({ id }) => id === 'used');
  const verdict = isFiniteNumber(used?.mean)
    ? html`<p>Success along the probe’s direction minus that along random ones: ${points(used.mean)}, mean over ${decimal(used.values.filter(isFiniteNumber).length)} of ${decimal(runs.length)} seeds: ${used.verdict}.</p>`
    : undefined;
  return html`<section id="use"><h2>${title}</h2>
<p>What can be read need not be used. So the hidden states are pushed, in the middle of a program, along the direction in which a linear probe sees that all robots face another way; success is when the model then writes what robots that do face that way would need. The page of each seed explains it with a drawing.</p>
${verdict}
${edited.length > 0 ? html`${editsFigure(runs)}${table('Chosen edits by seed', CHOSEN_COLUMNS, runs.map(chosenLine), ofSeeds('causal.edits.chosen[]', 'causal.edits.contrasts[]'))}` : undefined}
${patches}</section>`;
}
