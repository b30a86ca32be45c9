/** @file Runs a whole program and records what it did. Chapter 1. */

import type { Action } from './actions.ts';
import type { ActionStatement, Condition, LoopStatement, Program, Statement } from './ast.ts';
import { applyAction } from './execute.ts';
import { ORIGINAL, type Semantics } from './semantics.ts';
import { cloneWorld, MAX_MARKERS, robotCell, type World, wallTowards } from './world.ts';

export interface RunOptions {
  /** What the action words mean; the language's own meaning by default. */
  readonly semantics?: Semantics;
  /** How many steps the program may take: actions, tests of a condition, and rounds of `repeat` are one each. */
  readonly maxSteps?: number;
  /**
   * The markers that a cell can hold, 9 by default, as many as can be drawn. The interpreter of the released code of
   * Jin & Rinard 2024 has no such limit; give `NO_MARKER_LIMIT` to compare with it. Worlds with more than nine markers
   * on a cell have no text and no tokens.
   */
  readonly markerLimit?: number;
}

/** As many markers as a cell of `World.markers` can count. */
export const NO_MARKER_LIMIT = 255;

export interface TraceEntry {
  /** The world after the action; a copy of its own. */
  readonly state: World;
  /** The statement that caused it; its `position` is in the program's text. */
  readonly statement: ActionStatement;
  /** What the robot did: `statement.action` as the semantics reads it. */
  readonly action: Action;
}

export interface RunResult {
  readonly final: World;
  readonly trace: TraceEntry[];
}

export const DEFAULT_MAX_STEPS = 10_000;

/** A program that did not end within its step budget. */
export class StepBudgetError extends Error {
  override readonly name = 'StepBudgetError';
  readonly maxSteps: number;
  /** The line (from 1) of the loop that used the budget up, or of the statement if no loop was running. */
  readonly line: number;
  /** That loop, or null. */
  readonly loop: LoopStatement | null;

  constructor(maxSteps: number, loop: LoopStatement | null, statement: Statement) {
    const { line } = (loop ?? statement).position;
    const culprit = loop ? `the ${loop.kind} loop on line ${line}` : `the program, at line ${line},`;
    super(`${culprit} did not end within ${maxSteps} steps`);
    this.maxSteps = maxSteps;
    this.line = line;
    this.loop = loop;
  }
}

/**
 * Runs `program` on a copy of `world`.
 * @throws StepBudgetError if it has not ended after `maxSteps` steps; so a run always ends.
 */
export function run(program: Program, world: World, options: RunOptions = {}): RunResult {
  const final = cloneWorld(world);
  const trace: TraceEntry[] = [];
  execute(program, final, {
    ...options,
    onAction: (statement, action) => trace.push({ state: cloneWorld(final), statement, action }),
  });
  return { final, trace };
}

export interface ExecuteOptions extends RunOptions {
  /** Called after each action, with its statement and with what the robot did. */
  readonly onAction?: (statement: ActionStatement, action: Action) => void;
}

/**
 * Runs `program` on `world` in place; nothing is recorded.
 * @throws StepBudgetError as `run` does; `world` is then as it was when the budget was used up.
 */
export function execute(program: Program, world: World, options: ExecuteOptions = {}): void {
  new Execution(world, options).block(program.body);
}

/** Whether `condition` holds in `world`. */
export function holds(condition: Pick<Condition, 'name' | 'negated'>, world: World): boolean {
  return test(condition.name, world) !== condition.negated;
}

function test(name: Condition['name'], world: World): boolean {
  switch (name) {
    case 'frontIsClear':
      return !wallTowards(world, 0);
    case 'leftIsClear':
      return !wallTowards(world, 3);
    case 'rightIsClear':
      return !wallTowards(world, 1);
    case 'markersPresent':
      return world.markers[robotCell(world)]! > 0;
    case 'noMarkersPresent':
      return world.markers[robotCell(world)] === 0;
  }
}

class Execution {
  private readonly world: World;
  private readonly onAction: ExecuteOptions['onAction'];
  private readonly semantics: Semantics;
  private readonly maxSteps: number;
  private readonly markerLimit: number;
  private steps = 0;
  /** The loops that are running, outermost first, each with the step at which it began. */
  private readonly loops: { readonly loop: LoopStatement; readonly began: number }[] = [];

  constructor(world: World, options: ExecuteOptions) {
    this.world = world;
    this.onAction = options.onAction;
    this.semantics = options.semantics ?? ORIGINAL;
    this.maxSteps = options.maxSteps ?? DEFAULT_MAX_STEPS;
    this.markerLimit = options.markerLimit ?? MAX_MARKERS;
    if (!(this.markerLimit >= 0 && this.markerLimit <= NO_MARKER_LIMIT)) {
      throw new RangeError(`markerLimit is ${this.markerLimit}, expected 0 to ${NO_MARKER_LIMIT}`);
    }
  }

  block(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'action':
        this.action(statement);
        return;
      case 'repeat':
      case 'while':
        this.loop(statement);
        return;
      case 'if':
        if (this.asks(statement)) this.block(statement.body);
        return;
      case 'ifelse':
        this.block(this.asks(statement) ? statement.body : statement.otherwise);
        return;
    }
  }

  private action(statement: ActionStatement): void {
    this.step(statement);
    const action = this.semantics.map[statement.action];
    applyAction(this.world, action, this.markerLimit);
    this.onAction?.(statement, action);
  }

  private loop(statement: LoopStatement): void {
    this.loops.push({ loop: statement, began: this.steps });
    if (statement.kind === 'while') {
      while (this.asks(statement)) this.block(statement.body);
    } else {
      for (let round = 0; round < statement.times; round++) {
        this.step(statement);
        this.block(statement.body);
      }
    }
    this.loops.pop();
  }

  private asks(statement: Extract<Statement, { condition: Condition }>): boolean {
    this.step(statement);
    return holds(statement.condition, this.world);
  }

  private step(statement: Statement): void {
    if (this.steps === this.maxSteps) throw new StepBudgetError(this.maxSteps, this.culprit(), statement);
    this.steps++;
  }

  /**
   * The loop to blame: the innermost that has used half of the budget since it began. An inner loop that ends and
   * begins again all the time is innocent; so is an outer loop whose inner one never ends.
   */
  private culprit(): LoopStatement | null {
    const longest = this.loops.findLast(({ began }) => this.steps - began >= this.maxSteps / 2);
    return (longest ?? this.loops[0])?.loop ?? null;
  }
}
