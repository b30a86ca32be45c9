/** @file Runs the built command line as a user does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const MAIN = resolve(import.meta.dirname, '../../dist/main.js');

export interface Finished {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `karelscope ...args`; `finished` resolves when it has ended. */
export function start(args: readonly string[]): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const finished = new Promise<Finished>((done) => child.on('close', (code) => done({ code, ...output })));
  return { child, finished };
}

export const karelscope = (...args: string[]): Promise<Finished> => start(args).finished;

/** A directory that is gone when `body` has ended. */
export async function inTemporaryDirectory<T>(body: (path: string) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), 'karelscope-'));
  try {
    return await body(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** A directory for all tests of the file or `describe` in which this is called, gone when they have ended. */
export function sharedDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'karelscope-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
