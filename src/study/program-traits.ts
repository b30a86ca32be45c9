/** @file What a program is like on the inputs of its specification, in numbers that can be added up. Chapter 8. */
import { ACTIONS, type Action, effectClass, isRemovalMinimal, noOpsOf, type World } from '../karel/index.ts';

/** Of one program, or the sums over several; and how often each action occurs. */
export interface Traits extends Readonly<Record<Action, number>> {
  readonly programs: number;
  /** Actions. */
  readonly length: number;
  /** Actions that change nothing in any input when their turn comes. */
  readonly noOps: number;
  /** Programs with a no-op. */
  readonly withNoOp: number;
  /** Programs out of which an action can be taken without changing a final world as drawn. */
  readonly notMinimal: number;
}

export function traitsOf(inputs: readonly World[], program: readonly Action[]): Traits {
  const noOps = noOpsOf(inputs, program).length;
  const count = (name: Action): number => program.filter((action) => action === name).length;
  return {
    programs: 1,
    length: program.length,
    noOps,
    withNoOp: noOps > 0 ? 1 : 0,
    notMinimal: isRemovalMinimal(inputs, program) ? 0 : 1,
    ...(Object.fromEntries(ACTIONS.map((name) => [name, count(name)])) as Record<Action, number>),
  };
}

/** The effect class of a program on `battery`; that of a program that came before is not computed again. */
export function effectsOn(battery: readonly World[]): (program: readonly Action[]) => string {
  const known = new Map<string, string>();
  return (program) => {
    const text = program.join(' ');
    const found = known.get(text) ?? effectClass(battery, program);
    known.set(text, found);
    return found;
  };
}
