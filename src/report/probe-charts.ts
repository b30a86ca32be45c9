/** @file What can be read from the hidden states: by depth, by offset, by semantics. Chapter 11. */

import { findPhases } from '../results/phases.ts';
import type { ContentMeasure as Measure } from '../results/regressions.ts';
import type { FeatureName, Results } from '../results/results.ts';
import { type DumbbellRow, dumbbellChart } from './dumbbell-chart.ts';
import { decimal, isFiniteNumber, percent } from './format.ts';
import { lineChart, type Point, type Series } from './line-chart.ts';
import {
  ascending,
  type Depth,
  depthsOf,
  lastProbeStep,
  mainDepth,
  offsetsOf,
  type ProbeKey,
  type ProbeNumbers,
  probeNumbers,
  SHORT_DEPTH_NAMES,
  semanticsOf,
} from './select.ts';
import { PAGE_THEME, type Theme } from './theme.ts';
import { stepsLabel } from './unfinished.ts';

const SYMBOLS = { 0: 'square', 1: 'circle', 2: 'diamond' } as const;

function depthColor(depth: Depth, theme: Theme): string {
  return { 0: theme.orange, 1: theme.blue, 2: theme.purple }[depth];
}

function semanticsStyle(semantics: string, theme: Theme): Pick<Series, 'color' | 'symbol'> & { dash?: string } {
  if (semantics === 'original') return { color: theme.teal, symbol: 'circle' };
  if (semantics === 'flip') return { color: theme.orange, symbol: 'square', dash: '7 3' };
  if (semantics === 'adversarial') return { color: theme.purple, symbol: 'diamond', dash: '2 3' };
  return { color: theme.muted, symbol: 'triangle', dash: '9 3 2 3' };
}

/** The share that a measure draws: of the label's entropy, or of the test pairs. */
/** What these charts draw. */
type ContentMeasure = Exclude<Measure, 'gain'>;

/** Accuracy as the paper has it, of the state after the action being written; information of the one before, which all sources have read of. */
const offsetFor = (measure: ContentMeasure): number => (measure === 'accuracy' ? 0 : -1);

export function shareOf(numbers: ProbeNumbers | undefined, measure: ContentMeasure, untrained = false): number | null {
  if (numbers === undefined) return null;
  if (measure === 'accuracy') return untrained ? numbers.untrained : numbers.accuracy;
  return untrained ? numbers.untrainedInformationShare : numbers.informationShare;
}

/** One axis for the panels of a row: 0..1 for accuracy; for information down to the lowest share, but not below -0.3. */
export function measureDomain(results: Results, measure: ContentMeasure): [number, number] {
  if (measure === 'accuracy') return [0, 1];
  const shares = results.probes
    .filter((probe) => probe.n > 0)
    .flatMap((probe) => [probe.informationShare, probe.untrainedInformationShare])
    .filter(isFiniteNumber);
  const low = Math.min(0, ...shares);
  const high = Math.max(0.2, ...shares) * 1.08;
  return [low < 0 ? Math.max(low * 1.1, -0.3) : 0, Math.min(high, 1)];
}

/** The tenths between which the accuracies of `contentChart` lie, with their majorities and untrained twins. */
export function accuracyDomain(results: Results): [number, number] {
  const values = results.probes
    .filter((probe) => probe.semantics === 'original' && probe.offset === 0 && probe.n > 0)
    .flatMap((probe) => [probe.accuracy, probe.majority, probe.untrained])
    .filter(isFiniteNumber);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [Math.max(0, Math.floor(low * 10 - 0.2) / 10), Math.min(1, Math.ceil(high * 10 + 0.2) / 10)];
}

function probePoints(
  results: Results,
  key: Omit<ProbeKey, 'step'>,
  value: (numbers: ProbeNumbers | undefined) => number | null,
): Point[] {
  const steps = ascending(results.probes.map((probe) => probe.step));
  return steps.map((step) => {
    const numbers = probeNumbers(results, { ...key, step });
    const share = value(numbers);
    return {
      x: step,
      y: share,
      title: `step ${decimal(step)}: ${percent(share)} (n = ${decimal(numbers?.n)})`,
      tooFew: numbers?.tooFew ?? false,
    };
  });
}

