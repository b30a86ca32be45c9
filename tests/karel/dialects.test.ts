/** @file Dialects: each form that people have, run to its final world; printing and parsing; errors with their place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DIALECT_NAMES,
  DIALECTS,
  type DialectName,
  detectDialect,
  formatWorld,
  KarelSyntaxError,
  parseWorld,
  printProgram,
  programEquals,
  readProgram,
  run,
} from '../../src/karel/index.ts';
import { anyProgram } from './generators.ts';

const WORLD = '#######\n#>..1.#\n#.#...#\n#...#.#\n#######';
const worldOf = (text: string): string => formatWorld(run(readProgram(text), parseWorld(WORLD)).final).trim();

const TO_MARKER = '#######\n#...>.#\n#.#...#\n#...#.#\n#######';
const TURNED = '#######\n#^..1.#\n#.#...#\n#...#.#\n#######';

describe('forms in use, each with its final world', () => {
  test.each<[string, DialectName, string, string]>([
    [
      'data sets: while, not',
      'tokens',
      'DEF run m( WHILE c( not c( markersPresent c) c) w( move w) pickMarker m)',
      TO_MARKER,
    ],
    ['data sets: repeat', 'tokens', 'DEF run m( REPEAT R=3 r( move r) pickMarker m)', TO_MARKER],
    ['data sets: if', 'tokens', 'DEF run m( IF c( leftIsClear c) i( move i) turnLeft m)', TURNED],
    ['data sets: if, else', 'tokens', 'DEF run m( IFELSE c( frontIsClear c) i( turnLeft i) ELSE e( move e) m)', TURNED],
    [
      'Python: while',
      'python',
      'def run():\n    while not markersPresent():\n        move()\n    pickMarker()\n',
      TO_MARKER,
    ],
    ['Python: a loop over a range, snake case', 'python', 'for i in range(3):\n  move()\npick_marker()', TO_MARKER],
    [
      'Python: else, comments, beepers',
      'python',
      'def run(): # to the left\n\tif noBeepersPresent():\n\t\tturn_left()\n\telse:\n\t\tpick_beeper()\n',
      TURNED,
    ],
    [
      'Python: elif',
      'python',
      'if beepers_present():\n  pick_beeper()\nelif front_is_clear():\n  turn_left()\nelse:\n  move()',
      TURNED,
    ],
    ['Python: blocks on one line', 'python', 'while not markersPresent(): move()\npickMarker(); pass', TO_MARKER],
    ['braces: not with parentheses', 'braces', 'while (not(markersPresent())) { move(); } pickMarker();', TO_MARKER],
    ['braces: !', 'braces', 'while(!beepersPresent()){move} pickBeeper', TO_MARKER],
    ['braces: if, else', 'braces', 'if (frontIsClear) { turnLeft } else { move }', TURNED],
    ['braces: ifelse', 'braces', 'ifelse (front_is_clear()) { turn_left() } else { move() }', TURNED],
    [
      'braces: comments',
      'braces',
      '// to the marker\nrepeat (3) { move } # three steps: no more\n/* and\n then ** */ pick_beeper()',
      TO_MARKER,
    ],
    ['braces: not not', 'braces', 'if (not !frontIsClear) { turnLeft }', TURNED],
  ])('%s', (_, dialect, text, world) => {
    expect(detectDialect(text)).toBe(dialect);
    expect(worldOf(text)).toBe(world);
    expect(worldOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toBe(world);
    for (const name of DIALECT_NAMES) expect(worldOf(DIALECTS[name].print(readProgram(text)))).toBe(world);
  });
});

test.each(DIALECT_NAMES)('%s: parsing what was printed is the identity, and what was printed is detected', (name) => {
  fc.assert(
    fc.property(anyProgram, (program) => {
      const { parse, print } = DIALECTS[name];
      let text: string;
      try {
        text = print(program);
      } catch (error) {
        expect(name).toBe('tokens'); // which have no repetition of twenty times or more
        expect(error).toBeInstanceOf(KarelSyntaxError);
        return;
      }
      expect(programEquals(parse(text), program)).toBe(true);
      expect(detectDialect(text)).toBe(name);
    }),
    { numRuns: 300, seed: 1 },
  );
});

