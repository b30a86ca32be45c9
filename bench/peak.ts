/**
 * @file The machine's ceiling: multiply-adds of 128-bit vectors that never leave the registers.
 *
 * A core can begin two multiply-adds a cycle and has each result four or five cycles later, so only eight to ten
 * independent sums keep it busy; with more than 14, the factors and the sums no longer fit its 16 registers. No kernel
 * can exceed the best over 8 to 14.
 */
import { measureHandOver } from './hand-over.ts';
import { measure } from './measure.ts';
import { ACCUMULATORS, chunkFlops, type PeakPool, withPeakPool } from './peak-pool.ts';
import type { Peak } from './results.ts';

/** Rounds of the loop in a chunk: some tenths of a millisecond, so that handing it over does not count. */
const PASSES = 20_000;

async function ceiling(pool: PeakPool, threads: number): Promise<{ gflops: number; accumulators: number }> {
  let best = { gflops: 0, accumulators: 0 };
  for (const [index, accumulators] of ACCUMULATORS.entries()) {
    const { best: seconds } = await measure(() => pool.run(index, PASSES, threads), 0.3);
    const gflops = (threads * chunkFlops(accumulators, PASSES)) / seconds / 1e9;
    if (gflops > best.gflops) best = { gflops, accumulators };
  }
  return best;
}

/** The ceiling of one thread and of `threads`, and what a hand-over to `threads` costs (0 where there is none). */
export async function measurePeak(threads: number, note: (text: string) => void): Promise<Peak> {
  note('peak, threads: 1');
  const { gflops: gflops1, accumulators } = await withPeakPool(1, (pool) => ceiling(pool, 1));
  if (threads === 1) return { gflops1, gflops: gflops1, accumulators, handOverMicroseconds: 0, wakeUpMicroseconds: 0 };
  note(`peak, threads: ${threads}`);
  return await withPeakPool(threads, async (pool) => {
    const { gflops } = await ceiling(pool, threads);
    return { gflops1, gflops, accumulators, ...measureHandOver(pool, threads) };
  });
}
