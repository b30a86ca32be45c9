/** @file How long something takes: the best and the median of repeated measurements, in seconds. */
import { performance } from 'node:perf_hooks';
import { add, complete, suite } from 'benny';

export { median } from './stopwatch.ts';

export const MIN_REPETITIONS = 5;

/** Seconds. The best is what the code can do; the median says how quiet the machine was. */
export interface Timing {
  readonly best: number;
  readonly median: number;
}

/**
 * A micro-benchmark, by benny: at least {@link MIN_REPETITIONS} samples, each of as many runs as take a few
 * milliseconds; a sample counts as the mean of its runs.
 */
export async function measure(run: () => void, seconds = 0.4): Promise<Timing> {
  const options = { minSamples: MIN_REPETITIONS, minTime: 0.005, maxTime: seconds };
  const { results } = await quietly(() =>
    suite(
      '',
      add('', () => void run(), options),
      complete(ignore),
    ),
  );
  const { min, median } = results[0]!.details;
  return { best: min, median };
}

/** benny announces each suite on standard output, which belongs to the results. */
async function quietly<T>(body: () => Promise<T>): Promise<T> {
  const log = console.log;
  console.log = ignore;
  try {
    return await body();
  } finally {
    console.log = log;
  }
}

function ignore(): void {}

/**
 * Runs something longer at least {@link MIN_REPETITIONS} times and until `seconds` have passed, after one run that does
 * not count. `body` gets the number of the repetition; the result is how many seconds each took.
 */
export function repeat(body: (repetition: number) => void, seconds = 2): number[] {
  body(0);
  const taken: number[] = [];
  for (let sum = 0; sum < seconds || taken.length < MIN_REPETITIONS; ) {
    const started = performance.now();
    body(taken.length);
    const took = (performance.now() - started) / 1000;
    taken.push(took);
    sum += took;
  }
  return taken;
}
