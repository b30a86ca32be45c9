/** @file Corpus: records, disjoint splits, and bytes that are checked. */

import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  type Action,
  actionsOf,
  agreesOn,
  CorpusError,
  CorpusFormatError,
  type CorpusHeader,
  type CorpusSettings,
  Crc32,
  checkCorpusSettings,
  checkFileLength,
  checkTrailer,
  corpusFileLength,
  decodeHeader,
  decodeRecord,
  encodeHeader,
  encodeSample,
  encodeTrailer,
  formatWorld,
  generateSplit,
  promptLength,
  recordLength,
  recordOffset,
  runActions,
  SpecificationSet,
  type Split,
  sampleToText,
  solves,
  specify,
  TokenError,
  takeSpecifications,
  worldEquals,
  worldEqualsAsDrawn,
} from '../../src/karel/index.ts';
import { seeded } from './generators.ts';

const tiny: CorpusSettings = {
  width: 4,
  height: 4,
  examples: 2,
  minLength: 1,
  maxLength: 4,
  wallRatio: 0.1,
  markerRatio: 0.1,
  actionWeights: 'released',
};

/** So few specifications that splits which do not avoid each other collide. */
const cramped: CorpusSettings = { ...tiny, width: 2, height: 1, examples: 1, maxLength: 2, heldOutExamples: 1 };

function records(settings: CorpusSettings, split: Split, count: number, seed: number, taken = new SpecificationSet()) {
  const length = recordLength(settings, split);
  const chunks = generateSplit(settings, { split, count, random: seeded(seed), taken, recordsPerChunk: 100 });
  return [...chunks].flatMap((chunk) =>
    Array.from({ length: chunk.length / length }, (_, index) => chunk.slice(index * length, (index + 1) * length)),
  );
}

const promptsOf = (settings: CorpusSettings, all: Uint8Array[]) =>
  all.map((record) => record.subarray(0, promptLength(settings)).join());

