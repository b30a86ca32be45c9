/** @file The robot's world: a walled grid, markers, one robot. Chapter 1. */

import type { Facing } from './actions.ts';

/** The most markers that a cell can hold, so that a cell can be drawn as one digit. */
export const MAX_MARKERS = 9;

/**
 * The interior of a world; the border is an implicit wall around it. Cells are in row order, `cell = y * width + x`,
 * with `x` growing to the right and `y` downwards, both from 0.
 */
export interface World {
  readonly width: number;
  readonly height: number;
  /** 1 where a wall stands, else 0. [height * width] */
  readonly walls: Uint8Array;
  /** Markers 0..9 on each cell. [height * width] */
  readonly markers: Uint8Array;
  x: number;
  y: number;
  facing: Facing;
}

/** A world, or its text, that breaks a rule; the message names the place and the value. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

/**
 * An empty world with the robot at (x, y).
 * @throws WorldError if the size is not two positive integers or the robot is not on the grid.
 */
export function createWorld(width: number, height: number, x = 0, y = 0, facing: Facing = 0): World {
  for (const [side, size] of Object.entries({ width, height })) {
    if (!Number.isInteger(size) || size < 1) throw new WorldError(`world ${side} is ${size}, expected 1 or more cells`);
  }
  if (!isInside(width, height, x, y)) {
    throw new WorldError(`robot at (${x}, ${y}) is not inside a ${width}x${height} world`);
  }
  const cells = width * height;
  return { width, height, walls: new Uint8Array(cells), markers: new Uint8Array(cells), x, y, facing };
}

/** A copy that shares nothing with `world`. */
export function cloneWorld(world: World): World {
  return { ...world, walls: world.walls.slice(), markers: world.markers.slice() };
}

/** Makes `target`, of the same size, equal to `source` without allocating. */
export function copyWorld(source: World, target: World): void {
  target.walls.set(source.walls);
  target.markers.set(source.markers);
  target.x = source.x;
  target.y = source.y;
  target.facing = source.facing;
}

/** Equal in everything, markers under the robot included. */
export function worldEquals(a: World, b: World): boolean {
  return worldEqualsAsDrawn(a, b) && a.markers[robotCell(a)] === b.markers[robotCell(b)];
}

/** Equal to the eye: the robot's glyph hides the markers of its own cell. */
export function worldEqualsAsDrawn(a: World, b: World): boolean {
  if (a.width !== b.width || a.height !== b.height) return false;
  if (a.x !== b.x || a.y !== b.y || a.facing !== b.facing) return false;
  const hidden = robotCell(a);
  for (let cell = 0; cell < a.walls.length; cell++) {
    if (a.walls[cell] !== b.walls[cell]) return false;
    if (cell !== hidden && a.markers[cell] !== b.markers[cell]) return false;
  }
  return true;
}

/** The index of the robot's own cell. */
export function robotCell(world: World): number {
  return world.y * world.width + world.x;
}

/** Whether (x, y) is a wall; everything outside the interior is. */
export function isWall(world: World, x: number, y: number): boolean {
  return !isInside(world.width, world.height, x, y) || world.walls[y * world.width + x] === 1;
}

/** Columns to the right and rows down of one step in each facing. */
export const STEP_X = [0, 1, 0, -1] as const;
export const STEP_Y = [-1, 0, 1, 0] as const;

/** Whether the cell on the robot's side `turn` is a wall: 0 in front, 1 to its right, 2 behind, 3 to its left. */
export function wallTowards(world: World, turn: Facing): boolean {
  const facing = ((world.facing + turn) & 3) as Facing;
  return isWall(world, world.x + STEP_X[facing], world.y + STEP_Y[facing]);
}

/** The study's "obstacle" feature: is the cell in front of the robot a wall? */
export function frontIsWall(world: World): boolean {
  return wallTowards(world, 0);
}

function isInside(width: number, height: number, x: number, y: number): boolean {
  return x >= 0 && x < width && y >= 0 && y < height;
}
