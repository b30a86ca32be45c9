/** @file Programs of either kind as something that changes a world in place, within a budget of steps. Chapter 15. */

import { applyActions } from './execute.ts';
import { execute, StepBudgetError } from './interpreter.ts';
import { isStraight, programOfWords } from './program-words.ts';
import { ORIGINAL, type Semantics } from './semantics.ts';
import type { ProgramWord } from './vocabulary.ts';
import type { World } from './world.ts';

/**
 * The steps that a program of the study may take, counted as the interpreter does; one that takes more counts as one that
 * never ends. Programs of a dozen words that end on small worlds take far fewer.
 */
export const STEP_BUDGET = 200;

/** Runs on `world` in place; false if the program did not end within {@link STEP_BUDGET}, `world` then being in between. */
export type Executor = (world: World) => boolean;

/**
 * The program that these words spell, ready to run under `semantics`.
 * @throws KarelSyntaxError if they spell none.
 */
export function executorOf(words: readonly ProgramWord[], semantics: Semantics = ORIGINAL): Executor {
  if (isStraight(words)) {
    return (world) => {
      applyActions(world, words, semantics);
      return true;
    };
  }
  const program = programOfWords(words);
  return (world) => {
    try {
      execute(program, world, { semantics, maxSteps: STEP_BUDGET });
      return true;
    } catch (error) {
      if (error instanceof StepBudgetError) return false;
      throw error;
    }
  };
}
