/** @file Small data for probes: worlds, programs, and points with labels. Chapter 7. */
import { ACTIONS, type Action, createWorld, type Facing, specify, type World } from '../../src/karel/index.ts';
import type { GeneratedProgram } from '../../src/probe/index.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

export const engine: Engine = createReferenceEngine('float32');

export function integer(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

export function randomWorld(random: () => number, width: number, height: number): World {
  const facing = integer(random, 4) as Facing;
  const world = createWorld(width, height, integer(random, width), integer(random, height), facing);
  for (let cell = 0; cell < width * height; cell++) world.walls[cell] = random() < 0.25 ? 1 : 0;
  world.walls[world.y * width + world.x] = 0;
  return world;
}

export function randomPrograms(
  random: () => number,
  count: number,
  { width = 4, height = 3, inputs = 2, longest = 5 } = {},
): GeneratedProgram[] {
  return Array.from({ length: count }, () => {
    const worlds = Array.from({ length: inputs }, () => randomWorld(random, width, height));
    const actions = Array.from({ length: integer(random, longest + 1) }, (): Action => ACTIONS[integer(random, 5)]!);
    return { ...specify(worlds, actions), actions };
  });
}

/** Points in the plane and the class of each. */
export function points(
  random: () => number,
  count: number,
  classOf: (x: number, y: number) => number,
  on = engine,
): { x: ReturnType<Engine['tensor']>; labels: Int32Array } {
  const x = Float32Array.from({ length: count * 2 }, () => 2 * random() - 1);
  const labels = Int32Array.from({ length: count }, (_, at) => classOf(x[2 * at]!, x[2 * at + 1]!));
  return { x: on.tensor([count, 2], x), labels };
}
