/** @file What a program is asked to do, and whether it does it. Chapter 2. */

import type { Action } from './actions.ts';
import { applyActions, runActions } from './execute.ts';
import { ORIGINAL, type Semantics } from './semantics.ts';
import { cloneWorld, copyWorld, type World, worldEqualsAsDrawn } from './world.ts';

/** Pairs of worlds: `outputs[i]` is what becomes of `inputs[i]`. */
export interface Specification {
  readonly inputs: readonly World[];
  readonly outputs: readonly World[];
}

/** A specification and a program that meets it. */
export interface Sample extends Specification {
  readonly program: readonly Action[];
}

/** The specification that `program` defines on `inputs`. */
export function specify(inputs: readonly World[], program: readonly Action[]): Specification {
  return { inputs, outputs: inputs.map((input) => runActions(input, program)) };
}

/**
 * Whether `actions` turn every input into its output as drawn. Any program that does is correct, not only the one
 * that the specification was made with. Source: Jin & Rinard 2024, generative accuracy.
 */
export function solves(
  specification: Specification,
  actions: readonly Action[],
  semantics: Semantics = ORIGINAL,
): boolean {
  const { inputs, outputs } = specification;
  if (inputs.length !== outputs.length) {
    throw new RangeError(`specification has ${inputs.length} inputs and ${outputs.length} outputs`);
  }
  let scratch: World | null = null;
  for (let index = 0; index < inputs.length; index++) {
    const input = inputs[index]!;
    if (scratch === null || scratch.width !== input.width || scratch.height !== input.height)
      scratch = cloneWorld(input);
    else copyWorld(input, scratch);
    applyActions(scratch, actions, semantics);
    if (!worldEqualsAsDrawn(scratch, outputs[index]!)) return false;
  }
  return true;
}

/** Whether `actions` do to the `unseen` worlds, as drawn, what `program` does: the released code's second check. */
export function agreesOn(unseen: readonly World[], program: readonly Action[], actions: readonly Action[]): boolean {
  return solves(specify(unseen, program), actions);
}
