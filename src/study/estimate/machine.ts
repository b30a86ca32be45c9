/** @file What there is to run on: memory, and room on the disk. Chapter 8. */
import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';

export interface Machine {
  /** All of the machine's memory, or of the container's where that is less. */
  readonly memoryBytes: number;
  /** What is free where the run would be written. */
  readonly diskBytes: number;
}

/** This machine, for a run directory that need not exist. */
export function machineFor(path: string): Machine {
  let existing = resolve(path);
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return { memoryBytes: Math.min(totalmem(), container), diskBytes: bavail * bsize };
}
