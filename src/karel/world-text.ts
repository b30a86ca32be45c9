/** @file Worlds from and to text, drawn with their border. Chapter 1. */

import type { Facing } from './actions.ts';
import { createWorld, MAX_MARKERS, robotCell, type World, WorldError } from './world.ts';

/** How a robot is drawn; `ROBOTS[facing]`. */
const ROBOTS = '^>v<';

/**
 * The glyph of one cell as it is drawn: the robot hides the markers that it stands on.
 * @throws WorldError if more markers are there than a digit can say.
 */
export function glyphAt(world: World, cell: number): string {
  if (cell === robotCell(world)) return ROBOTS[world.facing]!;
  if (world.walls[cell] === 1) return '#';
  const markers = world.markers[cell]!;
  if (markers > MAX_MARKERS)
    throw new WorldError(`cell ${cell} has ${markers} markers, at most ${MAX_MARKERS} can be drawn`);
  return markers === 0 ? '.' : String(markers);
}

/** The world as lines of one glyph a cell, the border of `#` included: [height + 2] lines of [width + 2] glyphs. */
export function worldLines(world: World): string[] {
  const border = '#'.repeat(world.width + 2);
  const rows = Array.from({ length: world.height }, (_, y) => {
    const glyphs = Array.from({ length: world.width }, (_, x) => glyphAt(world, y * world.width + x));
    return `#${glyphs.join('')}#`;
  });
  return [border, ...rows, border];
}

/** `worldLines`, one line below the other. */
export function formatWorld(world: World): string {
  return worldLines(world).join('\n');
}

/**
 * The world that `text` draws: `#` wall, `.` empty, `1`..`9` markers, one of `^>v<` the robot, walled all around.
 * Blank lines before and after are ignored, as is space at the end of a line.
 * @throws WorldError naming the line (and cell, both from 1) that breaks a rule.
 */
export function parseWorld(text: string): World {
  const lines = text.replace(/^(?:[^\S\n]*\n)+|\s+$/g, '').split('\n');
  const rows = lines.map((line) => [...line.trimEnd()]);
  const columns = rows[0]!.length;
  if (rows.length < 3 || columns < 3) {
    throw new WorldError(`world is ${columns}x${rows.length} with its border, expected at least 3x3`);
  }
  rows.forEach((row, index) => {
    if (row.length !== columns) {
      throw new WorldError(`world line ${index + 1} has ${row.length} cells, expected ${columns}`);
    }
  });
  const world = createWorld(columns - 2, rows.length - 2);
  let robots = 0;
  rows.forEach((row, line) => {
    row.forEach((glyph, column) => {
      const isBorder = line === 0 || column === 0 || line === rows.length - 1 || column === columns - 1;
      if (isBorder) requireWall(glyph, line, column);
      else if (placeGlyph(world, glyph, line, column) && ++robots > 1) {
        throw new WorldError(`world line ${line + 1} cell ${column + 1} holds a second robot, '${glyph}'`);
      }
    });
  });
  if (robots === 0) throw new WorldError(`world has no robot, expected one of ${[...ROBOTS].join(' ')}`);
  return world;
}

function requireWall(glyph: string, line: number, column: number): void {
  if (glyph === '#') return;
  throw new WorldError(`world line ${line + 1} cell ${column + 1} is '${glyph}', expected '#': the border is walled`);
}

/** Sets the interior cell that is drawn at (line, column) of the text; tells whether it held the robot. */
function placeGlyph(world: World, glyph: string, line: number, column: number): boolean {
  const x = column - 1;
  const y = line - 1;
  const cell = y * world.width + x;
  const facing = ROBOTS.indexOf(glyph);
  if (facing >= 0) {
    Object.assign(world, { x, y, facing: facing as Facing });
    return true;
  }
  if (glyph === '#') world.walls[cell] = 1;
  else if (/^[1-9]$/.test(glyph)) world.markers[cell] = Number(glyph);
  else if (glyph !== '.') {
    const expected = `'#', '.', 1 to ${MAX_MARKERS}, or one of ${[...ROBOTS].join(' ')}`;
    throw new WorldError(`world line ${line + 1} cell ${column + 1} is '${glyph}', expected ${expected}`);
  }
  return false;
}
