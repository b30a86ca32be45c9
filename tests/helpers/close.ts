/** @file The one helper for closeness of numbers. Chapter 3. */

export interface Closeness {
  /** Allowed difference as a share of the expected value. */
  readonly relative?: number;
  /** Allowed difference on top of that. */
  readonly absolute?: number;
}

/**
 * Fails unless |actual - expected| <= absolute + relative |expected| for every element; a NaN is close to nothing. The
 * message names the element that exceeds its bound by most.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 0, absolute = 0 }: Closeness,
  label = 'values',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${label}: ${actual.length} elements, expected ${expected.length}`);
  }
  let worst = -1;
  let worstExcess = 0;
  let failures = 0;
  for (let i = 0; i < expected.length; i++) {
    const excess = Math.abs(actual[i]! - expected[i]!) - (absolute + relative * Math.abs(expected[i]!));
    if (excess <= 0) continue;
    failures++;
    if (worst < 0 || Number.isNaN(excess) || excess > worstExcess) {
      worst = i;
      worstExcess = excess;
    }
  }
  if (worst < 0) return;
  const bound = `absolute ${absolute}, relative ${relative}`;
  throw new Error(
    `${label}: ${failures} of ${expected.length} elements differ, worst at ${worst}: ${actual[worst]}, expected ${expected[worst]} (${bound})`,
  );
}
