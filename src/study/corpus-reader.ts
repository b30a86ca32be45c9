/** @file A corpus, read record by record. Appendix B. */
import {
  CORPUS_TRAILER_LENGTH,
  type CorpusHeader,
  type CorpusRecord,
  Crc32,
  checkFileLength,
  checkTrailer,
  corpusFileLength,
  decodeHeader,
  decodeRecord,
  recordLength,
  recordOffset,
  type Split,
  sampleLength,
  TOKEN,
} from '../karel/index.ts';
import type { StoredFile } from '../store/index.ts';
import { StudyError } from './errors.ts';
import { corpusFile } from './names.ts';
import type { Inputs } from './run.ts';

/** Records are read when asked for, so a corpus of any size takes no memory. */
export class CorpusReader {
  readonly header: CorpusHeader;
  readonly path: string;
  private readonly file: StoredFile;
  private readonly headerLength: number;

  /** Takes `file` over. Throws {@link StudyError}, naming `path`, when it is truncated or no corpus. */
  constructor(file: StoredFile, path: string) {
    this.path = path;
    this.file = file;
    try {
      const start = new Uint8Array(Math.min(65_536, file.size));
      file.read(start, 0);
      const { header, length } = decodeHeader(start);
      checkFileLength(header, length, file.size);
      this.header = header;
      this.headerLength = length;
    } catch (error) {
      file.close();
      throw new StudyError(`${path}: ${(error as Error).message}`);
    }
  }

  get count(): number {
    return this.header.count;
  }

  /** Reads all of it once and compares its checksum. Throws {@link StudyError} when it was altered. */
  verify(): void {
    const checksum = new Crc32();
    const end = corpusFileLength(this.header, this.headerLength) - CORPUS_TRAILER_LENGTH;
    const buffer = new Uint8Array(1 << 20);
    for (let at = this.headerLength; at < end; at += buffer.length) {
      const part = buffer.subarray(0, Math.min(buffer.length, end - at));
      this.file.read(part, at);
      checksum.update(part);
    }
    const trailer = new Uint8Array(CORPUS_TRAILER_LENGTH);
    this.file.read(trailer, end);
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
      this.file.read(block, recordOffset(header, headerLength, index));
      yield block;
    }
  }

  /** The bytes of record `index`. */
  bytes(index: number): Uint8Array {
    const { header, headerLength } = this;
    const bytes = new Uint8Array(recordLength(header.settings, header.split));
    this.file.read(bytes, recordOffset(header, headerLength, index));
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
    this.file.close();
  }
}

/** Calls `body` with an open corpus, and closes it. Throws {@link StudyError} when that is missing or altered. */
export function withCorpus<T>(inputs: Inputs, split: Split, body: (reader: CorpusReader) => T): T {
  const reader = new CorpusReader(inputs.open(corpusFile(split)), corpusFile(split));
  try {
    return body(reader);
  } finally {
    reader.close();
  }
}
