/** @file Which layer tells of the robot, and when in training: heat maps. Chapter 11. */

import type { FeatureName, LayerResult, Results } from '../results/results.ts';
import { panelFigure } from './figure.ts';
import { axisSteps, capitalised, decimal, isFiniteNumber, percent } from './format.ts';
import { type HeatCell, heatMap } from './heat-map.ts';
import { type Html, html } from './html.ts';
import { ascending, FEATURES, layerText } from './select.ts';
import { analysed, type Source } from './source.ts';
import { PAGE_THEME } from './theme.ts';
import { stepsLabel } from './unfinished.ts';

/** One cell of the map. */
export type LayerCell = Pick<LayerResult, 'step' | 'layer' | 'feature' | 'tooFew'> & { readonly share: number | null };

/** `embedding`, `1`, `2`, `mean of all`. */
export function layerName(layer: LayerResult['layer']): string {
  if (layer === 'mean') return 'mean of all';
  return layer === 0 ? 'embedding' : decimal(layer);
}

/** Layers from the embedding up, their mean last. */
function layersOf(cells: readonly LayerCell[]): LayerResult['layer'][] {
  const layers = [...new Set(cells.map(({ layer }) => layer))];
  const order = (layer: LayerResult['layer']) => (layer === 'mean' ? Number.POSITIVE_INFINITY : layer);
  return layers.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function panelOf(
  cells: readonly LayerCell[],
  feature: FeatureName,
  most: number,
  xLabel: string,
): { title: string; svg: string } {
  const of = cells.filter((cell) => cell.feature === feature);
  const steps = ascending(cells.map(({ step }) => step));
  const rows = layersOf(cells).map((layer) => ({
    label: layerName(layer),
    cells: steps.map((step): HeatCell => {
      const found = of.find((cell) => cell.step === step && cell.layer === layer);
      return { value: found?.share ?? null, ...(found?.tooFew ? { tooFew: true } : {}) };
    }),
  }));
  const every = steps.length > 7 ? 2 : 1;
  const readings = rows.map(({ label, cells: last }) => `${label} ${percent(last.at(-1)?.value)}`).join(', ');
  return {
    title: capitalised(feature),
    svg: heatMap({
      theme: PAGE_THEME,
      color: PAGE_THEME.teal,
      rows,
      columns: steps.map((step, index) => ((steps.length - 1 - index) % every === 0 ? axisSteps(step) : '')),
      most,
      format: (value) => (value < -0.99 ? '<−99' : decimal(value * 100)),
      xLabel,
      alt: `Heat map of usable information on ${feature}, by layer and checkpoint. At the last checkpoint: ${readings}.`,
    }),
  };
}

/** Heat maps of all features, with one scale; `shown` is the hidden state of the other figures, `xLabel` the name of the axis of steps. */
export function layerFigure(
  cells: readonly LayerCell[],
  shown: string,
  xLabel: string,
  title: string,
  source: Source,
  ofWhat = '',
): Html {
  const most = Math.max(0.1, ...cells.map(({ share }) => share).filter(isFiniteNumber));
  const features = FEATURES.filter((feature) => cells.some((cell) => cell.feature === feature));
  const few = cells.some(({ tooFew }) => tooFew) ? ' A dotted frame: fewer than 500 test pairs.' : '';
  return panelFigure({
    title,
    unit: `usable information in percent of label entropy, linear probes, original semantics, offset −1${ofWhat}`,
    key: [],
    wide: true,
    source,
    how: `How to read this: a column is a checkpoint, a row a layer, from the embedding up, with the mean of all on top. In the other figures a hidden state is ${shown}. The stronger the colour, the more a linear probe reads there; all three maps have one scale. A number below 0 is worse than knowing the frequencies.${few}`,
    panels: features.map((feature) => panelOf(cells, feature, most, xLabel)),
  });
}

/** Where each feature is read best at the last checkpoint. */
export function layerSentences(cells: readonly LayerCell[]): string[] {
  const last = Math.max(...cells.map(({ step }) => step));
  return FEATURES.flatMap((feature) => {
    const here = cells.filter((cell) => cell.step === last && cell.feature === feature && isFiniteNumber(cell.share));
    const layers = here.filter(({ layer }) => layer !== 'mean').sort((a, b) => b.share! - a.share!);
    const [best] = layers;
    if (!best) return [];
    const name = best.layer === 0 ? 'the embedding' : `layer ${layerName(best.layer)}`;
    const mean = here.find(({ layer }) => layer === 'mean');
    const beside = mean ? `; the mean of all layers ${percent(mean.share)}` : '';
    return [`${capitalised(feature)}: best in ${name}, ${percent(best.share)}${beside}.`];
  });
}

export function layerSection(results: Results): Html {
  const title = 'Which layer?';
  const cells = (results.layers ?? [])
    .filter(({ source }) => source === 'trained')
    .map(({ informationShare, ...cell }) => ({ ...cell, share: informationShare }));
  if (cells.length === 0) {
    return html`<section id="layers"><h2>${title}</h2><p>The layers of this run have not been probed one by one${results.layers === null ? ' yet' : ''}.</p></section>`;
  }
  const last = Math.max(...cells.map(({ step }) => step));
  return html`<section id="layers"><h2>${title}</h2>
<p>So far a hidden state was ${layerText(results)}. Here a linear probe reads each layer by itself. The embedding of a single token knows nothing of the text before it: what is read above it, the layers have put together.</p>
<p>At step ${decimal(last)}:</p>
<ul>${layerSentences(cells).map((line) => html`<li>${line}</li>`)}</ul>
${layerFigure(cells, layerText(results), stepsLabel(results), 'Layers over training', analysed('layers[].informationShare'))}</section>`;
}
