/** @file What is known of the test specifications before a model writes programs for them. Chapter 11. */
import {
  type CorpusRecord,
  type ProgramKind,
  type ProgramWord,
  promptLength,
  recordLength,
  shortestProgram,
  TOKEN,
  tokenOfWord,
} from '../karel/index.ts';
import type { CorpusReader } from './corpus-reader.ts';
import { type Traits, traitsOf } from './program-traits.ts';

export interface TestSpecification {
  readonly record: CorpusRecord;
  /** Of the reference program. */
  readonly traits: Traits;
  /**
   * Actions of the shortest straight line that meets the specification, at least 1; null where the search gave up, and in
   * a corpus of control programs, where another may be shorter.
   */
  readonly shortest: number | null;
  /** Whether the reference program is also that of a training sample, with other worlds. */
  readonly inTraining: boolean;
}

/** The first `count` records of the test corpus, and what is known of them. `train` is read through once. */
export function testSpecifications(test: CorpusReader, train: CorpusReader, count: number): TestSpecification[] {
  const records = Array.from({ length: count }, (_, index) => test.record(index));
  const kind = test.header.settings.programs;
  const inTraining = occurIn(
    train,
    records.map(({ program }) => program),
  );
  return records.map((record, index) => describeSpecification(record, inTraining[index]!, kind));
}

/** `kind` is that of the corpus, whose settings need not say that it has straight lines. */
export function describeSpecification(
  record: CorpusRecord,
  inTraining: boolean,
  kind: ProgramKind = 'straight',
): TestSpecification {
  const { inputs, program } = record;
  const shortest = kind === 'control' ? null : shortestLength(record);
  return { record, traits: traitsOf(inputs, program), shortest, inTraining };
}

/**
 * Where doing nothing would do, a program has one action: an empty program is none. There always is one: `pickMarker`
 * on the cell of the robot, where no input shows a marker.
 */
function shortestLength(record: CorpusRecord): number | null {
  const found = shortestProgram(record, { limit: record.program.length });
  return found.kind === 'found' ? Math.max(1, found.program.length) : null;
}

/**
 * For each program, whether a sample of the corpus has it. Reads the file until all are found, to the end at most, and
 * keeps no more than the programs that are asked for.
 */
export function occurIn(corpus: CorpusReader, programs: readonly (readonly ProgramWord[])[]): boolean[] {
  const texts = programs.map((program) => String.fromCharCode(...program.map(tokenOfWord)));
  const missing = new Set(texts);
  const { settings, split } = corpus.header;
  const prompt = promptLength(settings);
  const length = recordLength(settings, split);
  for (const block of corpus.blocks()) {
    if (missing.size === 0) break;
    for (let at = prompt; at < block.length; at += length) {
      missing.delete(String.fromCharCode(...block.subarray(at, block.indexOf(TOKEN.END, at))));
    }
  }
  return texts.map((text) => !missing.has(text));
}
