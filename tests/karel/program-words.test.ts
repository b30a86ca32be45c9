/** @file Programs as words: to syntax trees and back, to tokens and back, executed and judged. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  abstractTrace,
  agreesOn,
  decodeSample,
  decodeWordTokens,
  effectBattery,
  effectClass,
  encodeSample,
  executorOf,
  FLIP,
  KarelSyntaxError,
  type ProgramWord,
  parseProgram,
  parseWorld,
  programEquals,
  programOfWords,
  programText,
  randomControlProgram,
  sampleToText,
  solves,
  specify,
  TOKEN,
  TokenError,
  tokenOfWord,
  tokensToText,
  weightedActions,
  wordsOfProgram,
} from '../../src/karel/index.ts';
import { anyActions, seeded } from './generators.ts';

const words = (text: string): ProgramWord[] => text.split(' ') as ProgramWord[];
const anyWords = fc
  .tuple(fc.integer({ min: 1 }), fc.integer({ min: 1, max: 16 }))
  .map(([seed, length]) => randomControlProgram(seeded(seed), length, weightedActions('released')));

describe('words and syntax trees', () => {
  test('the words of a program give it back, as its text does', () => {
    fc.assert(
      fc.property(anyWords, (program) => {
        expect(wordsOfProgram(programOfWords(program))).toEqual(program);
        expect(programEquals(parseProgram(programText(program)), programOfWords(program))).toBe(true);
      }),
    );
  });

  test.each([
    ['repeat move', "column 2: found 'move', expected one of 2, 3, 4"],
    ['while not move', "column 3: found 'move', expected a condition"],
    ['if markersPresent { }', "column 4: found '}', expected a statement"],
    ['ifelse markersPresent { move }', "column 6: found the end of the program, expected 'else'"],
    ['move }', "column 2: found '}', expected a statement or the end of the program"],
  ])('%s is refused: %s', (text, message) => {
    expect(() => programOfWords(words(text))).toThrow(KarelSyntaxError);
    expect(() => programOfWords(words(text))).toThrow(message);
  });
});

describe('samples with words', () => {
  const shape = { width: 3, height: 1, examples: 1, maxLength: 8, programs: 'control' } as const;
  const program = words('while frontIsClear { move } turnLeft');
  const sample = { ...specify([parseWorld('#####\n#>.1#\n#####')], program), program };

  test('tokens give the sample back, and a person can read them', () => {
    const tokens = encodeSample(shape, sample);
    expect(decodeSample(shape, tokens).program).toEqual(program);
    expect(encodeSample(shape, decodeSample(shape, tokens))).toEqual(tokens);
    expect(tokensToText(tokens)).toBe('BOS IN >.1 OUT ..^ CODE while frontIsClear { move } turnLeft END PAD PAD');
    expect(sampleToText(sample)).toContain('program  while (frontIsClear) { move }; turnLeft');
  });

  test('a shape of straight lines refuses them, words that are no program are refused, and so is one word too many', () => {
    const { programs, ...straight } = shape;
    expect(programs).toBe('control');
    expect(() => encodeSample(straight, sample)).toThrow('is no straight line');
    expect(() => decodeSample(straight, encodeSample(shape, sample))).toThrow('token 10 is 27 (while)');
    expect(() => decodeWordTokens([tokenOfWord('else'), TOKEN.END])).toThrow(TokenError);
    expect(() => encodeSample({ ...shape, maxLength: 5 }, sample)).toThrow('program has 6 words, expected at most 5');
  });
});

describe('judging', () => {
  const input = parseWorld('######\n#>...#\n######');
  const endless = words('while frontIsClear { turnLeft turnRight }');

  test('any program that does the same is right: a loop, its steps one by one, and not one step less', () => {
    const asked = specify([input], words('while frontIsClear { move }'));
    expect(solves(asked, words('move move move'))).toBe(true);
    expect(solves(asked, words('repeat 3 { move }'))).toBe(true);
    expect(solves(asked, words('repeat 2 { move }'))).toBe(false);
  });

  test('a program that does not end solves nothing, has an effect of its own, and cannot specify', () => {
    expect(executorOf(endless)(parseWorld('######\n#>...#\n######'))).toBe(false);
    expect(solves({ inputs: [input], outputs: [input] }, endless)).toBe(false);
    expect(() => specify([input], endless)).toThrow('does not end on input 0');
  });

  test('programs agree where neither ends, and not where one ends', () => {
    expect(agreesOn([input], endless, words('while frontIsClear { turnLeft turnLeft turnLeft turnLeft }'))).toBe(true);
    expect(agreesOn([input], endless, words('turnLeft turnRight'))).toBe(false);
    expect(agreesOn([input], words('turnLeft'), words('repeat 3 { turnRight }'))).toBe(true);
  });

  test('programs have one effect class if they do the same everywhere, though one loops', () => {
    const battery = effectBattery(seeded(1), { width: 4, height: 4 });
    const classOf = (text: string) => effectClass(battery, words(text));
    expect(classOf('repeat 2 { move }')).toBe(classOf('move move'));
    expect(classOf('ifelse frontIsClear { move } else { turnLeft }')).not.toBe(classOf('move'));
    expect(classOf('while frontIsClear { move }')).not.toBe(classOf('if frontIsClear { move }'));
  });

  test('straight lines under flipped semantics end where their abstract trace does', () => {
    fc.assert(
      fc.property(anyActions, (actions) => {
        const world = parseWorld('####\n#..#\n#>.#\n####');
        const last = abstractTrace(world, actions, FLIP).at(-1)!;
        executorOf(actions, FLIP)(world);
        expect([world.x, world.y, world.facing]).toEqual([last.x, last.y, last.facing]);
      }),
    );
  });
});
