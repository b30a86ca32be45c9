/** @file Draws samples with straight-line programs, straight into tokens. Chapter 2. */

import type { Action } from './actions.ts';
import type { CorpusSettings } from './corpus-settings.ts';
import { applyActions } from './execute.ts';
import type { Executor } from './executor.ts';
import { weightedActions } from './random-program.ts';
import { fillRandomWorld, type Random, randomInteger } from './random-world.ts';
import { encodeWorld, sampleLength } from './tokenizer.ts';
import { type ProgramWord, TOKEN, tokenOfWord } from './vocabulary.ts';
import { createWorld, type World } from './world.ts';

/** Writes random samples as tokens; nothing is allocated per sample. */
export class SampleDrawer {
  protected readonly settings: CorpusSettings;
  protected readonly random: Random;
  protected readonly urn: readonly Action[];
  protected readonly world: World;
  private readonly program: Action[] = [];
  private readonly perform: Executor = (world) => {
    applyActions(world, this.program);
    return true;
  };

  constructor(settings: CorpusSettings, random: Random) {
    this.settings = settings;
    this.random = random;
    this.urn = weightedActions(settings.actionWeights);
    this.world = createWorld(settings.width, settings.height);
  }

  /** Overwrites `tokens` from `at` with a random sample: [sampleLength]. */
  sample(tokens: Uint8Array, at: number): void {
    const { random, urn, program } = this;
    program.length = this.drawLength();
    for (let index = 0; index < program.length; index++) program[index] = urn[randomInteger(random, urn.length)]!;
    this.write(tokens, at, program, this.perform);
  }

  /** Words of a program: uniform between the bounds. */
  protected drawLength(): number {
    const { minLength, maxLength } = this.settings;
    return minLength + randomInteger(this.random, maxLength - minLength + 1);
  }

  /**
   * Overwrites `tokens` from `at` with random worlds, what `execute` makes of each, and the program: [sampleLength]. False,
   * and nothing worth keeping, as soon as `execute` returns false.
   */
  protected write(tokens: Uint8Array, at: number, program: readonly ProgramWord[], execute: Executor): boolean {
    const { settings, random, world } = this;
    let next = at;
    tokens[next++] = TOKEN.BOS;
    for (let example = 0; example < settings.examples; example++) {
      fillRandomWorld(world, random, settings.wallRatio, settings.markerRatio);
      tokens[next++] = TOKEN.IN;
      encodeWorld(world, tokens, next);
      next += world.walls.length;
      if (!execute(world)) return false;
      tokens[next++] = TOKEN.OUT;
      encodeWorld(world, tokens, next);
      next += world.walls.length;
    }
    tokens[next++] = TOKEN.CODE;
    for (const word of program) tokens[next++] = tokenOfWord(word);
    tokens[next++] = TOKEN.END;
    tokens.fill(TOKEN.PAD, next, at + sampleLength(settings));
    return true;
  }

  /**
   * Writes `count` random worlds behind the sample at `at`, which must be the last that was drawn; each is drawn anew while
   * it equals one of the sample's inputs or the drawer does not accept it (a hundred times at most: a tiny world may have no
   * other).
   */
  unseen(tokens: Uint8Array, at: number, count: number): void {
    const { settings, random, world } = this;
    const cells = world.walls.length;
    for (let index = 0; index < count; index++) {
      const start = at + sampleLength(settings) + index * cells;
      for (let attempt = 0; attempt < 100; attempt++) {
        fillRandomWorld(world, random, settings.wallRatio, settings.markerRatio);
        encodeWorld(world, tokens, start);
        if (!this.isInput(tokens, at, start) && this.accepts(world)) break;
      }
    }
  }

  /** Whether `world`, which may be changed, can be an unseen one. */
  protected accepts(_world: World): boolean {
    return true;
  }

  /** Whether the grid at `start` is one of the input grids of the sample at `at`. */
  private isInput(tokens: Uint8Array, at: number, start: number): boolean {
    const cells = this.world.walls.length;
    for (let example = 0; example < this.settings.examples; example++) {
      const input = at + 2 + example * 2 * (1 + cells);
      let cell = 0;
      while (cell < cells && tokens[input + cell] === tokens[start + cell]) cell++;
      if (cell === cells) return true;
    }
    return false;
  }
}
