/** @file What programs do to worlds: idle actions and needless ones of straight lines, equal effects of all. Chapter 1. */

import type { Action } from './actions.ts';
import { applyAction } from './execute.ts';
import { executorOf } from './executor.ts';
import { type Random, type RandomWorldSettings, randomWorld } from './random-world.ts';
import { solves, specify } from './specification.ts';
import type { ProgramWord } from './vocabulary.ts';
import { cloneWorld, copyWorld, robotCell, type World } from './world.ts';

/**
 * The places, from 0, of the no-ops in `program`: actions that change nothing in any of `inputs` when their turn comes,
 * such as a move where all robots face a wall. A marker put under the robot is a change, though no drawing shows it.
 * A program without its no-ops does the same to `inputs`, step by step. With no inputs every action is one.
 */
export function noOpsOf(inputs: readonly World[], program: readonly Action[]): number[] {
  const worlds = inputs.map(cloneWorld);
  return placesWhere(program, (action) => {
    let changes = 0;
    for (const world of worlds) if (changedBy(world, action)) changes++;
    return changes === 0;
  });
}

/** Performs `action` on `world` in place; whether that changed anything. An action reaches no other cell's markers. */
function changedBy(world: World, action: Action): boolean {
  const { x, y, facing } = world;
  const here = robotCell(world);
  const count = world.markers[here];
  applyAction(world, action);
  return world.x !== x || world.y !== y || world.facing !== facing || world.markers[here] !== count;
}

/**
 * The places, from 0, of the needless actions in `program`: those of which any one, taken out alone, leaves the final
 * worlds of `inputs` as drawn. Two that are needless alone may be needed together: in `turnLeft turnRight` none is
 * needless, in `pickMarker pickMarker` on one marker each is.
 */
export function needlessActionsOf(inputs: readonly World[], program: readonly Action[]): number[] {
  const effect = specify(inputs, program);
  return placesWhere(program, (_, place) => solves(effect, program.toSpliced(place, 1)));
}

/** Whether no single action can be taken out of `program` without changing a final world of `inputs` as drawn. */
export function isRemovalMinimal(inputs: readonly World[], program: readonly Action[]): boolean {
  return needlessActionsOf(inputs, program).length === 0;
}

function placesWhere(program: readonly Action[], test: (action: Action, place: number) => boolean): number[] {
  return program.flatMap((action, place) => (test(action, place) ? [place] : []));
}

/** How many worlds `effectBattery` draws if it is not told. */
export const BATTERY_SIZE = 256;

/** Shares of walls and of markers in a battery's worlds, by turns: robots need room to go, and things to run into. */
const BATTERY_RATIOS = [
  { wallRatio: 0.1, markerRatio: 0.5 },
  { wallRatio: 0.3, markerRatio: 0.5 },
] as const;

/**
 * Random worlds on which to tell programs apart; the same stream gives the same ones. Each is a world that a corpus
 * with the study's shares could draw too, but walls and markers are more frequent, so that fewer worlds tell as much.
 */
export function effectBattery(
  random: Random,
  size: Pick<RandomWorldSettings, 'width' | 'height'>,
  count: number = BATTERY_SIZE,
): World[] {
  return Array.from({ length: count }, (_, index) =>
    randomWorld(random, { ...size, ...BATTERY_RATIOS[index % BATTERY_RATIOS.length]! }),
  );
}

/**
 * The class of `program`, as 16 hexadecimal digits: programs that do the same, as drawn, to every world of `battery`
 * have the same. The converse is likely, not certain: programs of one class may differ on a world that was not tried,
 * and two different effects may, hardly ever, share a hash. Classes by different batteries are not comparable. Not to end
 * within the study's budget is an effect of its own.
 */
export function effectClass(battery: readonly World[], program: readonly ProgramWord[]): string {
  const execute = executorOf(program);
  const hash = new EffectHash();
  let final: World | undefined;
  for (const world of battery) {
    if (final?.width === world.width && final.height === world.height) copyWorld(world, final);
    else final = cloneWorld(world);
    if (execute(final)) hash.add(final);
    else hash.addEndless();
  }
  return hash.digits();
}

/** Two 32-bit multiplicative hashes of worlds as drawn, walls apart: no program moves them. */
class EffectHash {
  private low = 0x811c9dc5;
  private high = 0x9e3779b9;

  add(world: World): void {
    const here = robotCell(world);
    this.mix(here);
    this.mix(world.facing);
    for (let cell = 0; cell < world.markers.length; cell++) this.mix(cell === here ? 0 : world.markers[cell]!);
  }

  /** In the place of a world that does not come; no cell has this number. */
  addEndless(): void {
    this.mix(-1);
  }

  digits(): string {
    return [this.low, this.high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private mix(value: number): void {
    this.low = Math.imul(this.low ^ value, 0x01000193);
    this.high = Math.imul(this.high ^ value, 0x85ebca6b);
    this.high ^= this.high >>> 15;
  }
}
