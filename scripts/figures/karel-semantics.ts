/** One program in one world under three semantics, state by state. */
import {
  ACTIONS,
  applyAction,
  cloneWorld,
  parseWorld,
  SEMANTICS,
  type World,
  worldEquals,
} from '../../src/karel/index.ts';
import { COLOURS, type Figure } from './svg.ts';

const WORLD = parseWorld('#####\n#>.1#\n#.#.#\n#...#\n#####');
const PROGRAM = ['turnRight', 'move', 'move', 'turnLeft', 'move'] as const;
const CELL = 26;
const SIDE = 3 * CELL;
const LEFT = 100;
const STEP = SIDE + 30;
const TOP = 44;
const ROW = SIDE + 54;

/** The interior of a world in a frame, its corner at (left, top). */
function drawing(world: World, left: number, top: number): string {
  const parts: string[] = [];
  for (let cell = 0; cell < world.walls.length; cell++) {
    const x = left + (cell % world.width) * CELL;
    const y = top + Math.floor(cell / world.width) * CELL;
    const fill = world.walls[cell] === 1 ? COLOURS.muted : 'none';
    parts.push(
      `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="${fill}" stroke="${COLOURS.line}" stroke-width="1"/>`,
    );
    if (world.markers[cell]! > 0) {
      const [cx, cy] = [x + CELL / 2, y + CELL / 2];
      parts.push(
        `<circle cx="${cx}" cy="${cy}" r="9" fill="none" stroke="${COLOURS.orange}" stroke-width="2"/>`,
        `<text x="${cx}" y="${cy + 4}" text-anchor="middle" style="font-size:12px">${world.markers[cell]}</text>`,
      );
    }
  }
  parts.push(
    `<rect x="${left}" y="${top}" width="${SIDE}" height="${SIDE}" fill="none" stroke="currentColor" stroke-width="2"/>`,
  );
  const [cx, cy] = [left + (world.x + 0.5) * CELL, top + (world.y + 0.5) * CELL];
  parts.push(
    `<path d="M 0 -9 L 8 8 L 0 4 L -8 8 Z" fill="${COLOURS.blue}" transform="translate(${cx} ${cy}) rotate(${90 * world.facing})"/>`,
  );
  return parts.join('\n');
}

export default function draw(): Figure {
  const middle = (column: number): number => LEFT + column * STEP + SIDE / 2;
  const text = (x: number, y: number, words: string, style: string): string =>
    `<text x="${x}" y="${y}" text-anchor="middle" ${style}>${words}</text>`;
  const body = [text(middle(0), 22, 'before', `style="font-weight:600"`)];
  PROGRAM.forEach((word, index) => {
    body.push(text(middle(index + 1), 22, word, `class="code" style="font-weight:600"`));
  });
  (['original', 'flip', 'adversarial'] as const).forEach((name, row) => {
    const top = TOP + row * ROW;
    body.push(`<text x="4" y="${top + SIDE / 2 + 4}" style="font-weight:600">${name}</text>`);
    const world = cloneWorld(WORLD);
    body.push(drawing(world, LEFT, top));
    PROGRAM.forEach((word, index) => {
      const before = cloneWorld(world);
      const action = SEMANTICS[name].map[word];
      applyAction(world, action);
      const blocked = worldEquals(before, world);
      const style = `class="code" style="font-size:12px;fill:${blocked ? COLOURS.muted : COLOURS.teal}"`;
      body.push(drawing(world, LEFT + (index + 1) * STEP, top));
      body.push(text(middle(index + 1), top + SIDE + 19, action, style));
      if (blocked) body.push(text(middle(index + 1), top + SIDE + 34, 'nothing happens', 'style="font-size:11px"'));
    });
  });
  return {
    title: `The program ${PROGRAM.join('; ')} in one world, state by state, under three of the ${5 ** ACTIONS.length} semantics`,
    width: LEFT + 5 * STEP + SIDE + 10,
    height: TOP + 3 * ROW - 8,
    body: body.join('\n'),
  };
}
