/** @file What it costs to hand a loop to the pool and to have it back. */
import { performance } from 'node:perf_hooks';
import { median } from './measure.ts';
import type { PeakPool } from './peak-pool.ts';

/** One thread's part of the loop: longer than a hand-over, so that each thread takes exactly one chunk. */
const CHUNK_MICROSECONDS = 100;
const REPETITIONS = 1000;
const SLEEPY_REPETITIONS = 100;
/** Workers look for a next loop for some time before they sleep; this is longer. */
const PAUSE_MILLISECONDS = 2;

/**
 * As many equal chunks as threads take as long as one chunk alone, plus the hand-over and the way back: medians of both,
 * subtracted. Measured so, the work is really done on all threads; an empty loop would be over before a worker comes.
 */
export function measureHandOver(
  pool: PeakPool,
  threads: number,
): { handOverMicroseconds: number; wakeUpMicroseconds: number } {
  const passes = calibrate(pool);
  const typical = (chunks: number, repetitions: number, pause: number): number =>
    median(
      Array.from({ length: repetitions }, () => {
        sleepFor(pause);
        return microseconds(pool, passes, chunks);
      }),
    );
  const beyond = (repetitions: number, pause: number): number =>
    typical(threads, repetitions, pause) - typical(1, repetitions, pause);
  return {
    handOverMicroseconds: beyond(REPETITIONS, 0),
    wakeUpMicroseconds: beyond(SLEEPY_REPETITIONS, PAUSE_MILLISECONDS),
  };
}

/** Passes that take one thread {@link CHUNK_MICROSECONDS}. */
function calibrate(pool: PeakPool): number {
  const trial = 10_000;
  const times = Array.from({ length: 20 }, () => microseconds(pool, trial, 1));
  return Math.round((CHUNK_MICROSECONDS * trial) / Math.min(...times));
}

function microseconds(pool: PeakPool, passes: number, chunks: number): number {
  const started = performance.now();
  pool.run(0, passes, chunks);
  return 1000 * (performance.now() - started);
}

function sleepFor(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
