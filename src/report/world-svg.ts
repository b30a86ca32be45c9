/** @file A Karel world, given as text, as a drawing. Chapter 11. */

import { FACINGS } from '../karel/actions.ts';
import { escapeHtml } from './html.ts';

const CELL = 26;
const ROBOTS = '^>v<';

/** What a drawing shows, for those who do not see it. */
export function describeWorld(text: string): string {
  const rows = worldRows(text);
  const cells = rows.flatMap((row, y) => [...row].map((glyph, x) => ({ glyph, x, y })));
  const robot = cells.find(({ glyph }) => ROBOTS.includes(glyph));
  const [width, height] = [rows[0]?.length ?? 0, rows.length];
  const inner = cells.filter(({ x, y }) => x > 0 && y > 0 && x < width - 1 && y < height - 1);
  const walls = inner.filter(({ glyph }) => glyph === '#').length;
  const markers = cells.filter(({ glyph }) => /[1-9]/.test(glyph));
  const total = markers.reduce((sum, { glyph }) => sum + Number(glyph), 0);
  const where = robot
    ? `the robot stands in column ${robot.x}, row ${robot.y}, and faces ${FACINGS[ROBOTS.indexOf(robot.glyph)]}`
    : 'no robot';
  const one = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;
  const marked = markers.map(({ x, y }) => `column ${x}, row ${y}`).join('; ');
  return (
    `${Math.max(width - 2, 0)} by ${Math.max(height - 2, 0)} cells inside the border: ${where}; ` +
    `${one(walls, 'wall')} inside; ${one(total, 'marker')}${marked ? ` (${marked})` : ''}`
  );
}

/** The rows of a world's text, blank lines at its ends left out. */
export function worldRows(text: string): string[] {
  return text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row.length > 0);
}

function robotShape(facing: number): string {
  const [c, r] = [CELL / 2, CELL * 0.34];
  const arrow = `M${c},${c - r}L${c + r * 0.85},${c + r}L${c},${c + r * 0.5}L${c - r * 0.85},${c + r}Z`;
  return `<path class="robot" d="${arrow}" transform="rotate(${90 * facing} ${c} ${c})"/>`;
}

function cellShape(glyph: string): string {
  const c = CELL / 2;
  if (glyph === '#') return `<rect class="wall" width="${CELL}" height="${CELL}"/>`;
  const facing = ROBOTS.indexOf(glyph);
  if (facing >= 0) return robotShape(facing);
  if (glyph === '.') return '';
  const count = /[1-9]/.test(glyph);
  const disc = count ? `<circle class="marker" cx="${c}" cy="${c}" r="${CELL * 0.32}"/>` : '';
  const ink = count ? 'count' : 'unknown';
  return `${disc}<text class="${ink}" x="${c}" y="${c}" dy="0.36em" text-anchor="middle">${escapeHtml(glyph)}</text>`;
}

/** One SVG element, a cell of 26 units a character of `text`; `title` begins its text alternative. */
export function worldSvg(text: string, title: string): string {
  const rows = worldRows(text);
  const [width, height] = [Math.max(0, ...rows.map((row) => row.length)) * CELL, rows.length * CELL];
  const lines: string[] = [];
  for (let x = CELL; x < width; x += CELL) lines.push(`M${x},0V${height}`);
  for (let y = CELL; y < height; y += CELL) lines.push(`M0,${y}H${width}`);
  const cells = rows.flatMap((row, y) =>
    [...row].map((glyph, x) => {
      const shape = cellShape(glyph);
      return shape && `<g transform="translate(${x * CELL},${y * CELL})">${shape}</g>`;
    }),
  );
  const alt = escapeHtml(`${title}: ${describeWorld(text)}.`);
  return (
    `<svg class="world" viewBox="0 0 ${width} ${height}" style="--cells:${width / CELL}" role="img" aria-label="${alt}">` +
    `<rect class="floor" width="${width}" height="${height}"/><path class="lines" d="${lines.join('')}"/>` +
    `${cells.join('')}</svg>`
  );
}
