/** @file The shortest straight-line program that does what a specification asks. Chapter 1. */

import { ACTIONS, type Action, type Facing } from './actions.ts';
import { applyAction } from './execute.ts';
import type { Specification } from './specification.ts';
import { cloneWorld, MAX_MARKERS, robotCell, type World } from './world.ts';

export interface ShortestProgramOptions {
  /** The most actions that the program may have, from 0. */
  readonly limit: number;
  /**
   * The most joint states (one world for each example) that the search may keep, `DEFAULT_MAX_STATES` if absent. One
   * takes some four bytes for each cell of each example, and 200 more.
   */
  readonly maxStates?: number;
}

export const DEFAULT_MAX_STATES = 100_000;

/** So many cells that a pose fits in 16 bits. */
const MAX_CELLS = 2 ** 14;

/** What a search found out; `states` is how many different joint states it kept. */
export type ShortestProgram =
  /** No program with fewer actions than `program` meets the specification. */
  | { readonly kind: 'found'; readonly program: readonly Action[]; readonly states: number }
  /** No program within the limit does. */
  | { readonly kind: 'none'; readonly states: number }
  /** The search gave up at `maxStates`; it knows only that no program of fewer than `atLeast` actions does. */
  | { readonly kind: 'unknown'; readonly atLeast: number; readonly states: number };

/**
 * The shortest program, or one of several, that turns every input into its output as drawn, as `solves` decides. The
 * inputs may be any worlds, such as those in the middle of a run with markers hidden under the robot; then it is the
 * shortest remainder.
 *
 * Search is A* over joint states: those first from which the fewest actions in all, done and still needed, can do.
 * @throws RangeError if inputs and outputs are not equally many, a world has over 16,384 cells, `limit` is not an integer
 *   from 0, or `maxStates` is not one from 1.
 */
export function shortestProgram(specification: Specification, options: ShortestProgramOptions): ShortestProgram {
  const { inputs, outputs } = specification;
  const { limit, maxStates = DEFAULT_MAX_STATES } = options;
  if (inputs.length !== outputs.length) {
    throw new RangeError(`specification has ${inputs.length} inputs and ${outputs.length} outputs`);
  }
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError(`limit is ${limit}, expected an integer from 0`);
  if (!Number.isInteger(maxStates) || maxStates < 1) {
    throw new RangeError(`maxStates is ${maxStates}, expected an integer from 1`);
  }
  const large = inputs.find(({ walls }) => walls.length > MAX_CELLS);
  if (large) throw new RangeError(`world has ${large.walls.length} cells, expected at most ${MAX_CELLS}`);
  const turns = new Set(inputs.map((input, index) => (outputs[index]!.facing - input.facing) & 3));
  // Walls stay as they are, and a program turns the robots of all examples alike.
  if (turns.size > 1 || !inputs.every((input, index) => hasWallsOf(input, outputs[index]!))) {
    return { kind: 'none', states: 0 };
  }
  return new Search(inputs, outputs, limit, maxStates).run();
}

function hasWallsOf(a: World, b: World): boolean {
  return a.width === b.width && a.height === b.height && a.walls.every((wall, cell) => wall === b.walls[cell]);
}

/** More actions than any way takes: there is none. */
const FAR = 2 ** 28;

/** What is known about one example beforehand. A pose is `cell * 4 + facing`. */
class Example {
  /** The pose after each action: [ACTIONS.length][poses]. */
  readonly next: readonly Int32Array[];
  /** Moves and turns from each pose to the output's, or FAR: [poses]. */
  readonly toGoal: Int32Array;
  readonly goalMarkers: Uint8Array;
  /** The cell whose markers the output's robot hides. */
  readonly hiddenCell: number;
  private readonly throughCell: (Int32Array | undefined)[] = [];

  constructor(input: World, output: World) {
    const poses = input.walls.length * 4;
    const world = cloneWorld(input);
    this.next = ACTIONS.map((action) =>
      Int32Array.from({ length: poses }, (_, pose) => {
        placeRobot(world, pose);
        applyAction(world, action);
        return poseOf(world);
      }),
    );
    this.goalMarkers = output.markers;
    this.hiddenCell = robotCell(output);
    this.toGoal = this.distances((pose) => (pose === poseOf(output) ? 0 : FAR));
  }

  /** Moves and turns from each pose to the output's by way of `cell`, or FAR: [poses]. */
  through(cell: number): Int32Array {
    return (this.throughCell[cell] ??= this.distances((pose) => (pose >> 2 === cell ? this.toGoal[pose]! : FAR)));
  }

  /** The least, over all ways from each pose, of the way's actions and `rest` of the pose that it ends in: [poses]. */
  private distances(rest: (pose: number) => number): Int32Array {
    const distance = Int32Array.from({ length: this.next[0]!.length }, (_, pose) => rest(pose));
    for (let changed = true; changed; ) {
      changed = false;
      for (const next of this.next) {
        for (let pose = 0; pose < distance.length; pose++) {
          const way = 1 + distance[next[pose]!]!;
          if (way >= distance[pose]!) continue;
          distance[pose] = way;
          changed = true;
        }
      }
    }
    return distance;
  }
}

function poseOf(world: World): number {
  return robotCell(world) * 4 + world.facing;
}

