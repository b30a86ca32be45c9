/** @file Corpus files: written as a stream, read record by record. Chapter 8. */

import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as otherEvents } from 'node:timers/promises';
import {
  CORPUS_TRAILER_LENGTH,
  CorpusError,
  type CorpusHeader,
  type CorpusRecord,
  Crc32,
  checkFileLength,
  checkTrailer,
  corpusFileLength,
  decodeHeader,
  decodeRecord,
  encodeHeader,
  encodeTrailer,
  generateSplit,
  recordLength,
  recordOffset,
  SPLITS,
  SpecificationSet,
  type Split,
  sampleLength,
  TOKEN,
  takeSpecifications,
} from '../karel/index.ts';
import { randomStream } from '../random.ts';
import { StudyError } from './errors.ts';
import { flushDirectory, writeFully } from './files.ts';
import { corpusSettings } from './model-config.ts';
import type { Progress } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Settings } from './settings.ts';

/** Validation and test come first: train avoids their specifications. */
const ORDER: readonly Split[] = ['validation', 'test', 'train'];

/**
 * Makes the splits that are missing, each complete or not at all. Throws {@link StudyError}, and leaves no run behind that had
 * no split before, when there are not enough different specifications for these settings.
 */
export async function makeCorpus(run: RunDirectory, progress: Progress): Promise<void> {
  const isNew = !ORDER.some((split) => existsSync(run.corpus(split)));
  try {
    await makeSplits(run, progress);
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    if (isNew) run.abandon();
    throw new StudyError(error.message);
  }
}

async function makeSplits(run: RunDirectory, progress: Progress): Promise<void> {
  const { settings, seed } = run.plan;
  const counts = { train: settings.trainSamples, validation: settings.validationSamples, test: settings.testSamples };
  const corpus = corpusSettings(settings);
  const total = ORDER.reduce((sum, split) => sum + (existsSync(run.corpus(split)) ? 0 : counts[split]), 0);
  progress.start('corpus', total, 'samples');
  const taken = new SpecificationSet();
  let done = 0;
  for (const split of ORDER) {
    const path = run.corpus(split);
    if (existsSync(path)) {
      if (split !== 'train') {
        const reader = new CorpusReader(path);
        for (let index = 0; index < reader.count; index++)
          takeSpecifications(corpus, split, reader.bytes(index), taken);
        reader.close();
      }
      continue;
    }
    const header: CorpusHeader = { split, count: counts[split], seed, settings: corpus };
    const random = randomStream(seed, `corpus/${split}`);
    const chunks = generateSplit(corpus, { split, count: counts[split], random, taken });
    const length = recordLength(corpus, split);
    for (const written of writeCorpusFile(path, header, chunks)) {
      progress.update(done + written / length);
      await otherEvents();
    }
    done += counts[split];
  }
  progress.stop();
}

/** Writes header, chunks and trailer to a temporary file and renames it; yields the bytes of records written so far. */
function* writeCorpusFile(path: string, header: CorpusHeader, chunks: Iterable<Uint8Array>): Generator<number> {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(`${path}.tmp`, 'w');
  try {
    writeFully(file, encodeHeader(header));
    const checksum = new Crc32();
    let written = 0;
    for (const chunk of chunks) {
      writeFully(file, chunk);
      checksum.update(chunk);
      written += chunk.length;
      yield written;
    }
    writeFully(file, encodeTrailer(checksum.value));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
  flushDirectory(dirname(path));
}

/** Reads the run's three files once. Throws {@link StudyError}, naming the file, when one is missing or altered. */
export function verifyCorpus(run: RunDirectory): void {
  for (const split of SPLITS) {
    const reader = new CorpusReader(run.corpus(split));
    try {
      reader.verify();
    } finally {
      reader.close();
    }
  }
}

/** One open corpus file. Records are read from the disk when asked for, so a corpus of any size takes no memory. */
export class CorpusReader {
  readonly header: CorpusHeader;
  readonly path: string;
  private readonly file: number;
  private readonly headerLength: number;

  /** Throws {@link StudyError}, naming the file, when it is missing, truncated, or no corpus. */
  constructor(path: string) {
    if (!existsSync(path)) throw new StudyError(`${path}: no such corpus`);
    this.path = path;
    this.file = openSync(path, 'r');
    try {
      const start = new Uint8Array(65_536);
      const read = readSync(this.file, start, 0, start.length, 0);
      const { header, length } = decodeHeader(start.subarray(0, read));
      checkFileLength(header, length, fstatSync(this.file).size);
      this.header = header;
      this.headerLength = length;
    } catch (error) {
      closeSync(this.file);
      throw new StudyError(`${path}: ${(error as Error).message}`);
    }
  }

  get count(): number {
    return this.header.count;
  }

  /** Reads the whole file once and compares its checksum. Throws {@link StudyError} when it was altered. */
  verify(): void {
    const checksum = new Crc32();
    const end = corpusFileLength(this.header, this.headerLength) - CORPUS_TRAILER_LENGTH;
    const buffer = new Uint8Array(1 << 20);
    for (let at = this.headerLength; at < end; ) {
      const read = readSync(this.file, buffer, 0, Math.min(buffer.length, end - at), at);
      checksum.update(buffer.subarray(0, read));
      at += read;
    }
    const trailer = new Uint8Array(CORPUS_TRAILER_LENGTH);
    readSync(this.file, trailer, 0, trailer.length, end);
    try {
      checkTrailer(trailer, checksum.value);
    } catch (error) {
      throw new StudyError(`${this.path}: ${(error as Error).message}`);
    }
  }

  /** All records in order, in blocks of whole records: [records * recordLength]. A block is overwritten by the next. */
  *blocks(records = 4096): Generator<Uint8Array> {
    const { header, headerLength } = this;
    const length = recordLength(header.settings, header.split);
    const buffer = new Uint8Array(Math.min(records, header.count) * length);
    for (let index = 0; index < header.count; index += records) {
      const block = buffer.subarray(0, Math.min(records, header.count - index) * length);
      readSync(this.file, block, 0, block.length, recordOffset(header, headerLength, index));
      yield block;
    }
  }

  /** The bytes of record `index`. */
  bytes(index: number): Uint8Array {
    const { header, headerLength } = this;
    const bytes = new Uint8Array(recordLength(header.settings, header.split));
    readSync(this.file, bytes, 0, bytes.length, recordOffset(header, headerLength, index));
    return bytes;
  }

  /** The tokens of sample `index`, from BOS to END. */
  tokens(index: number): Uint8Array {
    const bytes = this.bytes(index).subarray(0, sampleLength(this.header.settings));
    return bytes.subarray(0, bytes.lastIndexOf(TOKEN.END) + 1);
  }

  /** Record `index`, decoded. */
  record(index: number): CorpusRecord {
    return decodeRecord(this.header.settings, this.bytes(index));
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Tokens of the first `count` samples that a run with this seed trains on, each from BOS to END; no file is made. */
export function drawSamples(settings: Settings, count: number, seed: string): Uint8Array[] {
  const corpus = corpusSettings(settings);
  const length = recordLength(corpus, 'train');
  const random = randomStream(seed, 'corpus/train');
  const samples: Uint8Array[] = [];
  for (const chunk of generateSplit(corpus, { split: 'train', count, random, taken: new SpecificationSet() })) {
    for (let at = 0; at < chunk.length; at += length) {
      const record = chunk.subarray(at, at + length);
      samples.push(record.subarray(0, record.lastIndexOf(TOKEN.END) + 1));
    }
  }
  return samples;
}
