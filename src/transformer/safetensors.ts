/**
 * @file The safetensors format: named arrays of numbers as bytes. Appendix B.
 *
 * A file is the length of its header (8 bytes, little-endian), the header (JSON: for each name its type, shape and range
 * of bytes), and the numbers. Source: https://huggingface.co/docs/safetensors. Numbers are written in the machine's own
 * byte order, which is little-endian wherever WebAssembly runs.
 */
import type { Shape } from '../tensor/shape.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { CheckpointError } from './errors.ts';
import { widenBF16, widenF16 } from './float16.ts';
import { readHeader } from './safetensors-header.ts';
import { SEAL_PLACEHOLDER, seal, verifySeal } from './seal.ts';

export interface StoredTensor {
  readonly shape: Shape;
  readonly data: FloatArray;
}

/** What a file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Without `sha256`, which belongs to the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the file carries our checksum, which then is right. Files of others have none. */
  readonly sealed: boolean;
  /** Names of the tensors that `skip` left out. */
  readonly skipped: ReadonlySet<string>;
}

/** The types that we read; those of 16 bits become Float32, which has each of their numbers. */
const READERS = new Map<string, (numbers: ArrayBuffer) => FloatArray>([
  ['F32', (numbers) => new Float32Array(numbers)],
  ['F64', (numbers) => new Float64Array(numbers)],
  ['F16', (numbers) => widenF16(new Uint16Array(numbers))],
  ['BF16', (numbers) => widenBF16(new Uint16Array(numbers))],
]);

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
 * What a safetensors file holds, ours or another's, without the tensors that `skip` leaves out. Throws
 * {@link CheckpointError}, naming `file`, the tensor and the reason, when the file is not valid, when its checksum is not
 * its own, or for a tensor of a type that we do not read.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
  skip: (name: string) => boolean = () => false,
): Safetensors {
  const { entries, metadata, dataStart } = readHeader(bytes, file);
  const { sha256, ...rest } = metadata;
  const sealed = sha256 !== undefined;
  if (sealed) verifySeal(bytes, file);
  const tensors = new Map<string, StoredTensor>();
  const skipped = new Set<string>();
  for (const [name, { dtype, shape, begin, end }] of entries) {
    if (skip(name)) {
      skipped.add(name);
      continue;
    }
    const read = READERS.get(dtype);
    if (!read) {
      throw new CheckpointError(file, `${name} has the type ${dtype}, only ${[...READERS.keys()].join(', ')} are read`);
    }
    const copy = new Uint8Array(end - begin); // aligned, whatever bytes is; a Buffer's own slice would be no copy
    copy.set(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { shape, data: read(copy.buffer) });
  }
  return { tensors, metadata: rest, sealed, skipped };
}

function byKey([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
