/** @file Corpora on the disk: splits avoid each other, also those made after an interruption. Chapter 8. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { promptLength, SPLITS, type Split } from '../../src/karel/index.ts';
import { bySplit } from '../../src/probe/index.ts';
import { drawSamples, makeCorpus } from '../../src/study/corpus-files.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { silent } from '../../src/study/progress.ts';
import type { RunDirectory } from '../../src/study/run-directory.ts';
import { inTemporaryDirectory } from '../helpers/command.ts';
import { eachRecord, reading, runWithCorpus, settingsWith } from './made-up-corpus.ts';

/** Two cells, one example, one or two actions: so few specifications that splits collide unless they avoid each other. */
const settings = settingsWith({
  gridWidth: 2,
  gridHeight: 1,
  examples: 1,
  maxLength: 2,
  trainSamples: 2_000,
  validationSamples: 20,
  testSamples: 20,
});
const length = promptLength(corpusSettings(settings));
const promptOf = (tokens: Uint8Array): string => tokens.subarray(0, length).join(' ');

const promptsOf = (run: RunDirectory, split: Split): string[] =>
  reading(run.corpus(split), (reader) => eachRecord(reader, (index) => promptOf(reader.bytes(index))));
const filesOf = (run: RunDirectory) => bySplit((split) => readFileSync(run.corpus(split)).toString('hex'));

const withRun = (body: (run: RunDirectory) => void | Promise<void>): Promise<void> =>
  inTemporaryDirectory(async (path) => body(await runWithCorpus(path, settings)));

describe('makeCorpus with two cells and 2,000 training samples', () => {
  test('no training prompt is one of the 20 of validation or the 20 of test, and these are all different', () =>
    withRun((run) => {
      const evaluated = [...promptsOf(run, 'validation'), ...promptsOf(run, 'test')];
      expect(new Set(evaluated).size).toBe(40);
      const train = promptsOf(run, 'train');
      expect(train).toHaveLength(2_000);
      expect(train.filter((prompt) => evaluated.includes(prompt))).toEqual([]);
    }));

  test('samples that are drawn without regard to the other splits do share prompts with both', () =>
    withRun((run) => {
      const drawn = new Set(drawSamples(settings, 2_000, run.plan.seed).map(promptOf));
      for (const split of ['validation', 'test'] as const) {
        expect(promptsOf(run, split).some((prompt) => drawn.has(prompt))).toBe(true);
      }
    }));

  test.each<{ missing: readonly Split[] }>([
    { missing: ['train'] },
    { missing: ['test', 'train'] },
    { missing: ['test'] },
    { missing: SPLITS },
  ])('goes on without $missing: the same bytes as at once, whatever an interrupted file held', ({ missing }) =>
    withRun(async (run) => {
      const before = filesOf(run);
      for (const split of missing) rmSync(run.corpus(split));
      writeFileSync(`${run.corpus(missing[0]!)}.tmp`, 'begun '.repeat(50_000));
      await makeCorpus(run, silent);
      expect(filesOf(run)).toEqual(before);
    }),
  );

  test('leaves complete files alone', () =>
    withRun(async (run) => {
      writeFileSync(run.corpus('train'), 'of an earlier run');
      await makeCorpus(run, silent);
      expect(readFileSync(run.corpus('train'), 'utf8')).toBe('of an earlier run');
    }));
});
