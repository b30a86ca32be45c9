/** @file The syntax tree of a Karel program. Chapter 1. */

import { ACTIONS, type Action, bothSpellings } from './actions.ts';

/** Where something begins in a program's text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a program can ask about the world. */
export const CONDITIONS = [
  'frontIsClear',
  'leftIsClear',
  'rightIsClear',
  'markersPresent',
  'noMarkersPresent',
] as const;

export type ConditionName = (typeof CONDITIONS)[number];

const CONDITION_NAMES = bothSpellings(CONDITIONS);

/** The condition that `text` names in either spelling, or undefined. */
export function conditionFromName(text: string): ConditionName | undefined {
  return CONDITION_NAMES.get(text);
}

export interface Condition {
  readonly name: ConditionName;
  /** Whether `not` stands before it. */
  readonly negated: boolean;
  readonly position: Position;
}

export interface ActionStatement {
  readonly kind: 'action';
  readonly action: Action;
  readonly position: Position;
}

export interface RepeatStatement {
  readonly kind: 'repeat';
  readonly times: number;
  readonly body: readonly Statement[];
  readonly position: Position;
}

export interface WhileStatement {
  readonly kind: 'while';
  readonly condition: Condition;
  readonly body: readonly Statement[];
  readonly position: Position;
}

export interface IfStatement {
  readonly kind: 'if';
  readonly condition: Condition;
  readonly body: readonly Statement[];
  readonly position: Position;
}

export interface IfElseStatement {
  readonly kind: 'ifelse';
  readonly condition: Condition;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly position: Position;
}

export type LoopStatement = RepeatStatement | WhileStatement;
export type Statement = ActionStatement | LoopStatement | IfStatement | IfElseStatement;

export interface Program {
  readonly body: readonly Statement[];
}

/** The program that performs `actions` one after the other; positions are those of one action a line. */
export function programOf(actions: readonly Action[]): Program {
  return {
    body: actions.map((action, index) => ({ kind: 'action', action, position: { line: index + 1, column: 1 } })),
  };
}

/** The actions of a straight-line program, or null if it branches or loops. */
export function straightLine(program: Program): Action[] | null {
  const actions = program.body.flatMap((statement) => (statement.kind === 'action' ? [statement.action] : []));
  return actions.length === program.body.length ? actions : null;
}

/** Whether two programs are the same but for the layout of their text. */
export function programEquals(a: Program, b: Program): boolean {
  return withoutPositions(a) === withoutPositions(b);
}

function withoutPositions(program: Program): string {
  return JSON.stringify(program, (key, value) => (key === 'position' ? undefined : value));
}

/** Every word that begins a statement. */
export const STATEMENT_WORDS = [...ACTIONS, 'repeat', 'while', 'if', 'ifelse'] as const;
