/** @file The run in one picture: three curves over the same steps, phases behind them. Chapter 11. */

import { findPhases } from '../results/phases.ts';
import type { Results } from '../results/results.ts';
import { CHARACTER_WIDTH, FONT_SIZE } from './draw.ts';
import { decimal, isFiniteNumber, percent } from './format.ts';
import { escapeHtml } from './html.ts';
import { lineChart, type Point } from './line-chart.ts';
import { mainDepth, probeNumbers, SHORT_DEPTH_NAMES } from './select.ts';
import { LIGHT_THEME, type Theme } from './theme.ts';
import { ceilingOf, checkpointPoints } from './training-charts.ts';
import { stepsLabel, stepsText } from './unfinished.ts';

interface Row {
  title: string;
  /** For a narrow picture. */
  shortTitle?: string;
  color: string;
  dash?: string;
  symbol: 'circle' | 'square' | 'diamond';
  points: Point[];
  domain: [number, number];
  format: (value: number) => string;
}

function rowsOf(results: Results, theme: Theme): Row[] {
  const hiddenLayers = mainDepth(results);
  const information = results.checkpoints.map(({ step }) => {
    const key = { step, feature: 'direction' as const, semantics: 'original', offset: -1, hiddenLayers };
    const numbers = probeNumbers(results, key);
    return { x: step, y: numbers?.informationShare ?? null, tooFew: numbers?.tooFew ?? false };
  });
  const shares = information.map(({ y }) => y).filter(isFiniteNumber);
  const low = Math.max(Math.min(0, ...shares), -0.3);
  const counts = results.checkpoints.map((checkpoint) => checkpoint.distinctPrograms);
  return [
    {
      title: 'Test specifications solved',
      color: theme.blue,
      symbol: 'circle',
      points: checkpointPoints(results, (checkpoint) => checkpoint.generativeAccuracy, percent),
      domain: [0, 1],
      format: (value) => percent(value, 0),
    },
    {
      title: 'Different programs written',
      color: theme.orange,
      symbol: 'square',
      points: checkpointPoints(results, (checkpoint) => checkpoint.distinctPrograms, decimal),
      domain: [0, ceilingOf(counts, 5)],
      format: (value) => decimal(value),
    },
    {
      title: `Direction read from hidden states, share of its entropy (${SHORT_DEPTH_NAMES[hiddenLayers]} probe)`,
      shortTitle: `Direction read, of entropy (${SHORT_DEPTH_NAMES[hiddenLayers]})`,
      color: theme.teal,
      symbol: 'diamond',
      points: information,
      domain: [low, Math.min(ceilingOf(shares, 0.2), 1)],
      format: (value) => percent(value, 0),
    },
  ];
}

/** What the picture shows, for those who do not see it: `role` and `aria-label` of its root. */
export function overviewRole(results: Results): string {
  const endings = rowsOf(results, LIGHT_THEME).map(({ title, points, format }) => {
    const last = points.findLast((point) => isFiniteNumber(point.y));
    return `${title}: ${last ? format(last.y!) : 'not measured'} at the last checkpoint`;
  });
  const phases = findPhases(results).map(
    ({ name, from, to }) => `${name} from step ${decimal(from)} to ${decimal(to)}`,
  );
  const words = `Three curves over ${stepsText(results)} training steps. ${endings.join('. ')}. Phases by this report's rule: ${phases.join(', ') || 'none'}.`;
  return `role="img" aria-label="${escapeHtml(words)}"`;
}

const LEFT = 52;
const RIGHT = 72;
const NAMES = 22; // the phases' names, on top
const TITLE = 24; // above each chart
const AXIS = 42; // below the last chart

/** The phases as bands behind all charts. */
function bands(results: Results, theme: Theme, x: (step: number) => number, bottom: number): string {
  const phases = findPhases(results);
  return phases
    .map(({ name, from, to }, index) => {
      const [left, width] = [x(from), x(to) - x(from)];
      const fits = width >= name.length * CHARACTER_WIDTH;
      return (
        `<rect x="${left}" width="${width}" y="0" height="${bottom}" fill="${theme.phases[name]}"/>` +
        (index > 0 ? `<path d="M${left},0V${bottom}" stroke="${theme.muted}" stroke-dasharray="2 3"/>` : '') +
        (fits ? `<text x="${left + width / 2}" y="15" text-anchor="middle" fill="${theme.muted}">${name}</text>` : '')
      );
    })
    .join('');
}

/** The picture, `width` units wide and `height` high: three charts below each other, each under its title. `root` are more attributes of its root. */
export function overviewSvg(results: Results, theme: Theme, width: number, height: number, root: string): string {
  const rows = rowsOf(results, theme);
  const steps = results.checkpoints.map(({ step }) => step);
  const [first, last] = [Math.min(0, ...steps), Math.max(1, ...steps)];
  const plotHeight = (height - NAMES - AXIS) / rows.length - TITLE;
  const x = (step: number) => LEFT + ((step - first) / (last - first)) * (width - LEFT - RIGHT);
  const charts = rows.map((row, index) => {
    const isLast = index === rows.length - 1;
    const top = NAMES + index * (TITLE + plotHeight);
    const ending = row.points.findLast((point) => isFiniteNumber(point.y));
    const marginTop = TITLE;
    const marginBottom = isLast ? AXIS : 2;
    const chart = lineChart({
      alt: '',
      theme,
      width,
      height: marginTop + plotHeight + marginBottom,
      marginTop,
      marginBottom,
      marginLeft: LEFT,
      marginRight: RIGHT,
      xDomain: [first, last],
      ...(isLast ? { xLabel: stepsLabel(results) } : { xTicks: [], xLabel: '' }),
      yDomain: row.domain,
      yTicks: 3,
      yFormat: row.format,
      zeroLine: 0,
      series: [{ ...row, label: ending ? row.format(ending.y!) : '' }],
    });
    const title = width < 600 ? (row.shortTitle ?? row.title) : row.title;
    const heading = `<text x="${LEFT + 6}" y="16" text-anchor="start" fill="${row.color}" font-weight="600">${escapeHtml(title)}</text>`;
    const marks = chart.replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '');
    return `<g transform="translate(0,${top})" text-anchor="middle">${marks}${heading}</g>`;
  });
  const few = rows.some(({ points }) => points.some(({ tooFew, y }) => tooFew && isFiniteNumber(y)));
  const remarks = [
    findPhases(results).length > 0 ? 'bands: phases by a rule of ours' : '',
    few ? '×: fewer than 500 test pairs' : '',
  ];
  const notes = `<text x="${LEFT}" y="${height - 6}" fill="${theme.muted}">${remarks.filter(Boolean).join(' · ')}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${root} viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif" font-size="${FONT_SIZE}" ` +
    `fill="${theme.ink}" color="${theme.ink}">${bands(results, theme, x, height - AXIS)}${charts.join('')}${width < 600 ? '' : notes}</svg>`
  );
}

/** A stand-alone SVG file, 900 by 420, with a light background of its own: the README's picture. */
export function renderCurveSvg(results: Results): string {
  const [width, height, margin] = [900, 420, 10];
  const [across, down] = [width - 2 * margin, height - 2 * margin];
  const place = `x="${margin}" y="${margin}" width="${across}" height="${down}"`;
  const inner = overviewSvg(results, LIGHT_THEME, across, down, place);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${overviewRole(results)}>` +
    `<rect width="${width}" height="${height}" rx="8" fill="${LIGHT_THEME.paper}" stroke="${LIGHT_THEME.grid}"/>${inner}</svg>\n`
  );
}
