/** @file What a program is asked to do, and whether it does it. Chapter 2. */

import { executorOf } from './executor.ts';
import { ORIGINAL, type Semantics } from './semantics.ts';
import type { ProgramWord } from './vocabulary.ts';
import { cloneWorld, copyWorld, type World, worldEqualsAsDrawn } from './world.ts';

/** Pairs of worlds: `outputs[i]` is what becomes of `inputs[i]`. */
export interface Specification {
  readonly inputs: readonly World[];
  readonly outputs: readonly World[];
}

/** A specification and a program that meets it. */
export interface Sample extends Specification {
  readonly program: readonly ProgramWord[];
}

/**
 * The specification that `program` defines on `inputs`.
 * @throws RangeError if it does not end on one of them within the study's budget; KarelSyntaxError if it is no program.
 */
export function specify(inputs: readonly World[], program: readonly ProgramWord[]): Specification {
  const execute = executorOf(program);
  const outputs = inputs.map((input, index) => {
    const output = cloneWorld(input);
    if (!execute(output)) throw new RangeError(`program '${program.join(' ')}' does not end on input ${index}`);
    return output;
  });
  return { inputs, outputs };
}

/**
 * Whether `program` turns every input into its output as drawn. Any program that does is correct, not only the one
 * that the specification was made with; one that does not end within the study's budget is not. Source: Jin & Rinard
 * 2024, generative accuracy.
 * @throws KarelSyntaxError if the words are no program.
 */
export function solves(
  specification: Specification,
  program: readonly ProgramWord[],
  semantics: Semantics = ORIGINAL,
): boolean {
  const { inputs, outputs } = specification;
  if (inputs.length !== outputs.length) {
    throw new RangeError(`specification has ${inputs.length} inputs and ${outputs.length} outputs`);
  }
  const execute = executorOf(program, semantics);
  let scratch: World | null = null;
  for (let index = 0; index < inputs.length; index++) {
    const input = inputs[index]!;
    if (scratch === null || scratch.width !== input.width || scratch.height !== input.height)
      scratch = cloneWorld(input);
    else copyWorld(input, scratch);
    if (!execute(scratch) || !worldEqualsAsDrawn(scratch, outputs[index]!)) return false;
  }
  return true;
}

/**
 * Whether `written` does to the `unseen` worlds, as drawn, what `program` does: the released code's second check. Where one
 * does not end, the other must not either.
 */
export function agreesOn(
  unseen: readonly World[],
  program: readonly ProgramWord[],
  written: readonly ProgramWord[],
): boolean {
  const [one, other] = [executorOf(program), executorOf(written)];
  return unseen.every((world) => {
    const [expected, actual] = [cloneWorld(world), cloneWorld(world)];
    const ends = one(expected);
    return other(actual) === ends && (!ends || worldEqualsAsDrawn(expected, actual));
  });
}
