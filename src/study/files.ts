/** @file Writing files so that a crash never leaves half of one. Chapter 8. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StudyError } from './errors.ts';

/** Writes to a temporary file beside it, flushes it to the disk, and renames it into place. */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.tmp`;
  writeAndFlush(temporary, content);
  renameSync(temporary, path);
  flushDirectory(dirname(path));
}

/** Writes all files into a temporary directory and renames it into place: the directory then has all of them, or is not there. */
export function writeDirectoryAtomically(path: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  for (const name of Object.keys(files).sort()) writeAndFlush(join(temporary, name), files[name]!);
  rmSync(path, { recursive: true, force: true });
  renameSync(temporary, path);
  flushDirectory(dirname(path));
}

/** The file's content, or undefined when there is none. Throws {@link StudyError}, naming the file, when it is damaged. */
export function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new StudyError(`${path}: truncated or altered (${(error as Error).message})`);
  }
}

/** A file's text of this value. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function writeJson(path: string, value: unknown): void {
  writeFileAtomically(path, jsonText(value));
}

/** Writes each text to the path that is its key. */
export function writeTexts(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) writeFileAtomically(path, text);
}

/** Writes all of `bytes`, however many calls the system takes for it. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function writeAndFlush(path: string, content: Uint8Array | string): void {
  const file = openSync(path, 'w');
  try {
    writeFully(file, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename durable. Windows cannot open directories, and there the rename itself has to do. */
export function flushDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
