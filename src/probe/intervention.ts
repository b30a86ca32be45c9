/** @file The intervention: the same programs, executed under semantics of our choice. Chapter 7. */
import { type Action, abstractTrace, type Semantics, type Specification } from '../karel/index.ts';
import { ProbeError } from './errors.ts';

/** What a model wrote for a specification, right or wrong: its actions without END. */
export interface GeneratedProgram extends Specification {
  readonly actions: readonly Action[];
}

/** What is executed: a program and the worlds that it may start in. */
export type Execution = Pick<GeneratedProgram, 'inputs' | 'actions'>;

/** From which of a specification's inputs programs are started: one of them (0 is the first), or each. */
export type Examples = number | 'all';

/**
 * The states of many executions, one after the other: for each program, for each chosen example, s_0 (the input) to s_n
 * (after the last of n actions). Where they lie depends on the programs' lengths alone, so the pairs that
 * `alignPairs` makes fit the tables of all semantics.
 */
export interface StateTable {
  /** Columns to the right and rows down from s_0. [states] */
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  /** 0 up, 1 right, 2 down, 3 left. [states] */
  readonly facing: Int32Array;
  /** 1 if the cell in front is a wall or the border. [states] */
  readonly wall: Int32Array;
}

/** How many executions there are of each program. Throws {@link ProbeError} if there is no such example. */
export function exampleCount(programs: readonly Execution[], examples: Examples): number {
  if (examples !== 'all') return 1;
  const count = programs[0]?.inputs.length ?? 0;
  const other = programs.findIndex(({ inputs }) => inputs.length !== count);
  if (other < 0) return count;
  throw new ProbeError(`traces: program ${other} has ${programs[other]!.inputs.length} inputs, the first has ${count}`);
}

/**
 * Executes every program under `semantics`. With any but the original semantics this is the study's intervention
 * (Jin & Rinard 2024, section 4): the model's hidden states stay as they are, what they are said to mean changes.
 * Throws {@link ProbeError} if a program lacks a chosen example.
 */
export function executeUnder(semantics: Semantics, programs: readonly Execution[], examples: Examples = 0): StateTable {
  const runs = exampleCount(programs, examples);
  const states = programs.reduce((sum, { actions }) => sum + runs * (actions.length + 1), 0);
  const table = {
    dx: new Int32Array(states),
    dy: new Int32Array(states),
    facing: new Int32Array(states),
    wall: new Int32Array(states),
  };
  let at = 0;
  programs.forEach(({ inputs, actions }, program) => {
    const first = examples === 'all' ? 0 : examples;
    for (let example = first; example < first + runs; example++) {
      const input = inputs[example];
      if (!input) throw new ProbeError(`traces: program ${program} has ${inputs.length} inputs, none at ${example}`);
      for (const state of abstractTrace(input, actions, semantics)) {
        table.dx[at] = state.x - input.x;
        table.dy[at] = state.y - input.y;
        table.facing[at] = state.facing;
        table.wall[at] = state.frontIsWall ? 1 : 0;
        at++;
      }
    }
  });
  return table;
}
