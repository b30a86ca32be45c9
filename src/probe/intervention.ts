/** @file The intervention: the same programs, executed under semantics of our choice. Chapter 10. */
import type { Action, ProgramWord, Semantics, Specification } from '../karel/index.ts';
import { ProbeError } from './errors.ts';
import { type ExecutionTable, TableBuilder } from './execution-table.ts';

/** What a model wrote for a specification, right or wrong: its actions without END. */
export interface GeneratedProgram extends Specification {
  readonly actions: readonly Action[];
  /** The whole text in a study of branches and loops, its actions among other words; absent for a straight line. */
  readonly words?: readonly ProgramWord[];
}

/** What is executed: a program and the worlds that it may start in. */
export type Execution = Pick<GeneratedProgram, 'inputs' | 'actions' | 'words'>;

/** From which of a specification's inputs programs are started: one of them (0 is the first), or each. */
export type Examples = number | 'all';

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
 * (Jin & Rinard 2024, section 4): the model's hidden states stay as they are, what they are said to mean changes. A program
 * that branches may then take other ways, and one that loops may not end: see {@link ExecutionTable}.
 * Throws {@link ProbeError} if a program lacks a chosen example.
 */
export function executeUnder(
  semantics: Semantics,
  programs: readonly Execution[],
  examples: Examples = 0,
): ExecutionTable {
  const runs = exampleCount(programs, examples);
  const table = new TableBuilder(semantics);
  // #region executions
  programs.forEach(({ inputs, actions, words }, program) => {
    const first = examples === 'all' ? 0 : examples;
    for (let example = first; example < first + runs; example++) {
      const input = inputs[example];
      if (!input) throw new ProbeError(`traces: program ${program} has ${inputs.length} inputs, none at ${example}`);
      table.add(input, words ?? actions);
    }
  });
  // #endregion
  return table.finish();
}
