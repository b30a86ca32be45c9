// Stage 1: every corridor of three cells with a robot in it, and what a program does there.
import { type Action, createWorld, type Facing, runActions, type World, worldLines } from '../../src/karel/index.ts';

// #region every corridor
export const corridors: World[] = [];
for (const x of [0, 1, 2]) {
  for (const facing of [0, 1, 2, 3] as Facing[]) {
    for (const markers of [0, 1, 2, 3]) {
      const world = createWorld(3, 1, x, 0, facing);
      world.markers[(x + 1) % 3] = markers % 2; // at most one marker on each cell without the robot
      world.markers[(x + 2) % 3] = markers >> 1;
      corridors.push(world);
    }
  }
}
// #endregion

/** The corridor on one line, without the walls above and below. */
export const draw = (world: World): string => worldLines(world)[1]!;

export function show(): void {
  console.log(corridors.length); // => 48
  const start = corridors.find((world) => draw(world) === '#>.1#')!;
  const programs: Action[][] = [['move'], ['move', 'putMarker', 'move'], ['turnLeft', 'move']];
  for (const program of programs) console.log(draw(start), program.join(' '), draw(runActions(start, program)));
  // =>
  // #>.1# move #.>1#
  // #>.1# move putMarker move #.1>#
  // #>.1# turnLeft move #^.1#
}
