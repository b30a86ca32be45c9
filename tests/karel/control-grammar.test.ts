/** @file What the mask of control programs lets a model write, by trying everything. */

import { expect, test } from 'vitest';
import {
  actionsOf,
  allowedNextTokens,
  allowedNextWords,
  KarelSyntaxError,
  PROGRAM_WORDS,
  type ProgramWord,
  parseProgram,
  TOKEN,
  tokenOfWord,
  vocabularySize,
  wordOfToken,
} from '../../src/karel/index.ts';

/** One word of each kind stands for all: the grammar does not tell actions, conditions or counts apart. */
const SAMPLE: readonly ProgramWord[] = [
  'move',
  'repeat',
  'while',
  'ifelse',
  'else',
  'not',
  'markersPresent',
  '{',
  '}',
  '2',
];

/** Whether the parser of program texts takes the words, once they have parentheses; and no block is empty. */
function isProgramByText(words: readonly ProgramWord[]): boolean {
  if (words.length === 0 || words.some((word, at) => word === '{' && words[at + 1] === '}')) return false;
  const text = words.map((word, at) => {
    if (word === 'repeat' || word === 'while' || word === 'if' || word === 'ifelse') return `${word} (`;
    return word === '{' && words[at - 1] !== 'else' ? ') {' : word;
  });
  try {
    parseProgram(text.join(' '));
    return true;
  } catch (error) {
    if (error instanceof KarelSyntaxError) return false;
    throw error;
  }
}

/** Every program of these words that the masks allow to be written, and how many dead ends there are. */
function reachable(maxLength: number, among = SAMPLE): { programs: Set<string>; deadEnds: number } {
  const programs = new Set<string>();
  let deadEnds = 0;
  const extend = (words: readonly ProgramWord[]): void => {
    const mask = allowedNextWords(words.map(tokenOfWord), maxLength);
    if (mask[TOKEN.END] === 1) programs.add(words.join(' '));
    const next = among.filter((word) => mask[tokenOfWord(word)] === 1);
    if (next.length === 0 && mask[TOKEN.END] !== 1) deadEnds++;
    for (const word of next) extend([...words, word]);
  };
  extend([]);
  return { programs, deadEnds };
}

/** Few enough to try all texts of five words; those of `ifelse` are longer, see below. */
const FEW: readonly ProgramWord[] = ['move', 'repeat', 'while', 'not', 'markersPresent', '{', '}', '2'];

/** Every program of few words by trying all texts. */
function byTrying(maxLength: number): Set<string> {
  const programs = new Set<string>();
  const extend = (words: readonly ProgramWord[]): void => {
    if (isProgramByText(words)) programs.add(words.join(' '));
    if (words.length === maxLength) return;
    for (const word of FEW) extend([...words, word]);
  };
  extend([]);
  return programs;
}

for (const maxLength of [1, 2, 3, 4, 5]) {
  test(`limit ${maxLength}: the masks reach exactly the programs among all texts of ${FEW.length} words, with no dead end`, () => {
    const { programs, deadEnds } = reachable(maxLength, FEW);
    expect(deadEnds).toBe(0);
    expect([...programs].sort()).toEqual([...byTrying(maxLength)].sort());
  });
}

/** Every block of exactly `length` words, by the productions of the grammar. */
function blocks(length: number): string[] {
  const all: string[] = [];
  for (let first = 1; first <= length; first++) {
    const rest = first === length ? [''] : blocks(length - first).map((text) => ` ${text}`);
    for (const statement of statements(first)) for (const text of rest) all.push(statement + text);
  }
  return all;
}

function statements(length: number): string[] {
  if (length === 1) return ['move'];
  const all = blocks(length - 4).map((body) => `repeat 2 { ${body} }`);
  for (const condition of ['markersPresent', 'not markersPresent']) {
    const room = length - 1 - condition.split(' ').length;
    for (const body of blocks(room - 2)) all.push(`while ${condition} { ${body} }`);
    for (let body = 1; body < room - 5; body++) {
      for (const one of blocks(body)) {
        for (const other of blocks(room - 5 - body)) all.push(`ifelse ${condition} { ${one} } else { ${other} }`);
      }
    }
  }
  return all;
}

function byProductions(maxLength: number): string[] {
  return Array.from({ length: maxLength }, (_, at) => blocks(at + 1))
    .flat()
    .sort();
}

for (const maxLength of [6, 9, 12, 14]) {
  test(`limit ${maxLength}: the masks reach exactly the programs that the productions make, with no dead end`, () => {
    const { programs, deadEnds } = reachable(maxLength);
    expect(deadEnds).toBe(0);
    expect([...programs].sort()).toEqual(byProductions(maxLength));
  });
}

test('the comparison sees a limit that is off by one, and a program that is missing', () => {
  const { programs } = reachable(9);
  expect([...programs].sort()).not.toEqual(byProductions(8));
  programs.delete('ifelse markersPresent { move } else { move }');
  expect([...programs].sort()).not.toEqual(byProductions(9));
});

test('all actions, conditions and counts are treated as the one that stands for them', () => {
  const prefixes = [
    '',
    'move',
    'repeat',
    'while',
    'while not',
    'repeat 2',
    'repeat 2 {',
    'ifelse markersPresent { move }',
  ];
  const sorts = [
    actionsOf(PROGRAM_WORDS),
    ['frontIsClear', 'markersPresent', 'noMarkersPresent'],
    ['2', '3', '4'],
  ] as const;
  for (const prefix of prefixes) {
    const tokens = prefix === '' ? [] : prefix.split(' ').map((word) => tokenOfWord(word as ProgramWord));
    const mask = allowedNextWords(tokens, 20);
    for (const sort of sorts) expect(new Set(sort.map((word) => mask[tokenOfWord(word)])).size).toBe(1);
  }
});

test('only PAD after END, an error for a text that no program begins with and for a limit of 0', () => {
  const allowed = (tokens: number[]): number[] =>
    [...allowedNextWords(tokens, 3).entries()].flatMap(([token, is]) => (is === 1 ? [token] : []));
  expect(allowed([TOKEN.MOVE, TOKEN.END])).toEqual([TOKEN.PAD]);
  expect(allowed([TOKEN.MOVE, TOKEN.MOVE, TOKEN.MOVE])).toEqual([TOKEN.END]);
  expect(() => allowed([tokenOfWord('else')])).toThrow('token 0, else, cannot come there in a program');
  expect(() => allowedNextWords([], 0)).toThrow('maxLength is 0, expected 1 or more');
});

test('with room for no block, control programs may go on as straight lines may', () => {
  for (const written of [[], [TOKEN.MOVE], [TOKEN.MOVE, TOKEN.PICK_MARKER, TOKEN.MOVE]]) {
    const [control, straight] = [allowedNextWords(written, 4), allowedNextTokens(written, 4)];
    expect(control).toHaveLength(vocabularySize('control'));
    expect([...control.subarray(0, straight.length)]).toEqual([...straight]);
    expect([...control.subarray(straight.length)].every((is) => is === 0)).toBe(true);
    expect([...control.keys()].slice(straight.length).every((token) => wordOfToken(token))).toBe(true);
  }
});
