/** @file What is found out about test specifications, from corpora on the disk. Chapter 8. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CorpusReader, makeCorpus } from '../../src/study/corpus-files.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { silent } from '../../src/study/progress.ts';
import { RunDirectory } from '../../src/study/run-directory.ts';
import { occurIn, testSpecifications } from '../../src/study/test-specifications.ts';
import { inTemporaryDirectory } from '../helpers/command.ts';

/** Programs of one to six actions, of which 5,000 samples hold only some. */
const settings = {
  ...presetNamed('smoke').settings,
  maxLength: 6,
  maxProgramLength: 6,
  trainSamples: 5_000,
  testSamples: 300,
  traceTest: 300,
};

async function withCorpora<T>(body: (test: CorpusReader, train: CorpusReader) => T): Promise<T> {
  return inTemporaryDirectory(async (path) => {
    const run = RunDirectory.create(join(path, 'run'), { preset: 'smoke', seed: '1', settings });
    await makeCorpus(run, silent);
    const readers = [new CorpusReader(run.corpus('test')), new CorpusReader(run.corpus('train'))] as const;
    try {
      return body(...readers);
    } finally {
      for (const reader of readers) reader.close();
    }
  });
}

const programsOf = (reader: CorpusReader) =>
  Array.from({ length: reader.count }, (_, index) => reader.record(index).program);

describe('programs of a corpus', () => {
  test('blocks of 1, 999 and 4,096 records hold all records in order', () =>
    withCorpora((_, train) => {
      const whole = Buffer.concat(Array.from({ length: train.count }, (_, index) => train.bytes(index)));
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
      const trained = new Set(programsOf(train).map((program) => program.join(' ')));
      const programs = programsOf(test);
      const expected = programs.map((program) => trained.has(program.join(' ')));
      expect(new Set(expected).size).toBe(2);
      expect(occurIn(train, programs)).toEqual(expected);
    }));

  test('a program that only begins or continues one of the corpus does not occur', () =>
    withCorpora((test) => {
      const programs = programsOf(test);
      const known = new Set(programs.map((program) => program.join(' ')));
      const longest = programs.filter(({ length }) => length === 6).slice(0, 50);
      const others = [...longest.map((program) => program.slice(0, 5)), ...longest.map((p) => [...p, 'move'] as const)];
      const absent = others.filter((program) => !known.has(program.join(' ')));
      expect(absent.length).toBeGreaterThan(50);
      expect(occurIn(test, absent)).toEqual(absent.map(() => false));
    }));
});

test('test specifications: the first records, their shortest programs no longer than the references, none unknown', () =>
  withCorpora((test, train) => {
    const specifications = testSpecifications(test, train, 200);
    expect(specifications).toHaveLength(200);
    specifications.forEach(({ record, traits, shortest }, index) => {
      expect(record).toEqual(test.record(index));
      expect(traits.length).toBe(record.program.length);
      expect(shortest).toBeGreaterThanOrEqual(1);
      expect(shortest).toBeLessThanOrEqual(record.program.length);
    });
  }));
