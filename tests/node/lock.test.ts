/** @file The lock of a directory: one writer; a dead one's is taken over. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockDirectory } from '../../src/node/lock.ts';
import { sharedDirectory } from '../helpers/command.ts';

const directory = sharedDirectory();

/** A directory with the lock of such a process. */
function lockedBy(name: string, holder: unknown): string {
  const path = join(directory, name);
  mkdirSync(path);
  writeFileSync(join(path, 'lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));
  return path;
}

/** The number of a process that has ended. */
const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const began = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;

test('a directory that is held is refused with the holder’s process and host, and free when it is released', () => {
  const path = join(directory, 'held');
  const release = lockDirectory(path);
  expect(() => lockDirectory(path)).toThrow(`${path}: process ${process.pid} on ${hostname()} works on it`);
  writeFileSync(join(path, 'file'), '');
  release();
  expect(existsSync(join(path, 'lock'))).toBe(false);
  lockDirectory(path)();
});

test('a directory that held nothing is gone when it is released', () => {
  const path = join(directory, 'empty');
  lockDirectory(path)();
  expect(existsSync(path)).toBe(false);
});

test.each([
  ['that has ended', () => ({ pid: dead(), host: hostname(), began: '1' })],
  ['whose number another process has now', () => ({ pid: process.pid, host: hostname(), began: '1' })],
  ['that wrote no whole line', () => '{"pid":'],
])('the lock of a process %s is taken over', (_, holder) => {
  const path = lockedBy(_, holder());
  const release = lockDirectory(path);
  expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8'))).toEqual({ pid: process.pid, host: hostname(), began });
  release();
});

test('that of another machine is not: nobody can ask there', () => {
  const path = lockedBy('elsewhere', { pid: 1, host: 'another', began: '1' });
  expect(() => lockDirectory(path)).toThrow(/process 1 on another works on it; if that is gone, remove .*lock$/);
});

test('a file in the place of the directory is refused by name', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDirectory(file)).toThrow(`${file}: is a file, not a directory`);
});
