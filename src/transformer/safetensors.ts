/**
 * @file The safetensors format: named arrays of numbers as bytes. Chapter 6.
 *
 * A file is the length of its header (8 bytes, little-endian), the header (JSON: for each name its type, shape and range
 * of bytes), and the numbers. Source: https://huggingface.co/docs/safetensors. Numbers are written in the machine's own
 * byte order, which is little-endian wherever WebAssembly runs.
 */
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { CheckpointError } from './errors.ts';
import { SEAL_PLACEHOLDER, seal, verifySeal } from './seal.ts';

export interface StoredTensor {
  readonly shape: Shape;
  readonly data: FloatArray;
}

/** What a file holds. The metadata are without `sha256`, which belongs to the file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: 'F32' | 'F64';
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/**
 * Bytes of a safetensors file: the same for the same content, in whatever order it comes. `__metadata__` gets `format:
 * pt`, without which Hugging Face's loader refuses a file, and `sha256`, the digest of the file with zeros in its place.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = [...tensors.keys()].sort();
  const described = { ...metadata, format: 'pt', sha256: SEAL_PLACEHOLDER };
  const header: Record<string, unknown> = { __metadata__: Object.fromEntries(Object.entries(described).sort(byKey)) };
  let offset = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    const dtype = data instanceof Float64Array ? 'F64' : 'F32';
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  let json = JSON.stringify(header);
  while (new TextEncoder().encode(json).length % 8 !== 0) json += ' '; // numbers start at a multiple of 8 bytes
  const encoded = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + encoded.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  let at = 8 + encoded.length;
  for (const name of names) {
    const { data } = tensors.get(name)!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return seal(bytes);
}

/**
 * Inverse of {@link encodeSafetensors}. Throws {@link CheckpointError} naming `file` when it is truncated, altered or
 * not a file that {@link encodeSafetensors} wrote: one from elsewhere has no `sha256`.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const refuse = (reason: string): void => {
    throw new CheckpointError(file, reason);
  };
  if (bytes.length < 8) refuse(`truncated: ${bytes.length} bytes, expected at least 8`);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const dataStart = 8 + headerBytes;
  if (dataStart > bytes.length) refuse(`truncated: ${bytes.length} bytes, expected a header of ${headerBytes} bytes`);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, dataStart), file);
  let expected = 0;
  for (const entry of Object.values(entries) as Entry[]) expected = Math.max(expected, entry?.data_offsets?.[1] ?? 0);
  if (dataStart + expected !== bytes.length) {
    const fault = dataStart + expected > bytes.length ? 'truncated' : 'altered';
    refuse(`${fault}: ${bytes.length} bytes, expected ${dataStart + expected}`);
  }
  verifySeal(bytes, file);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) throw new CheckpointError(file, `${name} is not described as a tensor of type F32 or F64`);
    const [begin, end] = entry.data_offsets;
    const size = (entry.dtype === 'F32' ? 4 : 8) * sizeOf(entry.shape);
    if (end - begin !== size) refuse(`${name} has ${end - begin} bytes, expected ${size}`);
    const data = bytes.slice(dataStart + begin, dataStart + end).buffer; // a copy is aligned, whatever bytes is
    tensors.set(name, {
      shape: entry.shape,
      data: entry.dtype === 'F32' ? new Float32Array(data) : new Float64Array(data),
    });
  }
  const { sha256: _, ...rest } = metadata as Record<string, string>;
  return { tensors, metadata: rest };
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new CheckpointError(file, 'altered: its header is not JSON');
  }
  if (typeof header !== 'object' || header === null) throw new CheckpointError(file, 'its header is not an object');
  return header as Record<string, unknown>;
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: range } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const isSizes = (list: unknown): boolean =>
    Array.isArray(list) && list.every((size) => Number.isSafeInteger(size) && size >= 0);
  return (dtype === 'F32' || dtype === 'F64') && isSizes(shape) && isSizes(range) && (range as number[]).length === 2;
}

function byKey([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
