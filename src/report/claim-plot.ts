/** @file The seeds of one claim against 0, small enough for a table; and all claims as one picture. Chapter 11. */

import { PRIMARY_CLAIMS } from '../results/claims.ts';
import type { ClaimResult, StudyResults, Verdict } from '../results/study-results.ts';
import { decimal, hasWidth, isFiniteNumber, wrap } from './format.ts';
import { escapeHtml } from './html.ts';
import { LIGHT_THEME, type Theme } from './theme.ts';

/** Each verdict has a word and a symbol, and a colour that only helps. */
export const VERDICTS: Readonly<
  Record<Verdict, { symbol: string; color: keyof Theme & ('teal' | 'orange' | 'muted') }>
> = {
  supported: { symbol: '✓', color: 'teal' },
  refuted: { symbol: '✗', color: 'orange' },
  undecided: { symbol: '?', color: 'muted' },
};

/** How many ranks there are, for a claim that is about ranks. */
export function ranksOf({ id }: Pick<ClaimResult, 'id'>): number | undefined {
  return PRIMARY_CLAIMS.find((claim) => claim.id === id)?.ranks;
}

export function claimNumber(claim: ClaimResult, value: number | null): string {
  return decimal(value, ranksOf(claim) ? 2 : 3);
}

/** `0.801`, and where there is one `(0.682 to 0.920)`. */
export function claimMean(claim: ClaimResult): { mean: string; interval: string } {
  const { mean, interval } = claim;
  return {
    mean: isFiniteNumber(mean) ? claimNumber(claim, mean) : 'not measured',
    interval: hasWidth(interval) ? `${claimNumber(claim, interval.low)} to ${claimNumber(claim, interval.high)}` : '',
  };
}

/** What is drawn of a value: how far it lies on the claimed side. Low ranks are claimed, so these are turned round. */
function towards(claim: ClaimResult): (value: number) => number {
  const ranks = ranksOf(claim);
  return ranks ? (rank) => (ranks + 1) / 2 - rank : (value) => value;
}

/** Marks around (0, 0), half `width` to both sides, scaled to this claim's seeds; right of the middle is as claimed. */
export function claimMarks(claim: ClaimResult, theme: Theme, width: number): string {
  const to = towards(claim);
  const seeds = claim.values.filter(isFiniteNumber).map(to);
  const color = theme[VERDICTS[claim.verdict].color];
  const axis = `<path d="M0,-9V9" stroke="${theme.muted}"/>`;
  if (seeds.length === 0 || !isFiniteNumber(claim.mean)) return axis;
  const ranks = ranksOf(claim);
  const most = ranks ? (ranks - 1) / 2 : Math.max(...seeds.map(Math.abs)) * 1.5 || 1;
  const x = (value: number) => Math.round(Math.min(Math.max(value / most, -1), 1) * (width / 2 - 8) * 10) / 10;
  const parts = [axis];
  if (hasWidth(claim.interval)) {
    const ends = [to(claim.interval.low), to(claim.interval.high)].sort((a, b) => a - b);
    parts.push(`<path d="M${x(ends[0]!)},0H${x(ends[1]!)}" stroke="${color}" stroke-width="2" fill="none"/>`);
    for (const [side, end] of [
      [-1, ends[0]!],
      [1, ends[1]!],
    ] as const) {
      const at = x(end);
      // a whisker, or an arrow where the interval goes on outside
      const cap = Math.abs(end) > most ? `M${at - side * 5},-4L${at},0L${at - side * 5},4` : `M${at},-4V4`;
      parts.push(`<path d="${cap}" stroke="${color}" stroke-width="2" fill="none"/>`);
    }
  }
  for (const seed of seeds) {
    parts.push(
      `<circle cx="${x(seed)}" cy="0" r="3.2" fill="${theme.paper}" stroke="${theme.ink}" stroke-opacity=".75"/>`,
    );
  }
  const mean = x(to(claim.mean));
  parts.push(`<path d="M${mean},-6L${mean + 5},0L${mean},6L${mean - 5},0Z" fill="${color}"/>`);
  return parts.join('');
}

