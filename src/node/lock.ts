/** @file One writer a directory: a file that says which process works in it. Appendix B. */
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../store/index.ts';
import { LOCK } from './disk-store.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts: a number may be given to another process later. */
  readonly began: string;
}

/** As long as it works, a process touches its lock so often: others can see from another machine that it lives. */
const BEAT_MILLISECONDS = 5_000;

export interface LockOptions {
  /** A process of another machine is gone when its lock is not touched for so long; network disks may show a touch a minute late. */
  readonly goneMilliseconds?: number;
  /** Told when that is waited for. */
  readonly onWait?: (text: string) => void;
}

/**
 * Takes the directory's lock, which a dead process may have left. Gives a function that releases it, and removes the directory
 * if nothing lies there; it is called when the process exits, too. Throws {@link StoreError} when another process holds it.
 */
export function lockDirectory(
  path: string,
  { goneMilliseconds = 90_000, onWait = () => {} }: LockOptions = {},
): () => void {
  const file = join(path, LOCK);
  const own: Holder = { pid: process.pid, host: hostname(), began: beganAt(process.pid) };
  const text = `${JSON.stringify(own)}\n`;
  makeDirectory(path);
  const attempt = join(path, `${LOCK}.${process.pid}.tmp`);
  writing(path, () => writeFileSync(attempt, text));
  try {
    while (!linked(attempt, file)) {
      const holder = readHolder(file);
      if (holder === undefined) continue; // released meanwhile
      if (holder && holder.host !== hostname()) {
        const seconds = Math.round(goneMilliseconds / 1000);
        onWait(
          `${path}: process ${holder.pid} on ${holder.host} has its lock: ${seconds} seconds will tell whether it lives`,
        );
      }
      if (holder && isAlive(holder, file, goneMilliseconds)) {
        const who = `process ${holder.pid} on ${holder.host}`;
        throw new StoreError(path, `${who} works on it; if that is gone, remove ${file}`);
      }
      takeOver(file, attempt);
    }
  } finally {
    rmSync(attempt, { force: true });
  }
  const beating = setInterval(() => beat(file, text, path), BEAT_MILLISECONDS).unref();
  const release = (): void => {
    clearInterval(beating);
    process.off('exit', release);
    if (readText(file) === text) rmSync(file, { force: true });
    try {
      rmdirSync(path);
    } catch {
      // something lies there
    }
  };
  process.on('exit', release);
  return release;
}

/** A hard link appears with its content or not at all, and never in the place of another. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead process's lock away; puts it back if another process has taken it over meanwhile. */
function takeOver(file: string, attempt: string): void {
  const dead = readText(file);
  const aside = `${attempt}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another process was faster
  }
  if (readText(aside) !== dead) linked(aside, file);
  rmSync(aside, { force: true });
}

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Undefined where there is no lock, null for one that is not readable: no process of ours writes such. */
function readHolder(file: string): Holder | null | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

function isAlive({ pid, host, began }: Holder, file: string, goneMilliseconds: number): boolean {
  if (host !== hostname()) return isTouched(file, goneMilliseconds);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return beganAt(pid) === began;
}

/** Whether anything happens to a file within this time; clocks of two machines are not compared. */
function isTouched(file: string, milliseconds: number): boolean {
  const touched = (): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const before = touched();
  const ends = performance.now() + milliseconds;
  while (performance.now() < ends) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(500, milliseconds / 4));
    if (touched() !== before) return true;
  }
  return false;
}

/** Says that this process lives. One that was thought to be gone, asleep perhaps, must not write beside its successor. */
function beat(file: string, text: string, path: string): void {
  const now = readText(file);
  if (now === undefined) return; // the disk may be away for a moment
  if (now !== text) {
    process.stderr.write(`karelscope: ${path}: another process has taken it over\n`);
    process.exit(1);
  }
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // the next beat may succeed
  }
}

/** Field 22 of /proc/PID/stat on Linux; elsewhere nothing, so that the process number alone counts. */
function beganAt(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function makeDirectory(path: string): void {
  writing(path, () => mkdirSync(path, { recursive: true }));
}

function writing(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw new StoreError(path, 'is a file, not a directory');
    if (code === 'EACCES' || code === 'EPERM') throw new StoreError(path, 'permission is denied');
    if (code === 'EROFS') throw new StoreError(path, 'the disk is read-only');
    if (code === 'ENOSPC') throw new StoreError(path, 'no space is left on the disk');
    throw error;
  }
}
