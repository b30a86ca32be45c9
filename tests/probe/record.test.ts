/** @file Records, number by number. */
import { expect, test } from 'vitest';
import { ACTIONS, type Action, createWorld, PROGRAM_WORDS, specify, type World } from '../../src/karel/index.ts';
import {
  encodeRecords,
  type GeneratedProgram,
  ProbeError,
  RECORD_KINDS,
  recordWidth,
  TOKENS_READ,
  type TokenKind,
} from '../../src/probe/index.ts';

const shape = { example: 0, longest: 3, cells: 2, vocabulary: ACTIONS };
const actions = ['move', 'putMarker'] as const;
const program = { ...specify([createWorld(2, 1, 0, 0, 1)], actions), actions };
const KINDS = 15; // a wall, empty, 1 to 9 markers, the robot in four directions

/** Where the ones are. */
const ones = (record: ArrayLike<number>): number[] => Array.from(record).flatMap((one, at) => (one === 1 ? [at] : []));

const input = [15 + 12, 15 + KINDS + 1]; // the robot that faces right, and nothing

test('a row for each action: the words before it, place by place, then the input grid', () => {
  const width = recordWidth('input', shape);
  expect(width).toBe(3 * 5 + 2 * KINDS);
  const rows = encodeRecords([program], 'input', shape);
  expect(rows).toHaveLength(2 * width);
  expect(ones(rows.subarray(0, width))).toEqual(input); // nothing is written before move
  expect(ones(rows.subarray(width))).toEqual([0, ...input]); // move, before putMarker
});

test('with the action: the same, and the action that is being written', () => {
  const width = recordWidth('input+action', shape);
  const rows = encodeRecords([program], 'input+action', shape);
  expect(ones(rows.subarray(0, width))).toEqual([0, ...input]); // move
  expect(ones(rows.subarray(width))).toEqual([0, 5 + 4, ...input]); // move, then putMarker
});

test('grids has the output grid too: the robot at its end, hiding the marker that it put', () => {
  const width = recordWidth('grids', shape);
  const output = [15 + 2 * KINDS + 1, 15 + 3 * KINDS + 12];
  expect(ones(encodeRecords([program], 'grids', shape).subarray(width)).slice(-2)).toEqual(output);
});

test('programs follow each other as their hidden states do; one without actions has no row', () => {
  const empty = { ...program, actions: [] };
  const rows = encodeRecords([program, empty, program], 'input', shape);
  const width = recordWidth('input', shape);
  expect(rows).toHaveLength(4 * width);
  expect(rows.subarray(2 * width)).toEqual(rows.subarray(0, 2 * width));
});

test('a program that is too long, a missing example and a grid of another size are refused', () => {
  const encode = (change: Partial<typeof shape>) => () => encodeRecords([program], 'input', { ...shape, ...change });
  expect(encode({ longest: 1 })).toThrow(new ProbeError('record: program 0 has 2 actions, expected at most 1'));
  expect(encode({ example: 1 })).toThrow('record: program 0 has no grid of 2 cells at example 1');
  expect(encode({ cells: 3 })).toThrow(ProbeError);
});

test('of programs with branches and loops there is a row for each action, after all words before it', () => {
  const words = ['repeat', '2', '{', 'move', '}', 'putMarker'] as const;
  const looping = { ...program, words };
  const wordShape = { ...shape, longest: 6, vocabulary: PROGRAM_WORDS };
  const width = recordWidth('input', wordShape);
  expect(width).toBe(6 * PROGRAM_WORDS.length + 2 * KINDS);
  const rows = encodeRecords([looping], 'input', wordShape);
  expect(rows).toHaveLength(2 * width);
  const written = (count: number) =>
    words.slice(0, count).map((word, place) => place * PROGRAM_WORDS.length + PROGRAM_WORDS.indexOf(word));
  expect(ones(rows.subarray(0, width)).slice(0, -2)).toEqual(written(3));
  expect(ones(rows.subarray(width)).slice(0, -2)).toEqual(written(5));
  expect(() => encodeRecords([looping], 'input', { ...wordShape, longest: 5 })).toThrow(
    'has 6 words, expected at most 5',
  );
});

/** Programs of three different actions, each changed at one place of what there is to read. */
const base = (() => {
  const words: readonly Action[] = ['move', 'turnLeft', 'putMarker'];
  const inputs = [createWorld(2, 1, 0, 0, 1), createWorld(2, 1, 1, 0, 1)];
  return { inputs, outputs: [createWorld(2, 1, 1, 0, 0), createWorld(2, 1, 1, 0, 2)], actions: words };
})();
const turned = (worlds: readonly World[], at: number): World[] =>
  worlds.map((world, index) => (index === at ? { ...world, facing: 3 as const } : world));
const CHANGES: Readonly<Record<TokenKind, GeneratedProgram>> = {
  'input grid': { ...base, inputs: turned(base.inputs, 0) },
  'output grid': { ...base, outputs: turned(base.outputs, 0) },
  'other grids': { ...base, inputs: turned(base.inputs, 1), outputs: turned(base.outputs, 1) },
  text: { ...base, actions: ['turnRight', 'turnLeft', 'putMarker'] }, // before action 2
  action: { ...base, actions: ['move', 'pickMarker', 'putMarker'] }, // action 2 itself
};

test.each(RECORD_KINDS)(
  '%s: the row of action 2 changes with just those tokens that the table says it has read',
  (kind) => {
    const width = recordWidth(kind, shape);
    const rowOf = (of: GeneratedProgram) => [...encodeRecords([of], kind, shape).subarray(width, 2 * width)];
    const own = rowOf(base);
    const read = (Object.keys(CHANGES) as TokenKind[]).filter((tokens) => `${rowOf(CHANGES[tokens])}` !== `${own}`);
    expect(read).toEqual(Object.keys(CHANGES).filter((tokens) => TOKENS_READ[kind].includes(tokens as TokenKind)));
    expect(rowOf({ ...base, actions: ['move', 'turnLeft', 'pickMarker'] })).toEqual(own); // what is written later
  },
);