const MEASURE_WORDS = { informationShare: 'usable information, as a share of label entropy', accuracy: 'accuracy' };

/** One feature, original semantics, over training: every depth, its untrained twin, and majority for accuracy. */
export function contentChart(results: Results, feature: FeatureName, measure: ContentMeasure): string {
  const theme = PAGE_THEME;
  const series: Series[] = [];
  const readings: string[] = [];
  const step = lastProbeStep(results) ?? 0;
  const depths = depthsOf(results);
  for (const hiddenLayers of depths) {
    const key = { feature, semantics: 'original', offset: offsetFor(measure), hiddenLayers };
    const common = { color: depthColor(hiddenLayers, theme), symbol: SYMBOLS[hiddenLayers] };
    const label = SHORT_DEPTH_NAMES[hiddenLayers];
    series.push({ ...common, label, points: probePoints(results, key, (numbers) => shareOf(numbers, measure)) });
    // The two-hidden twin is a point in the table: a third dotted line would hide the others.
    if (hiddenLayers < 2 || depths.length === 1) {
      const points = probePoints(results, key, (numbers) => shareOf(numbers, measure, true));
      series.push({ ...common, label: 'untrained', hollow: true, dash: '1 4', points });
    }
    const numbers = probeNumbers(results, { ...key, step });
    readings.push(
      `${label} ${percent(shareOf(numbers, measure))}, untrained ${percent(shareOf(numbers, measure, true))}`,
    );
  }
  if (measure === 'accuracy' && depths.length > 0) {
    const key = { feature, semantics: 'original', offset: 0, hiddenLayers: mainDepth(results) };
    const points = probePoints(results, key, (numbers) => numbers?.majority ?? null);
    series.push({ label: 'majority', color: theme.muted, dash: '7 4', symbol: 'none', points });
    readings.push(`majority ${percent(probeNumbers(results, { ...key, step })?.majority)}`);
  }
  const yDomain = measure === 'informationShare' ? measureDomain(results, measure) : accuracyDomain(results);
  return lineChart({
    theme,
    series,
    phases: findPhases(results),
    xDomain: trainingDomain(results),
    xLabel: stepsLabel(results),
    yDomain,
    yFormat: (value) => percent(value, 0),
    zeroLine: Math.max(0, yDomain[0]),
    marginRight: 78,
    height: 290,
    alt: `Line chart of ${feature}, ${MEASURE_WORDS[measure]}, over training. At the last probed step: ${readings.join('; ')}.`,
  });
}

/** One feature at the last checkpoint, by offset. */
export function offsetChart(results: Results, feature: FeatureName): string {
  const theme = PAGE_THEME;
  const step = lastProbeStep(results) ?? 0;
  const offsets = offsetsOf(results, step);
  const series: Series[] = [];
  const pointsOf = (hiddenLayers: Depth, value: (numbers: ProbeNumbers | undefined) => number | null): Point[] =>
    offsets.map((offset) => {
      const numbers = probeNumbers(results, { step, feature, semantics: 'original', offset, hiddenLayers });
      const share = value(numbers);
      const title = `offset ${decimal(offset)}: ${percent(share)} (n = ${decimal(numbers?.n)})`;
      return { x: offset, y: share, title, tooFew: numbers?.tooFew ?? false };
    });
  for (const hiddenLayers of depthsOf(results, step)) {
    const common = { color: depthColor(hiddenLayers, theme), symbol: SYMBOLS[hiddenLayers] };
    const trained = pointsOf(hiddenLayers, (numbers) => shareOf(numbers, 'informationShare'));
    series.push({ ...common, label: SHORT_DEPTH_NAMES[hiddenLayers], points: trained });
    if (hiddenLayers === mainDepth(results)) {
      const twin = pointsOf(hiddenLayers, (numbers) => shareOf(numbers, 'informationShare', true));
      series.push({ ...common, label: 'untrained', hollow: true, dash: '1 4', points: twin });
    }
  }
  const main = series.find((one) => one.label === SHORT_DEPTH_NAMES[mainDepth(results)])?.points ?? [];
  const readings = main.map((point) => `${decimal(point.x)}: ${percent(point.y)}`).join(', ');
  const [first, last] = [Math.min(0, ...offsets), Math.max(0, ...offsets)];
  return lineChart({
    theme,
    series,
    xDomain: [first - 0.3, last + 0.3],
    xTicks: offsets,
    xLabel: 'offset, in actions →',
    yDomain: measureDomain(results, 'informationShare'),
    yFormat: (value) => percent(value, 0),
    zeroLine: 0,
    marginRight: 78,
    alt: `Line chart of ${feature}, ${MEASURE_WORDS.informationShare}, by offset; probe (${SHORT_DEPTH_NAMES[mainDepth(results)]}): ${readings}.`,
  });
}

