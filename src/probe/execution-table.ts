/** @file The states of executed programs, and when each action was first executed. Chapter 15. */
import {
  type AbstractState,
  abstractState,
  abstractTrace,
  cloneWorld,
  execute,
  isAction,
  isStraight,
  type ProgramWord,
  programOfWords,
  type Semantics,
  STEP_BUDGET,
  StepBudgetError,
  type World,
} from '../karel/index.ts';

/** The abstract states of many executions, one after the other: each from s_0 (the input) to s_n (after n executed actions). */
export interface StateTable {
  /** Columns to the right and rows down from s_0. [states] */
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  /** 0 up, 1 right, 2 down, 3 left. [states] */
  readonly facing: Int32Array;
  /** 1 if the cell in front is a wall or the border. [states] */
  readonly wall: Int32Array;
}

/**
 * States, and where to find them. For a straight line of n actions there are n + 1 states under any semantics, and action i
 * is executed as the i-th. Elsewhere an action may be executed often or never, and differently under each semantics. An
 * execution that does not end within the study's budget of steps has s_0 only, and executes no action.
 */
export interface ExecutionTable extends StateTable {
  /** Row of s_0 of each execution, program after program, example after example; then how many states there are. [executions + 1] */
  readonly starts: Int32Array;
  /**
   * For each execution, for each action of the program's text: how many actions had been executed when it had been for the
   * first time, itself included; 0 if it never was. [actions of all executions]
   */
  readonly first: Int32Array;
}

/** One execution: its states, and `first` as in a table. */
interface Run {
  readonly states: readonly AbstractState[];
  readonly first: readonly number[];
}

/** Collects executions under one semantics. */
export class TableBuilder {
  private readonly semantics: Semantics;
  private readonly columns = { dx: [] as number[], dy: [] as number[], facing: [] as number[], wall: [] as number[] };
  private readonly starts: number[] = [0];
  private readonly first: number[] = [];

  constructor(semantics: Semantics) {
    this.semantics = semantics;
  }

  /** Executes the program of these words from `input`. Throws `KarelSyntaxError` if they are none. */
  add(input: World, words: readonly ProgramWord[]): void {
    const { dx, dy, facing, wall } = this.columns;
    const { states, first } = runOf(words, input, this.semantics);
    for (const state of states) {
      dx.push(state.x - input.x);
      dy.push(state.y - input.y);
      facing.push(state.facing);
      wall.push(state.frontIsWall ? 1 : 0);
    }
    this.starts.push(dx.length);
    for (const count of first) this.first.push(count);
  }

  finish(): ExecutionTable {
    const { dx, dy, facing, wall } = this.columns;
    return {
      dx: Int32Array.from(dx),
      dy: Int32Array.from(dy),
      facing: Int32Array.from(facing),
      wall: Int32Array.from(wall),
      starts: Int32Array.from(this.starts),
      first: Int32Array.from(this.first),
    };
  }
}

function runOf(words: readonly ProgramWord[], input: World, semantics: Semantics): Run {
  if (isStraight(words)) {
    return { states: abstractTrace(input, words, semantics), first: words.map((_, index) => index + 1) };
  }
  // Each action's number in the text, found by its place: the interpreter tells places, as columns from 1.
  const numbers = new Map<number, number>();
  for (const [place, word] of words.entries()) if (isAction(word)) numbers.set(place + 1, numbers.size);
  const first = new Array<number>(numbers.size).fill(0);
  const world = cloneWorld(input);
  const states = [abstractState(world)];
  try {
    execute(programOfWords(words), world, {
      semantics,
      maxSteps: STEP_BUDGET,
      onAction: ({ position }) => {
        const number = numbers.get(position.column)!;
        if (first[number] === 0) first[number] = states.length;
        states.push(abstractState(world));
      },
    });
  } catch (error) {
    if (!(error instanceof StepBudgetError)) throw error;
    return { states: [states[0]!], first: first.fill(0) };
  }
  return { states, first };
}
