/** @file Random worlds. Chapter 1. */

import type { Facing } from './actions.ts';
import { createWorld, robotCell, type World } from './world.ts';

/** A stream of random numbers, uniform in [0, 1). */
export type Random = () => number;

export interface RandomWorldSettings {
  /** Cells of the interior in a row, and in a column. */
  readonly width: number;
  readonly height: number;
  /** The probability that a cell is a wall; 0.1 if absent, as in the study. */
  readonly wallRatio?: number;
  /** The probability that a cell without a wall or the robot holds one marker; 0.1 if absent, as in the study. */
  readonly markerRatio?: number;
}

export const DEFAULT_WALL_RATIO = 0.1;
export const DEFAULT_MARKER_RATIO = 0.1;

/** A random integer in 0..bound-1. */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/**
 * A random world: the robot's cell and facing uniform, each other cell a wall with probability `wallRatio`, and each
 * that is none holds one marker with probability `markerRatio`. Source: the released code of Jin & Rinard 2024.
 */
export function randomWorld(random: Random, settings: RandomWorldSettings): World {
  const world = createWorld(settings.width, settings.height);
  fillRandomWorld(world, random, settings.wallRatio, settings.markerRatio);
  return world;
}

/**
 * Makes `world` a random one in place, with one draw for a cell: a share `wallRatio` of [0, 1) makes it a wall, and a
 * share `markerRatio` of the rest gives it a marker.
 */
export function fillRandomWorld(
  world: World,
  random: Random,
  wallRatio: number = DEFAULT_WALL_RATIO,
  markerRatio: number = DEFAULT_MARKER_RATIO,
): void {
  const { walls, markers } = world;
  const cells = walls.length;
  const wallOrMarker = wallRatio + (1 - wallRatio) * markerRatio;
  // #region cells
  for (let cell = 0; cell < cells; cell++) {
    const draw = random();
    walls[cell] = draw < wallRatio ? 1 : 0;
    markers[cell] = draw >= wallRatio && draw < wallOrMarker ? 1 : 0;
  }
  // #endregion
  const robot = randomInteger(random, cells);
  world.x = robot % world.width;
  world.y = (robot - world.x) / world.width;
  world.facing = randomInteger(random, 4) as Facing;
  walls[robotCell(world)] = 0;
  markers[robotCell(world)] = 0;
}
