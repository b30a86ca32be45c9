/** @file Draws samples with branches and loops that end, that are executed whole, and that depend on the world. Chapter 15. */

import { CONDITIONS, type Program } from './ast.ts';
import { randomControlProgram } from './control-program.ts';
import { CorpusError } from './corpus-settings.ts';
import { type Executor, executorOf, STEP_BUDGET } from './executor.ts';
import { execute, StepBudgetError } from './interpreter.ts';
import { isAction, programOfWords } from './program-words.ts';
import { SampleDrawer } from './sample-drawer.ts';
import type { ProgramWord } from './vocabulary.ts';
import type { World } from './world.ts';

/** Programs of a length are drawn this often before we conclude that none of them will do. */
const MAX_REDRAWS = 10_000;

/** A program is tried on this many draws of worlds before another is drawn. */
const MAX_WORLDS = 20;

/**
 * Samples whose programs are those of `randomControlProgram`. Worlds are drawn for a program, and after some tries another
 * program of the same length, until
 *
 * - it ends on every input within the study's budget;
 * - each of its actions is executed in at least one example: what no example executes, no specification can ask for;
 * - if it has a condition, and there are several examples, not all of them execute the same actions: else the straight line
 *   of these actions would do as well.
 */
export class ControlDrawer extends SampleDrawer {
  private lately: Executor = () => true;

  override sample(tokens: Uint8Array, at: number): void {
    const length = this.drawLength();
    for (let redraws = 0; redraws < MAX_REDRAWS; redraws++) {
      const words = randomControlProgram(this.random, length, this.urn);
      const program = programOfWords(words);
      for (let worlds = 0; worlds < MAX_WORLDS; worlds++) {
        if (!this.writeIfUseful(tokens, at, words, program)) continue;
        this.lately = executorOf(words);
        return;
      }
    }
    throw new CorpusError(`corpus: found no worlds for a program of ${length} words`);
  }

  /** An unseen world is one on which the program ends too. */
  protected override accepts(world: World): boolean {
    return this.lately(world);
  }

  private writeIfUseful(tokens: Uint8Array, at: number, words: readonly ProgramWord[], program: Program): boolean {
    const executions: string[] = []; // places of the executed actions, example by example
    const executed = new Set<number>();
    const ends: Executor = (world) => {
      const places: number[] = [];
      try {
        execute(program, world, { maxSteps: STEP_BUDGET, onAction: ({ position }) => places.push(position.column) });
        executions.push(places.join());
        for (const place of places) executed.add(place);
        return true;
      } catch (error) {
        if (error instanceof StepBudgetError) return false;
        throw error;
      }
    };
    if (!this.write(tokens, at, words, ends) || executed.size < words.filter(isAction).length) return false;
    return executions.length === 1 || !hasCondition(words) || executions.some((one) => one !== executions[0]);
  }
}

function hasCondition(words: readonly ProgramWord[]): boolean {
  return words.some((word) => CONDITIONS.some((name) => name === word));
}
