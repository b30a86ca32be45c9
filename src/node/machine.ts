/** @file What there is to run on: memory, and room on the disk. Appendix B. */
import { existsSync, statfsSync } from 'node:fs';
import { loadavg, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Machine } from '../study/index.ts';

/** This machine, for a run directory that need not exist. */
export function machineFor(path: string): Machine {
  let existing = resolve(path);
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return {
    memoryBytes: Math.min(totalmem(), container),
    diskBytes: bavail * bsize,
    load: loadavg()[0]!,
    processBytes: () => 1024 * process.resourceUsage().maxRSS,
  };
}
