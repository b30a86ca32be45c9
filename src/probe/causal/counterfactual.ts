/** @file Counterfactuals: from some point of a program on, all robots stand turned. Chapter 14. */
import {
  type Action,
  cloneWorld,
  type Facing,
  runActions,
  shortestProgram,
  solves,
  type World,
} from '../../karel/index.ts';
import type { GeneratedProgram } from '../intervention.ts';
import type { CaseCounts } from './results.ts';

/** Quarter turns clockwise. */
export type Turn = 1 | 2 | 3;

/** A program that solves its specification, of which the first actions have been written when the robots are turned. */
export interface Counterfactual extends GeneratedProgram {
  /** How many actions have been written: 0 turns the inputs themselves. */
  readonly point: number;
  readonly turn: Turn;
  /** Each example's world after these actions, with the robot turned. */
  readonly turned: readonly World[];
}

/** Where the robots may be turned, in a program of n actions: the first and the last point. Of no program if last < first. */
export type PointRange = (actions: readonly Action[]) => { readonly first: number; readonly last: number };

/** Between the actions: after the first and before the last. */
export const WITHIN: PointRange = ({ length }) => ({ first: 1, last: length - 1 });

/** Before the first action. */
export const AT_START: PointRange = () => ({ first: 0, last: 0 });

export interface CaseLimits {
  readonly maxLength: number;
  readonly maxStates?: number;
  readonly most?: number;
}

/** A draw of cases. Those are counted from which a program of the allowed length leads to the outputs. */
export interface DrawnCases {
  readonly cases: readonly Counterfactual[];
  readonly counts: CaseCounts;
}

/**
 * One counterfactual for each program that solves its specification: point and turn are drawn, each as likely as any
 * other, and two numbers of `random` (in [0, 1)) go to each such program. `maxLength` is of actions in all, written and
 * yet to be written; `maxStates` is that of the search for the remainder. With `most` cases no further program is looked at.
 */
export function drawCounterfactuals(
  programs: readonly GeneratedProgram[],
  range: PointRange,
  { maxLength, maxStates, most = Number.POSITIVE_INFINITY }: CaseLimits,
  random: () => number,
): DrawnCases {
  const cases: Counterfactual[] = [];
  const counts = { specifications: 0, solved: 0, considered: 0, withoutRemainder: 0, unknown: 0 };
  for (const program of programs) {
    if (cases.length === most) break;
    counts.specifications++;
    const { inputs, outputs, actions } = program;
    if (!solves(program, actions)) continue;
    counts.solved++;
    const { first, last } = range(actions);
    if (last < first) continue;
    counts.considered++;
    const point = first + Math.floor(random() * (last - first + 1));
    const turn = (1 + Math.floor(random() * 3)) as Turn;
    const turned = turnRobots(
      inputs.map((input) => runActions(input, actions.slice(0, point))),
      turn,
    );
    const limits = { limit: maxLength - point, ...(maxStates === undefined ? {} : { maxStates }) };
    const { kind } = shortestProgram({ inputs: turned, outputs }, limits);
    if (kind === 'none') counts.withoutRemainder++;
    else if (kind === 'unknown') counts.unknown++;
    else cases.push({ inputs, outputs, actions, point, turn, turned });
  }
  return { cases, counts: { ...counts, counted: cases.length } };
}

/** Copies of the worlds whose robots have turned; they stand where they stood. */
export function turnRobots(worlds: readonly World[], turn: Turn): World[] {
  return worlds.map((world) => ({ ...cloneWorld(world), facing: ((world.facing + turn) & 3) as Facing }));
}
