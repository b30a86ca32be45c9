/** @file How often each action is drawn, and random programs of the whole language for tests. Chapter 1. */

import { ACTIONS, type Action } from './actions.ts';
import { CONDITIONS, type Condition, type Position, type Program, type Statement } from './ast.ts';
import { type Random, randomInteger } from './random-world.ts';

/** How often each action is drawn, relative to the others. `released`: the code of Jin & Rinard 2024. */
export const ACTION_WEIGHTS = {
  released: { move: 5, turnLeft: 3, turnRight: 3, pickMarker: 2, putMarker: 2 },
  uniform: { move: 1, turnLeft: 1, turnRight: 1, pickMarker: 1, putMarker: 1 },
} as const satisfies Record<string, Readonly<Record<Action, number>>>;

export type ActionWeights = keyof typeof ACTION_WEIGHTS;

/** Every action as often as its weight says: a uniform draw from this list is a weighted draw of an action. */
export function weightedActions(weights: ActionWeights): readonly Action[] {
  return ACTIONS.flatMap((action) => Array<Action>(ACTION_WEIGHTS[weights][action]).fill(action));
}

export interface RandomProgramSettings {
  /** How deep blocks may nest; 3 if absent. */
  readonly maxDepth?: number;
  /** The most statements in a block; 4 if absent. */
  readonly maxStatements?: number;
  /** The most rounds of a `repeat`; 5 if absent. */
  readonly maxTimes?: number;
}

/** A random program of the whole language. It may well run for ever. */
export function randomProgram(random: Random, settings: RandomProgramSettings = {}): Program {
  const { maxDepth = 3, maxStatements = 4, maxTimes = 5 } = settings;
  const pick = <T>(items: readonly T[]): T => items[randomInteger(random, items.length)]!;
  const condition = (): Condition => ({ name: pick(CONDITIONS), negated: random() < 0.5, position: NOWHERE });
  const block = (depth: number): Statement[] =>
    Array.from({ length: randomInteger(random, maxStatements + 1) }, () => statement(depth));

  function statement(depth: number): Statement {
    const kind = depth >= maxDepth || random() < 0.5 ? 'action' : pick(['repeat', 'while', 'if', 'ifelse'] as const);
    switch (kind) {
      case 'action':
        return { kind, action: pick(ACTIONS), position: NOWHERE };
      case 'repeat':
        return { kind, times: randomInteger(random, maxTimes + 1), body: block(depth + 1), position: NOWHERE };
      case 'while':
      case 'if':
        return { kind, condition: condition(), body: block(depth + 1), position: NOWHERE };
      case 'ifelse': {
        const body = block(depth + 1);
        return { kind, condition: condition(), body, otherwise: block(depth + 1), position: NOWHERE };
      }
    }
  }

  return { body: block(0) };
}

/** The position in a program that has no text yet; print and parse it to get real ones. */
const NOWHERE: Position = { line: 1, column: 1 };
