/** @file The inverse of an increasing function, bit by bit. Chapter 13. */

/**
 * The x in [low, high] where f(x) = target, to the last bit: halves the interval until no number lies between its ends.
 * f must increase; where it does not reach the target, the nearer end is the answer.
 */
export function bisect(f: (x: number) => number, target: number, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
}
