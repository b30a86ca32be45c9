/** @file The corpus of a run: splits avoid each other; too few specifications leave nothing behind. */
import { expect, test } from 'vitest';
import { promptLength, type Split } from '../../src/karel/index.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { CorpusReader, withCorpus } from '../../src/study/corpus-reader.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { Run } from '../../src/study/run.ts';
import { drawSamples } from '../../src/study/stages/corpus.ts';
import { linesOf, runWithCorpus, settingsWith } from './memory-runs.ts';

/** Two cells, one example, one or two actions: so few specifications that splits collide unless they avoid each other. */
const run = await runWithCorpus({
  ...{ gridWidth: 2, gridHeight: 1, examples: 1, maxLength: 2 },
  ...{ trainSamples: 2_000, validationSamples: 20, testSamples: 20 },
});
const { settings } = run.plan;
const length = promptLength(corpusSettings(settings));
const promptOf = (tokens: Uint8Array): string => tokens.subarray(0, length).join(' ');

const promptsOf = (split: Split): string[] =>
  withCorpus(run, split, (reader) => Array.from({ length: reader.count }, (_, index) => promptOf(reader.bytes(index))));

test('no training prompt is one of the 20 of validation or the 20 of test, and these are all different', () => {
  const evaluated = [...promptsOf('validation'), ...promptsOf('test')];
  expect(new Set(evaluated).size).toBe(40);
  const train = promptsOf('train');
  expect(train).toHaveLength(2_000);
  expect(train.filter((prompt) => evaluated.includes(prompt))).toEqual([]);
});

test('samples that are drawn without regard to the other splits do share prompts with both', () => {
  const drawn = new Set(drawSamples(settings, 2_000, run.plan.seed).map(promptOf));
  for (const split of ['validation', 'test'] as const) {
    expect(promptsOf(split).some((prompt) => drawn.has(prompt))).toBe(true);
  }
});

test('the checksum of a corpus finds an altered byte, and a cut file is no corpus', () => {
  const bytes = run.read('corpus/test.karel');
  const open = (content: Uint8Array): CorpusReader => {
    const store = new MemoryStore();
    store.write('corpus', content);
    return new CorpusReader(store.open('corpus')!, 'test.karel');
  };
  open(bytes).verify();
  const altered = Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 40 ? byte ^ 1 : byte));
  expect(() => open(altered).verify()).toThrow(/test\.karel: /);
  for (const end of [0, 10, 300, bytes.length - 1]) expect(() => open(bytes.subarray(0, end))).toThrow(/test\.karel: /);
});

test.each([
  ['validation', { validationSamples: 600, testSamples: 2 }],
  ['test', { validationSamples: 2, testSamples: 600 }],
])('too few specifications for %s: nothing is left', async (split, counts) => {
  const store = new MemoryStore();
  const cramped = settingsWith({ gridWidth: 1, gridHeight: 1, ...counts });
  const made = linesOf(Run.create(store, { preset: 'smoke', seed: '1', settings: cramped }), 'corpus');
  await expect(made).rejects.toThrow(new RegExp(`found only \\d+ of 600 new ${split} specifications`));
  expect(store.list()).toEqual([]);
});
