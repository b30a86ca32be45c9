/**
 * @file The header of a safetensors file: which tensors lie where, checked against the file. Appendix B.
 *
 * The rules are those of the reference implementation (https://github.com/huggingface/safetensors, `tensor.rs`): tensors
 * lie one behind the other, without gap or overlap, from the header's end to the file's. They are checked before any
 * memory is asked for, so that a header can promise no more than the file holds.
 */
import { formatShape, type Shape, sizeOf } from '../tensor/shape.ts';
import { CheckpointError } from './errors.ts';
import { isObject, parseJson, shown } from './json.ts';

export interface Entry {
  readonly dtype: string;
  readonly shape: Shape;
  /** The bytes, counted from the header's end. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where in the file the numbers begin. */
  readonly dataStart: number;
}

/** The limit of the reference implementation. */
const LONGEST_HEADER = 100_000_000;

/** Bits of an element, for every type that the format has. */
const BITS: ReadonlyMap<unknown, number> = new Map(
  Object.entries({
    ...{ BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, U32: 32, I32: 32, U64: 64, I64: 64 },
    ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8 },
    ...{ F16: 16, BF16: 16, F32: 32, F64: 64, C64: 64 },
  }),
);

/** Throws {@link CheckpointError} naming file, tensor and reason when header and file are not those of safetensors. */
export function readHeader(bytes: Uint8Array, file: string): Header {
  const refuse = (reason: string): never => {
    throw new CheckpointError(file, reason);
  };
  if (bytes.length < 8) refuse(`truncated: ${bytes.length} bytes, expected at least 8`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const dataStart = 8 + length;
  if (dataStart > bytes.length) refuse(`truncated: ${bytes.length} bytes, expected a header of ${length} bytes`);
  if (length > LONGEST_HEADER) refuse(`has a header of ${length} bytes, more than ${LONGEST_HEADER}`);
  if (bytes[8] !== 0x7b || length === 0) refuse('truncated or altered: its header does not begin with {');
  const json = parseJson(bytes.subarray(8, dataStart), file, 'its header') as Record<string, unknown>;
  const entries = new Map<string, Entry>();
  for (const [name, described] of Object.entries(json)) {
    if (name !== '__metadata__') entries.set(name, entryOf(name, described, refuse));
  }
  requireLayout(entries, bytes.length - dataStart, refuse);
  return { entries, metadata: metadataOf(json['__metadata__'], refuse), dataStart };
}

function metadataOf(value: unknown, refuse: (reason: string) => never): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) return refuse(`__metadata__ is ${shown(value)}, expected an object of strings`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') refuse(`${key} in __metadata__ is ${shown(text)}, expected a string`);
  }
  return value as Record<string, string>;
}

function entryOf(name: string, value: unknown, refuse: (reason: string) => never): Entry {
  if (!isObject(value)) return refuse(`${name} is not described as a tensor, but is ${shown(value)}`);
  const { dtype, shape, data_offsets: range } = value;
  const bits = BITS.get(dtype) ?? refuse(`${name} has the type ${shown(dtype)}, which safetensors does not have`);
  if (!isSizes(shape)) return refuse(`${name} has the shape ${shown(shape)}, expected whole numbers from 0 up`);
  if (!isSizes(range) || range.length !== 2 || range[0]! > range[1]!) {
    return refuse(`${name} has the data_offsets ${shown(range)}, expected where it begins and ends`);
  }
  const [begin, end] = range as [number, number];
  const size = (bits * sizeOf(shape)) / 8;
  if (end - begin !== size) {
    refuse(`${name} has ${end - begin} bytes, expected ${size} for ${dtype} of the shape ${formatShape(shape)}`);
  }
  return { dtype: dtype as string, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && !Object.is(size, -0));
}

function requireLayout(entries: ReadonlyMap<string, Entry>, size: number, refuse: (reason: string) => never): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  let before = '';
  for (const [name, { begin, end }] of inOrder) {
    if (begin < filled) refuse(`${name} overlaps ${before}: it begins at ${begin}, before ${filled}`);
    if (end > size) refuse(`truncated: ${name} ends at ${end}, the file has ${size} bytes of numbers`);
    if (begin > filled) refuse(`has a gap before ${name}: bytes ${filled} to ${begin} belong to no tensor`);
    filled = end;
    before = name;
  }
  if (filled < size) refuse(`altered: ${size - filled} bytes after ${before || 'the header'} belong to no tensor`);
}
