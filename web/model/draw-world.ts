/** @file What a press on a cell does to a world that a reader draws. Appendix C. */
import { cloneWorld, type World } from '../../src/karel/index.ts';

export const TOOLS = ['robot', 'wall', 'marker', 'clear'] as const;
export type Tool = (typeof TOOLS)[number];

/** The robot turns where it stands, and moves where it does not. */
export function pressed(before: World, cell: number, tool: Tool): World {
  const world = cloneWorld(before);
  const robot = world.y * world.width + world.x;
  if (tool === 'robot') {
    if (cell === robot) world.facing = ((world.facing + 1) & 3) as World['facing'];
    else {
      world.x = cell % world.width;
      world.y = Math.floor(cell / world.width);
      world.walls[cell] = 0;
      world.markers[cell] = 0;
    }
  } else if (cell !== robot) {
    const markers = world.markers[cell]!;
    world.walls[cell] = tool === 'wall' ? 1 : 0;
    world.markers[cell] = tool === 'marker' ? (markers + 1) % 10 : 0;
  }
  return world;
}
