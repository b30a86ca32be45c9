/** @file Back in time: input worlds from which given actions lead to given worlds. Chapter 14. */
import {
  type Action,
  cloneWorld,
  type Facing,
  frontIsWall,
  MAX_MARKERS,
  robotCell,
  STEP_X,
  STEP_Y,
  type World,
} from '../../karel/index.ts';

/**
 * A world from which `actions` lead to `after`, and which the corpus could draw: one marker on a cell at most, none under
 * the robot. Undefined if there is none. Of several, one in which actions do something rather than nothing, the last one
 * above all.
 */
export function worldBefore(after: World, actions: readonly Action[]): World | undefined {
  if (actions.length === 0) return couldBeDrawn(after) ? after : undefined;
  for (const before of undone(after, actions.at(-1)!)) {
    const found = worldBefore(before, actions.slice(0, -1));
    if (found) return found;
  }
  return undefined;
}

/** The same for each example's world; undefined if one has none. */
export function worldsBefore(after: readonly World[], actions: readonly Action[]): World[] | undefined {
  const found = after.flatMap((world) => worldBefore(world, actions) ?? []);
  return found.length === after.length ? found : undefined;
}

function couldBeDrawn(world: World): boolean {
  return world.markers[robotCell(world)] === 0 && world.markers.every((count) => count <= 1);
}

/** All worlds that `action` makes to `world`: first the one in which it does something. */
function undone(world: World, action: Action): World[] {
  const markers = world.markers[robotCell(world)]!;
  switch (action) {
    case 'turnLeft':
      return [turned(world, 1)];
    case 'turnRight':
      return [turned(world, 3)];
    case 'move': {
      const back = turned(world, 2);
      const stepped = frontIsWall(back) ? [] : [stepBack(world)];
      return frontIsWall(world) ? [...stepped, world] : stepped;
    }
    case 'pickMarker':
      return [...(markers < MAX_MARKERS ? [withMarkers(world, markers + 1)] : []), ...(markers === 0 ? [world] : [])];
    case 'putMarker':
      return [...(markers > 0 ? [withMarkers(world, markers - 1)] : []), ...(markers === MAX_MARKERS ? [world] : [])];
  }
}

const turned = (world: World, quarters: number): World => ({
  ...cloneWorld(world),
  facing: ((world.facing + quarters) & 3) as Facing,
});

function stepBack(world: World): World {
  return { ...cloneWorld(world), x: world.x - STEP_X[world.facing], y: world.y - STEP_Y[world.facing] };
}

function withMarkers(world: World, count: number): World {
  const changed = cloneWorld(world);
  changed.markers[robotCell(world)] = count;
  return changed;
}
