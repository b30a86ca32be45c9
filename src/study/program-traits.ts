/** @file What a program is like on the inputs of its specification, in numbers that can be added up. Chapter 11. */
import {
  ACTIONS,
  type Action,
  actionsOf,
  effectClass,
  isRemovalMinimal,
  isStraight,
  noOpsOf,
  type ProgramWord,
  type World,
} from '../karel/index.ts';

/** Of one program, or the sums over several; and how often each action occurs. */
export interface Traits extends Readonly<Record<Action, number>> {
  readonly programs: number;
  /** Words: of a straight line, its actions. */
  readonly length: number;
  readonly actions: number;
  /** Programs with a branch or a loop. */
  readonly withControl: number;
  /** The next three are of straight lines, and 0 for all others. Actions that change nothing in any input when their turn comes. */
  readonly noOps: number;
  /** Programs with a no-op. */
  readonly withNoOp: number;
  /** Programs out of which an action can be taken without changing a final world as drawn. */
  readonly notMinimal: number;
}

export function traitsOf(inputs: readonly World[], program: readonly ProgramWord[]): Traits {
  const straight = isStraight(program) ? program : undefined;
  const noOps = straight ? noOpsOf(inputs, straight).length : 0;
  const actions = actionsOf(program);
  const count = (name: Action): number => actions.filter((action) => action === name).length;
  return {
    programs: 1,
    length: program.length,
    actions: actions.length,
    withControl: straight ? 0 : 1,
    noOps,
    withNoOp: noOps > 0 ? 1 : 0,
    notMinimal: !straight || isRemovalMinimal(inputs, straight) ? 0 : 1,
    ...(Object.fromEntries(ACTIONS.map((name) => [name, count(name)])) as Record<Action, number>),
  };
}

/** The effect class of a program on `battery`; that of a program that came before is not computed again. */
export function effectsOn(battery: readonly World[]): (program: readonly ProgramWord[]) => string {
  const known = new Map<string, string>();
  return (program) => {
    const text = program.join(' ');
    const found = known.get(text) ?? effectClass(battery, program);
    known.set(text, found);
    return found;
  };
}
