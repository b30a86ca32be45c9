/** @file The bytes around the records of a corpus file. Chapter 2. */

import { Crc32 } from './checksum.ts';
import { type CorpusSettings, checkCorpusSettings, recordLength, SPLITS, type Split } from './corpus-settings.ts';

/**
 * A corpus file, numbers little-endian:
 *
 *     8 bytes   'KARELSCO'
 *     4         format version
 *     4         length of the JSON that follows, n
 *     n         JSON: split, count, seed, settings
 *     4         CRC-32 of everything before it
 *     ...       count records of recordLength(settings, split) bytes
 *     4         CRC-32 of the records
 *
 * Records all have one size, so that record i can be read without those before it.
 */
export const CORPUS_FORMAT_VERSION = 1;

const MAGIC = 'KARELSCO';
const FIXED_LENGTH = 16;
const CHECKSUM_LENGTH = 4;

/** The bytes behind the records. */
export const CORPUS_TRAILER_LENGTH = CHECKSUM_LENGTH;

export interface CorpusHeader {
  readonly split: Split;
  /** Records in the file. */
  readonly count: number;
  readonly seed: string | number;
  readonly settings: CorpusSettings;
}

export type CorpusFault = 'not a corpus' | 'other version' | 'truncated' | 'altered';

/** Bytes that are no intact corpus file of this version. */
export class CorpusFormatError extends Error {
  override readonly name = 'CorpusFormatError';
  readonly fault: CorpusFault;

  constructor(fault: CorpusFault, detail: string) {
    super(`${fault}: ${detail}`);
    this.fault = fault;
  }
}

/** The header of a file, its checksum included. */
export function encodeHeader(header: CorpusHeader): Uint8Array<ArrayBuffer> {
  const { split, count, seed, settings } = header;
  const json = new TextEncoder().encode(JSON.stringify({ split, count, seed, settings }));
  const bytes = new Uint8Array(FIXED_LENGTH + json.length + CHECKSUM_LENGTH);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, CORPUS_FORMAT_VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, FIXED_LENGTH);
  const checked = FIXED_LENGTH + json.length;
  view.setUint32(checked, new Crc32().update(bytes.subarray(0, checked)).value, true);
  return bytes;
}

/**
 * The header at the beginning of `bytes`, which may go on behind it, and its length in bytes.
 * @throws CorpusFormatError whose `fault` says what is wrong.
 */
export function decodeHeader(bytes: Uint8Array): { header: CorpusHeader; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length));
  if (!MAGIC.startsWith(magic)) throw new CorpusFormatError('not a corpus', `it does not begin with '${MAGIC}'`);
  requireLength(bytes, FIXED_LENGTH);
  const version = view.getUint32(8, true);
  if (version !== CORPUS_FORMAT_VERSION) {
    throw new CorpusFormatError('other version', `format version ${version}, expected ${CORPUS_FORMAT_VERSION}`);
  }
  const checked = FIXED_LENGTH + view.getUint32(12, true);
  requireLength(bytes, checked + CHECKSUM_LENGTH);
  requireChecksum('header', view.getUint32(checked, true), new Crc32().update(bytes.subarray(0, checked)).value);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(FIXED_LENGTH, checked))) as CorpusHeader;
  checkCorpusSettings(header.settings);
  if (!SPLITS.includes(header.split)) throw new CorpusFormatError('altered', `its split is '${header.split}'`);
  return { header, length: checked + CHECKSUM_LENGTH };
}

/** The trailer of a file whose records have this checksum. */
export function encodeTrailer(checksum: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CORPUS_TRAILER_LENGTH);
  new DataView(bytes.buffer).setUint32(0, checksum, true);
  return bytes;
}

/** @throws CorpusFormatError if the trailer does not hold `checksum`, that of the records as they were read. */
export function checkTrailer(trailer: Uint8Array, checksum: number): void {
  requireLength(trailer, CORPUS_TRAILER_LENGTH);
  const written = new DataView(trailer.buffer, trailer.byteOffset).getUint32(0, true);
  requireChecksum('records', written, checksum);
}

/** Where record `index` begins in a file with this header of `headerLength` bytes. */
export function recordOffset(header: CorpusHeader, headerLength: number, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= header.count) {
    throw new RangeError(`record ${index} of a corpus of ${header.count}`);
  }
  return headerLength + index * recordLength(header.settings, header.split);
}

/** Bytes of the whole file with this header of `headerLength` bytes. */
export function corpusFileLength(header: CorpusHeader, headerLength: number): number {
  return headerLength + header.count * recordLength(header.settings, header.split) + CORPUS_TRAILER_LENGTH;
}

/** @throws CorpusFormatError if a file with this header does not have `actual` bytes. */
export function checkFileLength(header: CorpusHeader, headerLength: number, actual: number): void {
  const expected = corpusFileLength(header, headerLength);
  if (actual === expected) return;
  throw new CorpusFormatError(actual < expected ? 'truncated' : 'altered', `${actual} bytes, expected ${expected}`);
}

function requireLength(bytes: Uint8Array, length: number): void {
  if (bytes.length < length)
    throw new CorpusFormatError('truncated', `${bytes.length} bytes, expected at least ${length}`);
}

function requireChecksum(what: string, written: number, actual: number): void {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  if (written !== actual) {
    throw new CorpusFormatError('altered', `checksum of the ${what} is ${hex(actual)}, expected ${hex(written)}`);
  }
}
