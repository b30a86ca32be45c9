/** @file The lock of a directory: one writer; a dead one's is taken over. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

const ELSEWHERE = { pid: 1, host: 'another', began: '1' };

test('that of another machine is not as long as it is touched: it is refused at the first touch', async () => {
  const path = lockedBy('elsewhere', ELSEWHERE);
  const lock = join(path, 'lock');
  const touching = `setInterval(() => require('fs').utimesSync(${JSON.stringify(lock)}, new Date(), new Date()), 100)`;
  const toucher = spawn(process.execPath, ['-e', touching]);
  try {
    expect(() => lockDirectory(path, { goneMilliseconds: 60_000 })).toThrow(
      /process 1 on another works on it; if that is gone, remove .*lock$/,
    );
  } finally {
    toucher.kill();
  }
});

test('that of another machine which nobody touches any more is taken over, and the wait is told', () => {
  const path = lockedBy('gone', ELSEWHERE);
  const told: string[] = [];
  const release = lockDirectory(path, { goneMilliseconds: 300, onWait: (text) => void told.push(text) });
  expect(told).toEqual([expect.stringContaining('process 1 on another has its lock')]);
  expect(JSON.parse(readFileSync(join(path, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});

test('a holder touches its lock every five seconds, and ends when another process has taken it over', async () => {
  const path = join(directory, 'beating');
  const source = join(import.meta.dirname, '../../dist/node/lock.js');
  const code = `import(${JSON.stringify(source)}).then(({ lockDirectory }) => { lockDirectory(${JSON.stringify(path)}); setTimeout(() => {}, 60_000); console.log('held'); })`;
  const holder = spawn(process.execPath, ['-e', code]);
  const ended = new Promise<[number | null, string]>((done) => {
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    holder.on('close', (exit) => done([exit, said]));
  });
  await new Promise((done) => holder.stdout.once('data', done));
  const lock = join(path, 'lock');
  const first = statSync(lock).mtimeMs;
  await expect.poll(() => statSync(lock).mtimeMs, { timeout: 30_000 }).toBeGreaterThan(first);
  writeFileSync(lock, JSON.stringify(ELSEWHERE));
  expect(await ended).toEqual([1, `karelscope: ${path}: another process has taken it over\n`]);
  expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual(ELSEWHERE);
});

test('a file in the place of the directory is refused by name', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDirectory(file)).toThrow(`${file}: is a file, not a directory`);
});
