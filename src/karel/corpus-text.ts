/** @file Records for a person to read. Chapter 2. */

import { printProgram } from './printer.ts';
import { isStraight, programOfWords } from './program-words.ts';
import type { Sample } from './specification.ts';
import type { ProgramWord } from './vocabulary.ts';
import { worldLines } from './world-text.ts';

/**
 * The examples of `sample` beside each other, each input above its output, and the program below:
 *
 *     in   ####   ####
 *          #>.#   #.v#
 *          ####   ####
 *     out  ...
 *     program  move; turnLeft
 */
export function sampleToText(sample: Sample): string {
  const row = (label: string, worlds: Sample['inputs']) => {
    const drawn = worlds.map(worldLines);
    return (drawn[0] ?? []).map((_, line) => {
      const cells = drawn.map((lines) => lines[line]).join('   ');
      return `${(line === 0 ? label : '').padEnd(5)}${cells}`;
    });
  };
  const program = `program  ${programText(sample.program)}`;
  return [...row('in', sample.inputs), ...row('out', sample.outputs), program].join('\n');
}

/** A program on one line: `move; turnLeft`, `repeat (2) { move }`. Throws KarelSyntaxError if the words are none. */
export function programText(words: readonly ProgramWord[]): string {
  return isStraight(words) ? words.join('; ') : printProgram(programOfWords(words), { oneLine: true });
}
