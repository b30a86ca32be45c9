/** @file Draws samples with branches and loops that end and of which every action is executed. Chapter 9. */

import { randomControlProgram } from './control-program.ts';
import { CorpusError } from './corpus-settings.ts';
import { type Executor, executorOf, STEP_BUDGET } from './executor.ts';
import { execute, StepBudgetError } from './interpreter.ts';
import { isAction, programOfWords } from './program-words.ts';
import { SampleDrawer } from './sample-drawer.ts';
import type { ProgramWord } from './vocabulary.ts';
import type { World } from './world.ts';

/** A program with its worlds is redrawn this often before we conclude that there is none of its length. */
const MAX_REDRAWS = 10_000;

/**
 * Samples whose programs are those of `randomControlProgram`, drawn again, with new worlds and the same length, until
 * the program ends on every input within the study's budget and each of its actions is executed in at least one example:
 * what no example executes, no specification can ask for. So no branch is idle in all examples; an `ifelse` needs examples that
 * differ, or a loop around it.
 */
export class ControlDrawer extends SampleDrawer {
  private lately: Executor = () => true;

  override sample(tokens: Uint8Array, at: number): void {
    const length = this.drawLength();
    for (let redraws = 0; redraws < MAX_REDRAWS; redraws++) {
      const words = randomControlProgram(this.random, length, this.urn);
      if (this.writeIfUseful(tokens, at, words)) {
        this.lately = executorOf(words);
        return;
      }
    }
    throw new CorpusError(`corpus: found no program of ${length} words that ends and executes all of its actions`);
  }

  /** An unseen world is one on which the program ends too. */
  protected override accepts(world: World): boolean {
    return this.lately(world);
  }

  private writeIfUseful(tokens: Uint8Array, at: number, words: readonly ProgramWord[]): boolean {
    const program = programOfWords(words);
    const executed = new Set<number>();
    const onAction = ({ position }: { position: { column: number } }) => void executed.add(position.column);
    const ends: Executor = (world) => {
      try {
        execute(program, world, { maxSteps: STEP_BUDGET, onAction });
        return true;
      } catch (error) {
        if (error instanceof StepBudgetError) return false;
        throw error;
      }
    };
    return this.write(tokens, at, words, ends) && executed.size === words.filter(isAction).length;
  }
}
