/** @file How many actions a robot needs from here to there on an empty plane: what the tracker's choice is made by. Appendix J. */
import { type Facing, STEP_X, STEP_Y } from '../../karel/index.ts';

/** A place to reach, seen from a robot: columns to the right, rows down, and how it faces and is to face. */
export interface Goal {
  readonly x: number;
  readonly y: number;
  readonly facing: Facing;
  readonly goalFacing: Facing;
  /** Least number of moves and turns. */
  readonly distance: number;
  /** The same after one action more. */
  readonly after: { readonly move: number; readonly turnLeft: number; readonly turnRight: number };
}

/** Every goal that `longest` actions reach and that lies less than `width` columns and `height` rows away. */
export function goalsWithin(longest: number, width: number, height: number): Goal[] {
  const goals: Goal[] = [];
  const distances = ([0, 1, 2, 3] as const).map((facing) => distancesFrom(facing, longest + 1));
  for (const facing of [0, 1, 2, 3] as const) {
    const toward = (turned: number, x: number, y: number, goalFacing: number): number =>
      distances[turned & 3]!.get(`${x} ${y} ${goalFacing}`) ?? longest + 2;
    for (const [key, distance] of distances[facing]!) {
      const [x, y, goalFacing] = key.split(' ').map(Number) as [number, number, Facing];
      if (distance > longest || Math.abs(x) >= width || Math.abs(y) >= height) continue;
      const after = {
        move: toward(facing, x - STEP_X[facing], y - STEP_Y[facing], goalFacing),
        turnLeft: toward(facing + 3, x, y, goalFacing),
        turnRight: toward(facing + 1, x, y, goalFacing),
      };
      goals.push({ x, y, facing, goalFacing, distance, after });
    }
  }
  return goals;
}

/** By place and facing `x y facing`, the least number of actions up to `longest` from (0, 0): breadth first. */
function distancesFrom(start: Facing, longest: number): Map<string, number> {
  const found = new Map([[`0 0 ${start}`, 0]]);
  let edge: (readonly [x: number, y: number, facing: number])[] = [[0, 0, start]];
  for (let distance = 1; distance <= longest; distance++) {
    const next: typeof edge = [];
    for (const [x, y, facing] of edge) {
      const moved = [x + STEP_X[facing as Facing], y + STEP_Y[facing as Facing], facing] as const;
      for (const state of [moved, [x, y, (facing + 3) & 3], [x, y, (facing + 1) & 3]] as const) {
        const key = state.join(' ');
        if (found.has(key)) continue;
        found.set(key, distance);
        next.push(state);
      }
    }
    edge = next;
  }
  return found;
}