describe('records', () => {
  const test5 = records(tiny, 'test', 250, 5);

  test('hold a program that solves its specification, within the lengths, on unequal unseen worlds', () => {
    expect(test5).toHaveLength(250);
    for (const bytes of test5) {
      const record = decodeRecord(tiny, bytes);
      expect(record.program.length >= 1 && record.program.length <= 4).toBe(true);
      expect(solves(record, record.program)).toBe(true);
      record.inputs.forEach((input, index) => {
        expect(worldEqualsAsDrawn(runActions(input, actionsOf(record.program)), record.outputs[index]!)).toBe(true);
      });
      expect(record.unseen).toHaveLength(5);
      for (const world of record.unseen) expect(record.inputs.some((input) => worldEquals(input, world))).toBe(false);
    }
  });

  test('are the tokens of their sample, so random access decodes them', () => {
    for (const bytes of records(tiny, 'train', 50, 6)) {
      const record = decodeRecord(tiny, bytes);
      expect(encodeSample(tiny, record)).toEqual(bytes);
      expect(record.unseen).toEqual([]);
    }
  });

  test('have every length and action, and no byte beyond the vocabulary', () => {
    const programs = records(tiny, 'train', 500, 8).map((bytes) => decodeRecord(tiny, bytes).program);
    expect(new Set(programs.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(programs.flat())).toEqual(new Set(ACTIONS));
  });

  test('the same seed gives the same bytes, whatever the chunk size; another seed others', () => {
    const bytes = (seed: number, recordsPerChunk: number) => {
      const request = { split: 'train', count: 30, random: seeded(seed), taken: new SpecificationSet() } as const;
      return [...generateSplit(tiny, { ...request, recordsPerChunk })].flatMap((chunk) => [...chunk]);
    };
    expect(bytes(3, 7)).toEqual(bytes(3, 1000));
    expect(bytes(3, 7)).not.toEqual(bytes(4, 7));
  });

  test('of another length are refused', () => {
    expect(() => decodeRecord(tiny, test5[0]!.subarray(1))).toThrow(
      new TokenError('record has 154 bytes, expected 75 (train) or 155'),
    );
  });

  test('read as worlds above each other and a program', () => {
    const world = { width: 1, height: 1, walls: new Uint8Array(1), markers: new Uint8Array(1), x: 0, y: 0 };
    const program: Action[] = ['turnLeft', 'putMarker'];
    const sample = {
      ...specify(
        [
          { ...world, facing: 0 },
          { ...world, facing: 1 },
        ],
        program,
      ),
      program,
    };
    expect(sampleToText(sample).split('\n')).toEqual([
      'in   ###   ###',
      '     #^#   #>#',
      '     ###   ###',
      'out  ###   ###',
      '     #<#   #^#',
      '     ###   ###',
      'program  turnLeft; putMarker',
    ]);
  });
});

describe('splits', () => {
  test('share no specification, and validation and test repeat none', () => {
    const taken = new SpecificationSet();
    const [validation, held] = [records(cramped, 'validation', 20, 1, taken), records(cramped, 'test', 20, 2, taken)];
    const train = records(cramped, 'train', 2000, 3, taken);
    expect(taken.size).toBe(40);
    const evaluated = promptsOf(cramped, [...validation, ...held]);
    expect(new Set(evaluated).size).toBe(40);
    expect(promptsOf(cramped, train).filter((prompt) => evaluated.includes(prompt))).toEqual([]);
  });

  test('collide when train does not know what is taken', () => {
    const evaluated = promptsOf(cramped, records(cramped, 'test', 20, 2));
    const train = promptsOf(cramped, records(cramped, 'train', 2000, 3));
    expect(train.some((prompt) => evaluated.includes(prompt))).toBe(true);
  });

  test('taken specifications can be recovered from a split that was written before', () => {
    const taken = new SpecificationSet();
    const held = records(cramped, 'test', 20, 2, taken);
    const recovered = new SpecificationSet();
    for (const record of held) takeSpecifications(cramped, 'test', record, recovered);
    expect(records(cramped, 'train', 300, 3, recovered)).toEqual(records(cramped, 'train', 300, 3, taken));
  });

  test('larger than the number of specifications end with an error, not in a hang', () => {
    expect(() => records(cramped, 'test', 100_000, 1)).toThrow(CorpusError);
    expect(() => records(cramped, 'test', 100_000, 1)).toThrow(
      /^corpus: found only \d+ of 100000 new test specifications with 2x1 interiors and examples 1$/,
    );
  });
});

describe('checking a program', () => {
  const programs = (length: number): Action[][] =>
    length === 0 ? [[]] : programs(length - 1).flatMap((start) => ACTIONS.map((last) => [...start, last]));
  const all = [0, 1, 2, 3].flatMap(programs);

  test('solves: of all programs of up to 3 actions, exactly those whose drawings are the outputs', () => {
    for (const bytes of records({ ...tiny, maxLength: 3 }, 'train', 20, 9)) {
      const { inputs, outputs } = decodeRecord({ ...tiny, maxLength: 3 }, bytes);
      const drawn = outputs.map(formatWorld).join();
      for (const program of all) {
        const result = inputs.map((input) => formatWorld(runActions(input, program))).join();
        expect(solves({ inputs, outputs }, program)).toBe(result === drawn);
      }
    }
  });

  test('agreesOn: a program that only fits the given worlds is told from one that means the same', () => {
    const open = decodeRecord(tiny, records({ ...tiny, wallRatio: 0 }, 'test', 1, 4)[0]!).unseen;
    expect(agreesOn(open, ['turnLeft', 'turnLeft'], ['turnRight', 'turnRight'])).toBe(true);
    expect(agreesOn(open, ['turnLeft'], ['turnRight'])).toBe(false);
  });

  test('a specification with an output missing is an error', () => {
    const [bytes] = records(tiny, 'train', 1, 1);
    const { inputs, outputs } = decodeRecord(tiny, bytes!);
    expect(() => solves({ inputs, outputs: outputs.slice(1) }, ['move'])).toThrow(
      'specification has 2 inputs and 1 outputs',
    );
  });
});

describe('file format', () => {
  const header: CorpusHeader = { split: 'test', count: 3, seed: 'seed ü', settings: tiny };
  const encoded = encodeHeader(header);
  const faultOf = (bytes: Uint8Array) => {
    try {
      decodeHeader(bytes);
    } catch (error) {
      if (error instanceof CorpusFormatError) return error.fault;
      throw error;
    }
    return null;
  };

  test('decodeHeader of encodeHeader is the identity, with more bytes behind it or inside a larger buffer', () => {
    const file = new Uint8Array(encoded.length + 9);
    file.set(encoded, 4);
    expect(decodeHeader(file.subarray(4))).toEqual({ header, length: encoded.length });
  });

  test('a header cut at any byte is truncated', () => {
    for (let length = 0; length < encoded.length; length++) {
      expect(faultOf(encoded.subarray(0, length))).toBe('truncated');
    }
  });

  test('any altered byte is noticed', () => {
    for (let at = 0; at < encoded.length; at++) {
      const altered = encoded.slice();
      altered[at]! ^= 1;
      const expected = at < 8 ? 'not a corpus' : at < 12 ? 'other version' : /truncated|altered/;
      expect(faultOf(altered)).toMatch(expected);
    }
  });

  test('another version is refused by its number', () => {
    const later = encoded.slice();
    later[8] = 2;
    expect(() => decodeHeader(later)).toThrow(new CorpusFormatError('other version', 'format version 2, expected 1'));
  });

  test('records lie at their offsets; a file of another length is truncated or altered', () => {
    const size = recordLength(tiny, 'test');
    expect([0, 2].map((index) => recordOffset(header, 100, index))).toEqual([100, 100 + 2 * size]);
    expect(() => recordOffset(header, 100, 3)).toThrow('record 3 of a corpus of 3');
    const length = corpusFileLength(header, 100);
    expect(length).toBe(100 + 3 * size + 4);
    checkFileLength(header, 100, length);
    expect(() => checkFileLength(header, 100, length - 1)).toThrow(/^truncated: /);
    expect(() => checkFileLength(header, 100, length + 1)).toThrow(/^altered: /);
  });

  test('the trailer notices one altered bit in the records, read in any pieces', () => {
    const [bytes] = records(tiny, 'test', 1, 1);
    const trailer = encodeTrailer(new Crc32().update(bytes!).value);
    checkTrailer(trailer, new Crc32().update(bytes!.subarray(0, 10)).update(bytes!.subarray(10)).value);
    bytes![20]! ^= 1;
    expect(() => checkTrailer(trailer, new Crc32().update(bytes!).value)).toThrow(
      /^altered: checksum of the records is/,
    );
  });

  test("the checksum of '123456789' is the published cbf43926", () => {
    expect(new Crc32().update(new TextEncoder().encode('123456789')).value).toBe(0xcbf43926);
  });
});

test.each([
  [{ width: 0 }, 'corpus setting width is 0, expected an integer from 1'],
  [{ examples: 1.5 }, 'corpus setting examples is 1.5, expected an integer from 1'],
  [{ minLength: 5 }, 'corpus setting minLength is 5, above maxLength 4'],
  [{ wallRatio: 1.1 }, 'corpus setting wallRatio is 1.1, expected 0 to 1'],
  [{ markerRatio: Number.NaN }, 'corpus setting markerRatio is NaN, expected 0 to 1'],
  [{ heldOutExamples: -1 }, 'corpus setting heldOutExamples is -1, expected an integer from 0'],
  [{ actionWeights: 'even' }, "corpus setting actionWeights is 'even', expected released or uniform"],
])('settings %j are refused: %s', (change, message) => {
  expect(() => checkCorpusSettings({ ...tiny, ...change } as CorpusSettings)).toThrow(new CorpusError(message));
});
