/** @file What is found out about test specifications, from corpora on the disk. */

import { describe, expect, test } from 'vitest';
import { type CorpusReader, withCorpus } from '../../src/study/corpus-reader.ts';
import { occurIn, testSpecifications } from '../../src/study/test-specifications.ts';
import { runWithCorpus } from './memory-runs.ts';

/** Programs of one to six actions, of which 5,000 samples hold only some. */
const run = await runWithCorpus({ maxLength: 6, trainSamples: 5_000, testSamples: 300, traceTest: 300 });

const eachRecord = <T>(reader: CorpusReader, of: (index: number) => T): T[] =>
  Array.from({ length: reader.count }, (_, index) => of(index));

const withCorpora = (body: (test: CorpusReader, train: CorpusReader) => void): void =>
  withCorpus(run, 'test', (test) => withCorpus(run, 'train', (train) => body(test, train)));

const programsOf = (reader: CorpusReader) => eachRecord(reader, (index) => reader.record(index).program);
const textsOf = (reader: CorpusReader): Set<string> => new Set(programsOf(reader).map((program) => program.join(' ')));

describe('programs of a corpus', () => {
  test('blocks of 1, 999 and 4,096 records hold all records in order', () =>
    withCorpora((_, train) => {
      const whole = Buffer.concat(eachRecord(train, (index) => train.bytes(index)));
      for (const records of [1, 999, 4096]) {
        const blocks = [...train.blocks(records)].length;
        expect(blocks).toBe(Math.ceil(train.count / records));
        const bytes: Uint8Array[] = [];
        for (const block of train.blocks(records)) bytes.push(block.slice());
        expect(Buffer.concat(bytes).equals(whole)).toBe(true);
      }
    }));

  test('occurIn agrees with reading every record, for 300 programs of which some occur and some do not', () =>
    withCorpora((test, train) => {
      const trained = textsOf(train);
      const programs = programsOf(test);
      const expected = programs.map((program) => trained.has(program.join(' ')));
      expect(new Set(expected).size).toBe(2);
      expect(occurIn(train, programs)).toEqual(expected);
    }));

  test('a program that only begins or continues one of the corpus does not occur', () =>
    withCorpora((test) => {
      const programs = programsOf(test);
      const known = textsOf(test);
      const longest = programs.filter(({ length }) => length === 6).slice(0, 50);
      const others = [...longest.map((program) => program.slice(0, 5)), ...longest.map((p) => [...p, 'move'] as const)];
      const absent = others.filter((program) => !known.has(program.join(' ')));
      expect(absent.length).toBeGreaterThan(50);
      expect(occurIn(test, absent)).toEqual(absent.map(() => false));
    }));
});

test('test specifications: the first records, their shortest programs no longer than the references, none unknown', () =>
  withCorpora((test, train) => {
    const trained = textsOf(train);
    const specifications = testSpecifications(test, train, 200);
    expect(specifications).toHaveLength(200);
    specifications.forEach(({ record, traits, shortest, inTraining }, index) => {
      expect(record).toEqual(test.record(index));
      expect(traits.length).toBe(record.program.length);
      expect(shortest).toBeGreaterThanOrEqual(1);
      expect(shortest).toBeLessThanOrEqual(record.program.length);
      expect(inTraining).toBe(trained.has(record.program.join(' ')));
    });
    expect(new Set(specifications.map(({ inTraining }) => inTraining)).size).toBe(2);
  }));
