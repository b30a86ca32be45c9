/** @file Records, number by number. Chapter 7. */
import { expect, test } from 'vitest';
import { ACTIONS, createWorld, PROGRAM_WORDS, specify } from '../../src/karel/index.ts';
import { encodeRecords, ProbeError, recordWidth } from '../../src/probe/index.ts';

const shape = { example: 0, longest: 3, cells: 2, vocabulary: ACTIONS };
const actions = ['move', 'putMarker'] as const;
const program = { ...specify([createWorld(2, 1, 0, 0, 1)], actions), actions };
const KINDS = 15; // a wall, empty, 1 to 9 markers, the robot in four directions

/** Where the ones are. */
const ones = (record: ArrayLike<number>): number[] => Array.from(record).flatMap((one, at) => (one === 1 ? [at] : []));

test('a row for each action: what was written up to it, place by place, then the input grid', () => {
  const width = recordWidth('input', shape);
  expect(width).toBe(3 * 5 + 2 * KINDS);
  const rows = encodeRecords([program], 'input', shape);
  expect(rows).toHaveLength(2 * width);
  const input = [15 + 12, 15 + KINDS + 1]; // the robot that faces right, and nothing
  expect(ones(rows.subarray(0, width))).toEqual([0, ...input]); // move
  expect(ones(rows.subarray(width))).toEqual([0, 5 + 4, ...input]); // move, then putMarker
});

test('the prompt has the output grid too: the robot at its end, hiding the marker that it put', () => {
  const width = recordWidth('prompt', shape);
  const output = [15 + 2 * KINDS + 1, 15 + 3 * KINDS + 12];
  expect(ones(encodeRecords([program], 'prompt', shape).subarray(width)).slice(-2)).toEqual(output);
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

test('of programs with branches and loops there is a row for each action, after all words up to it', () => {
  const words = ['repeat', '2', '{', 'move', '}', 'putMarker'] as const;
  const looping = { ...program, words };
  const wordShape = { ...shape, longest: 6, vocabulary: PROGRAM_WORDS };
  const width = recordWidth('input', wordShape);
  expect(width).toBe(6 * PROGRAM_WORDS.length + 2 * KINDS);
  const rows = encodeRecords([looping], 'input', wordShape);
  expect(rows).toHaveLength(2 * width);
  const written = (count: number) =>
    words.slice(0, count).map((word, place) => place * PROGRAM_WORDS.length + PROGRAM_WORDS.indexOf(word));
  expect(ones(rows.subarray(0, width)).slice(0, -2)).toEqual(written(4));
  expect(ones(rows.subarray(width)).slice(0, -2)).toEqual(written(6));
  expect(() => encodeRecords([looping], 'input', { ...wordShape, longest: 5 })).toThrow(
    'has 6 words, expected at most 5',
  );
});