/** A name of a semantics that fits beside a chart; those given as a list of changes are long. */
function shorten(semantics: string): string {
  return semantics.length <= 12 ? semantics : `${semantics.slice(0, 11)}…`;
}

/** One feature over training under each semantics, one depth. */
export function semanticsChart(results: Results, feature: FeatureName): string {
  const theme = PAGE_THEME;
  const hiddenLayers = mainDepth(results);
  const series = semanticsOf(results).map((semantics) => ({
    label: shorten(semantics),
    ...semanticsStyle(semantics, theme),
    points: probePoints(results, { feature, semantics, offset: -1, hiddenLayers }, (numbers) =>
      shareOf(numbers, 'informationShare'),
    ),
  }));
  const readings = series.map((one) => `${one.label} ${percent(one.points.at(-1)?.y)}`).join(', ');
  return lineChart({
    theme,
    series,
    phases: findPhases(results),
    xDomain: trainingDomain(results),
    xLabel: stepsLabel(results),
    yDomain: measureDomain(results, 'informationShare'),
    yFormat: (value) => percent(value, 0),
    zeroLine: 0,
    marginRight: 92,
    alt: `Line chart of ${feature}, ${MEASURE_WORDS.informationShare}, over training under each semantics. At the last probed step: ${readings}.`,
  });
}

/** One feature at the last checkpoint: semantics by depth, each number beside what it must be compared with. */
export function semanticsDumbbell(results: Results, feature: FeatureName, measure: ContentMeasure): string {
  const theme = PAGE_THEME;
  const step = lastProbeStep(results) ?? 0;
  const rows: DumbbellRow[] = [];
  for (const semantics of semanticsOf(results)) {
    for (const hiddenLayers of depthsOf(results, step).filter((depth) => depth < 2)) {
      const numbers = probeNumbers(results, { step, feature, semantics, offset: offsetFor(measure), hiddenLayers });
      rows.push({
        group: shorten(semantics),
        label: SHORT_DEPTH_NAMES[hiddenLayers],
        value: shareOf(numbers, measure),
        untrained: shareOf(numbers, measure, true),
        base: measure === 'accuracy' ? (numbers?.majority ?? null) : 0,
        color: depthColor(hiddenLayers, theme),
        symbol: SYMBOLS[hiddenLayers],
        tooFew: numbers?.tooFew ?? false,
        missing: numbers ? 'the label does not vary' : 'no test pairs',
      });
    }
  }
  const readings = rows.map((row) => `${row.group}, ${row.label}: ${percent(row.value)}`).join('; ');
  const [low, high] = measureDomain(results, measure);
  // Room for the number to the right of the last point.
  return dumbbellChart({
    theme,
    rows,
    xDomain: [low, high + (high - low) * 0.2],
    xFormat: (value) => (value > 1 ? '' : percent(value, 0)),
    valueFormat: (value) => percent(value),
    alt: `Dot chart of ${feature}, ${MEASURE_WORDS[measure]}, at step ${decimal(step)}. ${readings}.`,
  });
}

function trainingDomain(results: Results): [number, number] {
  const steps = [...results.checkpoints, ...results.probes].map(({ step }) => step);
  return [Math.min(0, ...steps), Math.max(1, ...steps)];
}
