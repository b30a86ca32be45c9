/** @file Small corpora on the disk, from the settings of smoke with some replaced. Chapter 8. */
import { join } from 'node:path';
import { CorpusReader, makeCorpus } from '../../src/study/corpus-files.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { silent } from '../../src/study/progress.ts';
import { RunDirectory } from '../../src/study/run-directory.ts';
import { checkSettings, type Settings, withOverrides } from '../../src/study/settings.ts';

export const settingsWith = (changes: Partial<Settings>): Settings =>
  checkSettings(withOverrides(presetNamed('smoke').settings, changes));

/** A run in the directory `path` that has its corpus and nothing else. */
export async function runWithCorpus(path: string, settings: Settings, seed = '1'): Promise<RunDirectory> {
  const run = RunDirectory.create(join(path, 'run'), { preset: 'smoke', seed, settings });
  await makeCorpus(run, silent);
  return run;
}

/** What `of` makes of each record, in order. */
export const eachRecord = <T>(reader: CorpusReader, of: (index: number) => T): T[] =>
  Array.from({ length: reader.count }, (_, index) => of(index));

/** Calls `body` with an open reader, and closes it. */
export function reading<T>(path: string, body: (reader: CorpusReader) => T): T {
  const reader = new CorpusReader(path);
  try {
    return body(reader);
  } finally {
    reader.close();
  }
}