describe('errors have their place', () => {
  test.each<[DialectName, string, number, number, string]>([
    ['tokens', 'DEF run m( move', 1, 16, "or 'm)'"],
    ['tokens', 'DEF run m( WHILE c( frontIsClear c)\nmove m)', 2, 1, "'w('"],
    ['tokens', 'DEF run m( REPEAT R=20 r( move r) m)', 1, 21, 'a number from 0 to 19'],
    ['tokens', 'DEF run m( move m) move', 1, 20, 'the end of the program'],
    ['python', 'def run():\nmove()', 2, 1, 'a block that is indented further than column 1'],
    ['python', 'def run():\n  move()\n    move()', 3, 5, 'a line that begins in column 3'],
    ['python', 'def run():\n    while move():\n        move()', 2, 11, "'not' or a condition"],
    ['python', 'if frontIsClear()\n  move()', 2, 3, "':'"],
    ['python', 'def run():\n  fly()', 2, 3, 'a statement (an action, while, if, for, repeat, pass)'],
    ['python', 'def run():', 1, 11, 'a statement'],
    ['braces', 'while(frontIsClear){move', 1, 25, "or '}'"],
    ['braces', 'if (!) { }', 1, 6, "'not' or a condition"],
  ])('%s: %j', (dialect, text, line, column, expected) => {
    let found: unknown;
    try {
      readProgram(text, dialect);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(KarelSyntaxError);
    expect(found).toMatchObject({ line, column });
    expect((found as Error).message).toContain(expected);
  });

  test('what a dialect cannot say is an error at its place in the text that was read', () => {
    const program = readProgram('move;\n  repeat (25) { move }');
    expect(() => DIALECTS.tokens.print(program)).toThrow(
      'line 2, column 3: found a repetition of 25 times, expected at most 19, the last that has a token',
    );
  });

  test.each<[DialectName, string]>([
    ['braces', `if (${'('.repeat(100_000)}`],
    ['braces', `if (${'!'.repeat(100_000)}`],
    ['braces', '/*'.repeat(100_000)],
    ['python', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}if frontIsClear():`).join('\n')],
    ['python', `if frontIsClear():\n  move()\n${'elif frontIsClear():\n  move()\n'.repeat(10_000)}`],
    ['tokens', 'DEF run m( '.concat('IF c( frontIsClear c) i( '.repeat(50_000))],
  ])('%s: a text that nests without end is refused', (dialect, text) => {
    expect(() => readProgram(text, dialect)).toThrow(KarelSyntaxError);
  });
});

test('mutated texts give a program or a KarelSyntaxError: 4,000 of them', () => {
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat(4),
    put: fc.constantFrom('', ' ', '\n', '(', ')', '{', 'm', 'not', ':', '9', '\u0000', '💥', '\t'),
  });
  const texts = fc.record({
    program: anyProgram,
    dialect: fc.constantFrom(...DIALECT_NAMES),
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(texts, ({ program, dialect, changes }) => {
      let text =
        dialect === 'tokens'
          ? 'DEF run m( REPEAT R=3 r( move r) m)'
          : dialect === 'braces'
            ? printProgram(program)
            : DIALECTS.python.print(program);
      for (const { at, length, put } of changes) {
        const place = text.length === 0 ? 0 : at % text.length;
        text = text.slice(0, place) + put + text.slice(place + length);
      }
      try {
        readProgram(text);
        readProgram(text, dialect);
      } catch (error) {
        expect(error).toBeInstanceOf(KarelSyntaxError);
      }
    }),
    { numRuns: 4_000, seed: 2 },
  );
});
