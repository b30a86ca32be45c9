/** @file The trace dataset of programs with branches and loops, the same pairs for all semantics. Chapter 15. */
import type { ExecutionTable } from './execution-table.ts';
import type { Alignment, Pairs } from './traces.ts';

/** Pairs of hidden states with states, one state under each semantics. */
export interface ExecutionPairs extends Omit<Pairs, 'state'> {
  /** For each semantics, rows of its table: `states[semantics][pair]` goes with `hidden[pair]`. */
  readonly states: readonly Int32Array[];
  /** How many actions are executed after the state, under the first semantics. [pairs] */
  readonly left: Int32Array;
  /** Pairs that there are under the first semantics, but not under all. */
  readonly lost: number;
}

/**
 * The pairs of programs with so many actions in their text, executed under several semantics: one table for each, of
 * the same programs, the first that of the meaning that counts.
 *
 * Let action i of the text be first executed as the f-th. At this offset its hidden state h_i is asked about s_{f + offset},
 * the state so many executed actions later or earlier, if 1 <= f + offset <= n - 1 (or <= n when the last state is kept) where
 * n actions are executed in all. An action that is not executed has no pair, however often the others are. Kept are the
 * pairs that there are under every semantics, so that probes are compared on the same hidden states.
 *
 * On straight lines f is i, and these are the pairs of `alignPairs`.
 */
export function alignExecutions(
  lengths: readonly number[],
  tables: readonly ExecutionTable[],
  { offset, lastState, runs }: Alignment,
): ExecutionPairs {
  const hidden: number[] = [];
  const states: number[][] = tables.map(() => []);
  const left: number[] = [];
  let programs = 0;
  let lost = 0;
  let hiddenStart = 0; // row of the program's first hidden state
  let firstStart = 0; // where its executions begin in `first`
  lengths.forEach((actions, program) => {
    const before = hidden.length;
    for (let run = 0; run < runs; run++, firstStart += actions) {
      const execution = program * runs + run;
      // #region pairs
      for (let action = 0; action < actions; action++) {
        const rows = tables.map((table) =>
          rowOf(table, execution, table.first[firstStart + action]!, offset, lastState),
        );
        if (rows.every((row) => row >= 0)) {
          hidden.push(hiddenStart + action);
          left.push(tables[0]!.starts[execution + 1]! - 1 - rows[0]!);
          for (const [semantics, row] of rows.entries()) states[semantics]!.push(row);
        } else if (rows[0]! >= 0) lost++;
      }
      // #endregion
    }
    hiddenStart += actions;
    if (hidden.length > before) programs++;
  });
  return {
    hidden: Int32Array.from(hidden),
    states: states.map((rows) => Int32Array.from(rows)),
    left: Int32Array.from(left),
    programs,
    lost,
  };
}

/** Row of the state `offset` executed actions from the `first`, or -1 where there is none. */
function rowOf(
  { starts }: ExecutionTable,
  execution: number,
  first: number,
  offset: number,
  lastState: Alignment['lastState'],
): number {
  const start = starts[execution]!;
  const executed = starts[execution + 1]! - start - 1;
  const at = first + offset;
  const last = lastState === 'kept' ? executed : executed - 1;
  return first > 0 && at >= 1 && at <= last ? start + at : -1;
}
