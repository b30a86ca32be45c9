/** @file Random programs with branches and loops, of exactly so many words. Chapter 15. */

import type { Action } from './actions.ts';
import { CONDITIONS } from './ast.ts';
import { type Random, randomInteger } from './random-world.ts';
import { type ProgramWord, REPEAT_COUNTS } from './vocabulary.ts';

/** Blocks nest this deep at most. */
export const MAX_CONTROL_DEPTH = 2;

/** The probability that a statement branches or loops, where there is room for one that does. */
export const CONTROL_SHARE = 0.5;

/** The probability of `not` before a condition, where there is room for it. */
export const NOT_SHARE = 0.25;

/** Words of the shortest statement with a block, such as `repeat 2 { move }`. */
export const SHORTEST_CONTROL = 5;

/** The kinds of statements with blocks, and the fewest words of each: all but the actions in its blocks, and one in each. */
const KINDS = [
  { kind: 'repeat', least: SHORTEST_CONTROL },
  { kind: 'while', least: SHORTEST_CONTROL },
  { kind: 'if', least: SHORTEST_CONTROL },
  { kind: 'ifelse', least: 9 },
] as const;

/**
 * A random program of exactly `length` words, statement by statement from the first. A statement is one with blocks with
 * probability {@link CONTROL_SHARE} if the words that are left suffice for one, and each kind that they suffice for is as
 * likely; else it is an action, drawn from `urn`. Conditions and counts are uniform. So is the number of words in a block,
 * among those that leave one word at least for the other block of an `ifelse`.
 * The program may well never end, and there may be words in it that are never reached.
 */
export function randomControlProgram(random: Random, length: number, urn: readonly Action[]): ProgramWord[] {
  const pick = <T>(items: readonly T[]): T => items[randomInteger(random, items.length)]!;
  const words: ProgramWord[] = [];

  function statements(room: number, depth: number): void {
    while (room > 0) room -= statement(room, depth);
  }

  /** Adds a statement of at most `room` words; how many it has. */
  function statement(room: number, depth: number): number {
    const kinds = depth < MAX_CONTROL_DEPTH ? KINDS.filter(({ least }) => least <= room) : [];
    if (kinds.length === 0 || random() >= CONTROL_SHARE) {
      words.push(pick(urn));
      return 1;
    }
    const start = words.length;
    const { kind, least } = pick(kinds);
    words.push(kind);
    if (kind === 'repeat') words.push(pick(REPEAT_COUNTS));
    else {
      if (least < room && random() < NOT_SHARE) words.push('not');
      words.push(pick(CONDITIONS));
    }
    // What is left for the blocks, less the braces and an `else`.
    const inner = room - (words.length - start) - (kind === 'ifelse' ? 5 : 2);
    const first = 1 + randomInteger(random, kind === 'ifelse' ? inner - 1 : inner);
    block(first, depth);
    if (kind === 'ifelse') {
      words.push('else');
      block(1 + randomInteger(random, inner - first), depth);
    }
    return words.length - start;
  }

  function block(room: number, depth: number): void {
    words.push('{');
    statements(room, depth + 1);
    words.push('}');
  }

  statements(length, 0);
  return words;
}
