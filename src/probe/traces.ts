/** @file The trace dataset: which hidden state is asked about which program state. Chapter 9. */

/** Whether the state after a program's last action is asked for: the specification shows it to the model. */
export type LastState = 'dropped' | 'kept';

export interface Alignment {
  /** h_i, from which action i was generated, is asked about s_{i + offset}; s_i is the state after action i. */
  readonly offset: number;
  readonly lastState: LastState;
  /** How many executions there are of each program: see `exampleCount`. */
  readonly runs: number;
}

/** What a probe is trained or tested on, one entry a pair. */
export interface Pairs {
  /** Row of h_i among the hidden states: action 1 of the first program is row 0, and END has no row. [pairs] */
  readonly hidden: Int32Array;
  /** Row of s_{i + offset} in the `StateTable`. [pairs] */
  readonly state: Int32Array;
  /** How many actions are executed after that state. [pairs] */
  readonly left: Int32Array;
  /** How many of the programs have at least one pair. */
  readonly programs: number;
}

/**
 * The pairs (h_i, s_{i + offset}) of programs of these lengths: 1 <= i <= n and 1 <= i + offset <= n - 1, or <= n when
 * the last state is kept. Source: Jin & Rinard 2024, the released code.
 */
export function alignPairs(lengths: ArrayLike<number>, { offset, lastState, runs }: Alignment): Pairs {
  const hidden: number[] = [];
  const state: number[] = [];
  const left: number[] = [];
  let programs = 0;
  let hiddenStart = 0;
  let stateStart = 0;
  for (let program = 0; program < lengths.length; program++) {
    const n = lengths[program]!;
    const last = lastState === 'kept' ? n : n - 1;
    const before = hidden.length;
    for (let run = 0; run < runs; run++) {
      for (let i = Math.max(1, 1 - offset); i <= Math.min(n, last - offset); i++) {
        hidden.push(hiddenStart + i - 1);
        state.push(stateStart + i + offset);
        left.push(n - i - offset);
      }
      stateStart += n + 1;
    }
    hiddenStart += n;
    if (hidden.length > before) programs++;
  }
  return { hidden: Int32Array.from(hidden), state: Int32Array.from(state), left: Int32Array.from(left), programs };
}

/** To which program each hidden state belongs, and from which of its actions, the first is 1, it comes. [actions in all] */
export function hiddenRows(lengths: readonly number[]): { readonly program: Int32Array; readonly action: Int32Array } {
  const rows = lengths.flatMap((n, program) => Array.from({ length: n }, (_, at) => [program, at + 1] as const));
  return { program: Int32Array.from(rows, ([program]) => program), action: Int32Array.from(rows, ([, i]) => i) };
}
