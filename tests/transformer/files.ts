/** @file Files of models made by hand, and those that transformers wrote. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Files } from '../../src/transformer/index.ts';

/** A safetensors file with this header (an object, or text as it shall stand there) and so many bytes of numbers. */
export function safetensorsFile(header: object | string, data: number | Uint8Array = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const numbers = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + numbers.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(numbers, 8 + text.length);
  return bytes;
}

/** The text of a file's header. */
export function headerText(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

/** The file with another header, and numbers as they were. */
export function withHeader(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const text = headerText(bytes);
  return safetensorsFile(change(text), bytes.subarray(8 + new TextEncoder().encode(text).length));
}

export const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Folders of `tests/fixtures/transformers`, which its `make.py` wrote. */
export const FIXTURES = ['sharded-f32', 'bf16', 'older-f16'] as const;

export interface Fixture {
  readonly files: Files;
  readonly tokens: readonly number[][];
  /** In single precision, of the weights that the files hold. */
  readonly logits: readonly number[];
}

export function fixture(name: (typeof FIXTURES)[number]): Fixture {
  const folder = fileURLToPath(new URL(`../fixtures/transformers/${name}/`, import.meta.url));
  const files = Object.fromEntries(
    readdirSync(folder).map((file): [string, Uint8Array] => {
      const bytes = readFileSync(folder + file);
      return file.endsWith('.gz') ? [file.slice(0, -3), gunzipSync(bytes)] : [file, bytes];
    }),
  );
  const { 'expected.json': expected, ...model } = files;
  return { files: model, ...JSON.parse(new TextDecoder().decode(expected)) };
}
