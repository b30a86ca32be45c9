/** @file The features of a program state that probes look for. Chapter 9. */
import { power } from '../tensor/functions/power.ts';
import type { StateTable } from './execution-table.ts';

/** Jin & Rinard 2024, section 3: the abstractions of a program state. */
export const FEATURES = ['direction', 'position', 'obstacle'] as const;

/**
 * `direction`: the robot's facing. `position`: how far it is from where the program started, as (dx, dy). `obstacle`:
 * whether the cell in front of it is a wall.
 */
export type FeatureName = (typeof FEATURES)[number];

/** Cells of a world's interior, as `World` counts them. */
export interface WorldSize {
  readonly width: number;
  readonly height: number;
}

/** A feature as a classification: `heads` answers, each one of `classes`; an answer is right if all heads are. */
export interface FeatureShape {
  readonly heads: number;
  readonly classes: number;
}

/** How far the robot can get from its start in any one axis. */
function reach({ width, height }: WorldSize): number {
  return Math.max(width, height) - 1;
}

/** Position has two heads, dx and dy, of 2 reach + 1 classes each; the others have one head. */
export function featureShape(feature: FeatureName, world: WorldSize): FeatureShape {
  switch (feature) {
    case 'direction':
      return { heads: 1, classes: 4 };
    case 'position':
      return { heads: 2, classes: 2 * reach(world) + 1 };
    case 'obstacle':
      return { heads: 1, classes: 2 };
  }
}

/**
 * The classes of these states [states.length, heads]: direction 0 up, 1 right, 2 down, 3 left; position dx + reach (to
 * the right), dy + reach (down); obstacle 1 for a wall.
 */
export function featureLabels(
  feature: FeatureName,
  table: StateTable,
  states: Int32Array,
  world: WorldSize,
): Int32Array {
  switch (feature) {
    case 'direction':
      return states.map((state) => table.facing[state]!);
    case 'obstacle':
      return states.map((state) => table.wall[state]!);
    case 'position': {
      const middle = reach(world);
      const labels = new Int32Array(2 * states.length);
      states.forEach((state, pair) => {
        labels[2 * pair] = table.dx[state]! + middle;
        labels[2 * pair + 1] = table.dy[state]! + middle;
      });
      return labels;
    }
  }
}

/** The heads' classes as one class of classes ** heads: dx-class + classes x dy-class for position. [pairs] */
export function jointClasses(labels: Int32Array, { heads, classes }: FeatureShape): Int32Array {
  const joint = new Int32Array(labels.length / heads);
  for (let pair = 0; pair < joint.length; pair++) {
    for (let head = heads - 1; head >= 0; head--) joint[pair] = joint[pair]! * classes + labels[pair * heads + head]!;
  }
  return joint;
}

/** How often each joint class occurs [classes ** heads]. */
export function labelCounts(labels: Int32Array, shape: FeatureShape): number[] {
  const counts = new Array<number>(power(shape.classes, shape.heads)).fill(0);
  for (const joint of jointClasses(labels, shape)) counts[joint]!++;
  return counts;
}
