/** @file What each action does to a world, and straight-line programs without ceremony. Chapter 1. */

import type { Action, Facing } from './actions.ts';
import { ORIGINAL, type Semantics } from './semantics.ts';
import { cloneWorld, frontIsWall, MAX_MARKERS, robotCell, STEP_X, STEP_Y, type World } from './world.ts';

/**
 * Performs `action` on `world` in place. What cannot be done is silently not done: a move into a wall, picking from
 * an empty cell, a marker more than `markerLimit` (at most 255) on a cell.
 */
export function applyAction(world: World, action: Action, markerLimit: number = MAX_MARKERS): void {
  switch (action) {
    // #region move-and-turn
    case 'move':
      if (frontIsWall(world)) return;
      world.x += STEP_X[world.facing];
      world.y += STEP_Y[world.facing];
      return;
    case 'turnLeft':
      world.facing = ((world.facing + 3) & 3) as Facing;
      return;
    case 'turnRight':
      world.facing = ((world.facing + 1) & 3) as Facing;
      return;
    // #endregion
    case 'pickMarker': {
      const cell = robotCell(world);
      if (world.markers[cell]! > 0) world.markers[cell]!--;
      return;
    }
    case 'putMarker': {
      const cell = robotCell(world);
      if (world.markers[cell]! < markerLimit) world.markers[cell]!++;
      return;
    }
  }
}

/** Performs `actions` on `world` in place, each as `semantics` reads it. */
export function applyActions(world: World, actions: readonly Action[], semantics: Semantics = ORIGINAL): void {
  const { map } = semantics;
  for (const action of actions) applyAction(world, map[action]);
}

/** The world after `actions`; `world` itself is left alone. */
export function runActions(world: World, actions: readonly Action[], semantics: Semantics = ORIGINAL): World {
  const final = cloneWorld(world);
  applyActions(final, actions, semantics);
  return final;
}

/** What the study's probes look for in a state: direction, position and obstacle. */
export interface AbstractState {
  readonly x: number;
  readonly y: number;
  readonly facing: Facing;
  readonly frontIsWall: boolean;
}

/** The abstraction of `world`. Source: Jin & Rinard 2024, the program state. */
export function abstractState(world: World): AbstractState {
  return { x: world.x, y: world.y, facing: world.facing, frontIsWall: frontIsWall(world) };
}

/** The abstract states of a straight-line program, the initial one first: [actions.length + 1]. */
export function abstractTrace(
  world: World,
  actions: readonly Action[],
  semantics: Semantics = ORIGINAL,
): AbstractState[] {
  const state = cloneWorld(world);
  const states = [abstractState(state)];
  for (const action of actions) {
    applyAction(state, semantics.map[action]);
    states.push(abstractState(state));
  }
  return states;
}
