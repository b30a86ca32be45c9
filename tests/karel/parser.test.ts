/** @file The grammar, its errors, and parsing what was printed. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  CONDITIONS,
  KarelSyntaxError,
  parseProgram,
  printProgram,
  programEquals,
  programOf,
  RELEASED,
  straightLine,
} from '../../src/karel/index.ts';
import { anyProgram } from './generators.ts';

const anyStyle = fc.record({
  spelling: fc.constantFrom('camel' as const, 'snake' as const),
  semicolons: fc.boolean(),
  wrapper: fc.boolean(),
  oneLine: fc.boolean(),
});

test('parse of print is the identity, in every style', () => {
  fc.assert(
    fc.property(anyProgram, anyStyle, (program, style) =>
      programEquals(parseProgram(printProgram(program, style)), program),
    ),
    { numRuns: 500 },
  );
});

test('programEquals sees a changed action, a missing statement and a lost not', () => {
  const program = parseProgram('while (not frontIsClear) { move }; turnLeft');
  for (const other of ['while (not frontIsClear) { move }; turnRight', 'while (frontIsClear) { move }; turnLeft']) {
    expect(programEquals(program, parseProgram(other))).toBe(false);
  }
  expect(programEquals(program, parseProgram('while (not frontIsClear) { }; turnLeft'))).toBe(false);
});

describe('spellings', () => {
  test('camel and snake, calls and plain words, with and without ; are one program', () => {
    const texts = [
      'turnLeft; move; pickMarker',
      'turn_left(); move(); pick_marker();',
      'turnLeft() move pick_marker',
      'def run() { turnLeft\n move\n pickMarker }',
    ];
    const actions = texts.map((text) => straightLine(parseProgram(text)));
    expect(actions).toEqual(texts.map(() => ['turnLeft', 'move', 'pickMarker']));
  });

  test('every condition is read in both spellings, plain and under not', () => {
    for (const name of CONDITIONS) {
      for (const negated of [false, true]) {
        const spelt = (negated ? 'not ' : '') + name;
        const camel = parseProgram(`if (${spelt}) { move }`);
        expect(camel.body[0]).toMatchObject({ kind: 'if', condition: { name, negated } });
        expect(programEquals(parseProgram(printProgram(camel, RELEASED)), camel)).toBe(true);
      }
    }
  });

  test('an empty text and an empty block are programs that do nothing', () => {
    expect(['', ' \n', 'def run() { }'].map((text) => parseProgram(text).body)).toEqual([[], [], []]);
    expect(parseProgram('repeat (3) {}').body[0]).toMatchObject({ kind: 'repeat', times: 3, body: [] });
  });
});

test('readable style puts one statement on a line, two spaces a block', () => {
  const text =
    'move;\nifelse (not frontIsClear) {\n  turnLeft;\n  repeat (2) {\n    move\n  }\n} else {\n  putMarker\n}';
  expect(printProgram(parseProgram(text))).toBe(text);
});

test('positions are the line and column where a statement and a condition begin', () => {
  const program = parseProgram('move;\n  while (not frontIsClear) {\r\n\tturnLeft }');
  expect(program.body).toMatchObject([
    { position: { line: 1, column: 1 } },
    {
      position: { line: 2, column: 3 },
      condition: { position: { line: 2, column: 10 } },
      body: [{ position: { line: 3, column: 2 } }],
    },
  ]);
});

test('straightLine gives back the actions of programOf, and null for a program that branches', () => {
  expect(straightLine(programOf(ACTIONS))).toEqual([...ACTIONS]);
  expect(straightLine(parseProgram('move; if (frontIsClear) { }'))).toBeNull();
});

describe('syntax errors say line, column, what was found and what was expected', () => {
  const statement = 'a statement (move, turnLeft, turnRight, pickMarker, putMarker, repeat, while, if, ifelse)';
  const condition = 'a condition (frontIsClear, leftIsClear, rightIsClear, markersPresent, noMarkersPresent)';
  test.each([
    ['move;\nmvoe', 2, 1, "'mvoe'", `${statement} or the end of the program`],
    ['move;;', 1, 6, "';'", `${statement} or the end of the program`],
    ['if (frontIsClear) { move', 1, 25, 'the end of the program', `${statement} or '}'`],
    ['if (move) { }', 1, 5, "'move'", `'not' or ${condition}`],
    ['if (not move) { }', 1, 9, "'move'", `'not' or ${condition}`],
    ['if frontIsClear { }', 1, 4, "'frontIsClear'", "'('"],
    ['while (frontIsClear) { } else { }', 1, 26, "'else'", `${statement} or the end of the program`],
    ['ifelse (frontIsClear) { }', 1, 26, 'the end of the program', "'else'"],
    ['repeat (x) { }', 1, 9, "'x'", 'a number from 0 to 9007199254740991'],
    ['repeat (99999999999999999) { }', 1, 9, "'99999999999999999'", 'a number from 0 to 9007199254740991'],
    ['repeat (2x) { }', 1, 9, "'2x'", 'a word, a number or one of ( ) { } ; : ! = ,'],
    ['move(3)', 1, 6, "'3'", "')'"],
    ['move\n🤖', 2, 1, "'🤖'", 'a word, a number or one of ( ) { } ; : ! = ,'],
    ['turn_Left', 1, 1, "'turn_Left'", `${statement} or the end of the program`],
    ['def main() { }', 1, 5, "'main'", "'run'"],
    ['def run() { } move', 1, 15, "'move'", 'the end of the program'],
  ])('%j', (text, line, column, found, expected) => {
    const error = syntaxErrorOf(text);
    expect(error).toMatchObject({ line, column, found, expected });
    expect(error.message).toBe(`line ${line}, column ${column}: found ${found}, expected ${expected}`);
  });

  test('blocks nested 200 deep are read, 201 are refused rather than exhausting the stack', () => {
    const nested = (depth: number) => `${'repeat (1) {'.repeat(depth)}${'}'.repeat(depth)}`;
    expect(parseProgram(nested(200)).body).toHaveLength(1);
    expect(syntaxErrorOf(nested(201)).expected).toBe('at most 200 nested blocks');
    expect(syntaxErrorOf(nested(100_000)).expected).toBe('at most 200 nested blocks');
  });

  test('no text makes the parser throw anything else', () => {
    const piece = fc.constantFrom(
      'move',
      'if',
      'ifelse',
      'else',
      'while',
      'repeat',
      'not',
      'def',
      'run',
      '(',
      ')',
      '{',
    );
    const more = fc.constantFrom(
      '}',
      ';',
      '3',
      ' ',
      '\n',
      'frontIsClear',
      'turn_left',
      '$',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, more), { maxLength: 20 }), (pieces) => {
        try {
          parseProgram(pieces.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(KarelSyntaxError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function syntaxErrorOf(text: string): KarelSyntaxError {
  try {
    parseProgram(text);
  } catch (error) {
    if (error instanceof KarelSyntaxError) return error;
    throw error;
  }
  throw new Error(`no syntax error in ${JSON.stringify(text)}`);
}
