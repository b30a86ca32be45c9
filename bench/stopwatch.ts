/** @file How long something takes here and now. */

export function secondsOf(body: () => void): number {
  const started = performance.now();
  body();
  return (performance.now() - started) / 1000;
}

/**
 * Runs `body` until `seconds` have passed, and gives the median of what the runs took. The first one, which finds nothing
 * warm, does not count unless it alone takes that long. `body` gets the number of the run.
 */
export function medianSeconds(body: (run: number) => void, seconds = 1): number {
  const first = secondsOf(() => body(0));
  if (first > seconds) return first;
  const taken: number[] = [];
  for (let sum = 0; sum < seconds; ) {
    const took = secondsOf(() => body(taken.length + 1));
    taken.push(took);
    sum += took;
  }
  return median(taken);
}

/** The middle one, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