function placeRobot(world: World, pose: number): void {
  const cell = pose >> 2;
  world.x = cell % world.width;
  world.y = (cell - world.x) / world.width;
  world.facing = (pose & 3) as Facing;
}

const PICK = ACTIONS.indexOf('pickMarker');
const PUT = ACTIONS.indexOf('putMarker');

/** A joint state, the pose in each example and then the markers of each, and how it was reached. */
interface Node {
  readonly state: Uint16Array; // [examples + cells of all examples]
  /** `actionsNeeded` of the state. */
  readonly needed: number;
  /** The fewest actions known to lead to it, the last of them (-1 at the start), and the state before that. */
  depth: number;
  action: number;
  parent: Node | null;
}

class Search {
  private readonly examples: readonly Example[];
  /** Where the markers of each example begin in a state. */
  private readonly markersAt: readonly number[];
  private readonly start: Uint16Array;
  private readonly limit: number;
  private readonly maxStates: number;
  private readonly nodes = new Map<string, Node>();
  /** Nodes yet to be expanded, by depth + needed: [limit + 1][...]. */
  private readonly open: Node[][];

  constructor(inputs: readonly World[], outputs: readonly World[], limit: number, maxStates: number) {
    this.examples = inputs.map((input, index) => new Example(input, outputs[index]!));
    let length = inputs.length;
    this.markersAt = inputs.map(({ markers }) => (length += markers.length) - markers.length);
    this.start = new Uint16Array(length);
    inputs.forEach((input, index) => {
      this.start[index] = poseOf(input);
      this.start.set(input.markers, this.markersAt[index]!);
    });
    this.limit = limit;
    this.maxStates = maxStates;
    this.open = Array.from({ length: limit + 1 }, () => []);
  }

  run(): ShortestProgram {
    const { nodes, open, limit, maxStates } = this;
    const next = this.start.slice();
    this.reach(next, 0, -1, null);
    for (let total = 0; total <= limit; total++) {
      for (let node = open[total]!.pop(); node; node = open[total]!.pop()) {
        if (node.depth + node.needed < total) continue; // a shorter way to it was found since
        if (node.needed === 0) return { kind: 'found', program: programTo(node), states: nodes.size };
        for (let action = 0; action < ACTIONS.length; action++) {
          if (nodes.size >= maxStates) return { kind: 'unknown', atLeast: total, states: nodes.size };
          next.set(node.state);
          this.perform(next, action);
          this.reach(next, node.depth + 1, action, node);
        }
      }
    }
    return { kind: 'none', states: nodes.size };
  }

  /** Takes note that `action` leads from `parent` to `state`, unless no short enough program can go on from there. */
  private reach(state: Uint16Array, depth: number, action: number, parent: Node | null): void {
    const needed = this.actionsNeeded(state);
    if (depth + needed > this.limit) return;
    const key = String.fromCharCode(...state);
    let node = this.nodes.get(key);
    if (node && node.depth <= depth) return;
    if (node) Object.assign(node, { depth, action, parent });
    else this.nodes.set(key, (node = { state: state.slice(), needed, depth, action, parent }));
    this.open[depth + needed]!.push(node);
  }

  /** What `applyAction` does, in all examples at once. */
  private perform(state: Uint16Array, action: number): void {
    for (let index = 0; index < this.examples.length; index++) {
      const pose = state[index]!;
      const here = this.markersAt[index]! + (pose >> 2);
      if (action === PICK && state[here]! > 0) state[here]!--;
      else if (action === PUT && state[here]! < MAX_MARKERS) state[here]!++;
      else state[index] = this.examples[index]!.next[action]![pose]!;
    }
  }

  /**
   * A number of actions without which no program leads from `state` to the goal, 0 only at the goal. It never
   * overestimates, since every action of a program is counted in at most one of three numbers:
   *
   * - moves and turns: in each example the robot must get to its final pose, by way of every cell whose visible
   *   markers are wrong, and `toGoal` and `through` are the fewest moves and turns that do that. The largest counts.
   * - `putMarker`: one adds at most one marker to one cell of an example, and no other action adds any, so there are
   *   at least as many as visible markers are missing in the example where most are.
   * - `pickMarker`: likewise for the markers that are too many.
   *
   * One action lessens one of the numbers at most, and by one at most; so the first state to be expanded that is the
   * goal has been reached in as few actions as can be.
   */
  private actionsNeeded(state: Uint16Array): number {
    let travel = 0;
    let puts = 0;
    let picks = 0;
    for (let index = 0; index < this.examples.length; index++) {
      const example = this.examples[index]!;
      const { goalMarkers, hiddenCell } = example;
      const pose = state[index]!;
      const at = this.markersAt[index]!;
      let missing = 0;
      let surplus = 0;
      travel = Math.max(travel, example.toGoal[pose]!);
      for (let cell = 0; cell < goalMarkers.length; cell++) {
        const difference = goalMarkers[cell]! - state[at + cell]!;
        if (difference === 0 || cell === hiddenCell) continue;
        if (difference > 0) missing += difference;
        else surplus -= difference;
        travel = Math.max(travel, example.through(cell)[pose]!);
      }
      puts = Math.max(puts, missing);
      picks = Math.max(picks, surplus);
    }
    return travel + puts + picks;
  }
}

function programTo(node: Node): Action[] {
  return node.parent ? [...programTo(node.parent), ACTIONS[node.action]!] : [];
}
