/** @file The suite `peak`. */
import type { Peak } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number } from './table.ts';

/** Quiet cores reach more of as many times one core's peak. */
const BUSY = 0.8;

export const peakSuite: Suite<Peak> = {
  measure: (bench) => bench.peak(),
  describe(peak, { machine: { threads } }) {
    const one = [`1 thread (${peak.accumulators} accumulators)`, number(peak.gflops1)];
    if (threads === 1) return formatTable(['peak', 'GFLOP/s'], [one]);
    const scaling = peak.gflops / peak.gflops1;
    return [
      ...formatTable(['peak', 'GFLOP/s'], [one, [`${threads} threads`, number(peak.gflops)]]),
      '',
      ...formatTable(
        ['a parallel loop', 'microseconds, median'],
        [
          ['to the threads and back', number(peak.handOverMicroseconds)],
          ['to sleeping threads and back', number(peak.wakeUpMicroseconds)],
        ],
      ),
      ...(scaling < BUSY * threads
        ? ['', `${threads} threads are ${number(scaling)} of 1: the machine is busy, or has fewer cores`]
        : []),
    ];
  },
};