/** What a claim's drawing shows, for those who do not see it. */
export function describeClaim(claim: ClaimResult): string {
  const { mean, interval } = claimMean(claim);
  const seeds = claim.values.map((value) => (isFiniteNumber(value) ? claimNumber(claim, value) : 'not measured'));
  const line = ranksOf(claim) ? `chance is ${decimal((ranksOf(claim)! + 1) / 2, 1)}` : 'the line is 0';
  return `${claim.id}: seeds ${seeds.join(', ')}; mean ${mean}${interval && `, 95 % interval ${interval}`}; ${line}; ${claim.verdict}`;
}

export function claimSvg(claim: ClaimResult, theme: Theme): string {
  const [width, height] = [150, 24];
  return `<svg class="dots" viewBox="${-width / 2} ${-height / 2} ${width} ${height}" role="img" aria-label="${escapeHtml(describeClaim(claim))}">${claimMarks(claim, theme, width)}</svg>`;
}

const ROW = 36;
const LINE = 15;
/** Characters of a claim on one line. */
const LETTERS = 62;
const TOP = 64;
const COLUMNS = { verdict: 24, claim: 124, dots: 638, mean: 724 };
const WIDTH = 900;
const PLOT = 150;

/** A stand-alone SVG file with a light background of its own: a row for each primary claim. */
export function renderClaimsSvg({ claims, seeds, preset }: StudyResults): string {
  const theme = LIGHT_THEME;
  const height = TOP + claims.length * ROW + 34;
  const text = (x: number, y: number, words: string, look = '') =>
    `<text x="${x}" y="${y}" ${look}>${escapeHtml(words)}</text>`;
  const muted = `fill="${theme.muted}"`;
  const rows = claims.map((claim, index) => {
    const y = TOP + index * ROW + ROW / 2;
    const { symbol, color } = VERDICTS[claim.verdict];
    const { mean, interval } = claimMean(claim);
    const lines = wrap(claim.claim, LETTERS);
    return (
      `<path d="M16,${y - ROW / 2}H${WIDTH - 16}" stroke="${theme.grid}"/>` +
      text(COLUMNS.verdict, y + 4, `${symbol} ${claim.verdict}`, `fill="${theme[color]}" font-weight="600"`) +
      lines.map((line, at) => text(COLUMNS.claim, y + 4 + (at - (lines.length - 1) / 2) * LINE, line)).join('') +
      `<g transform="translate(${COLUMNS.dots},${y})">${claimMarks(claim, theme, PLOT)}</g>` +
      text(COLUMNS.mean, y + 4, `${mean}${interval && ` (${interval})`}`, 'font-size="11"')
    );
  });
  const heads = [
    text(COLUMNS.verdict, TOP - 10, 'verdict', muted),
    text(COLUMNS.claim, TOP - 10, 'claim', muted),
    text(COLUMNS.dots - 6, TOP - 10, '← against', `${muted} text-anchor="end"`),
    text(COLUMNS.dots + 6, TOP - 10, 'for →', muted),
    text(COLUMNS.mean, TOP - 10, 'mean (95 %)', muted),
  ];
  const title = text(
    COLUMNS.verdict,
    28,
    `Claims: ${preset}, seeds ${seeds.join(', ')}`,
    'font-size="16" font-weight="650"',
  );
  const note = text(
    COLUMNS.verdict,
    height - 12,
    'circles: seeds · diamond and line: mean with its 95 % interval over seeds · every row has a scale of its own',
    muted,
  );
  const alt = `Claims of ${preset}, seeds ${seeds.join(', ')}. ${claims.map(describeClaim).join('. ')}.`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeHtml(alt)}" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="${theme.ink}">` +
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="${theme.paper}" stroke="${theme.grid}"/>${title}${heads.join('')}${rows.join('')}${note}</svg>\n`
  );
}
