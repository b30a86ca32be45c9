/** @file The one comparison of numbers that all tests use. */

export interface Tolerance {
  /** Allowed difference, as a part of what is expected; 0 by default. */
  readonly relative?: number;
  /** Allowed difference in itself, for numbers near 0; 0 by default. */
  readonly absolute?: number;
}

/**
 * Throws unless |actual - expected| <= absolute + relative |expected| for every element; names the worst one. NaN is close to nothing,
 * infinity only to itself.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 0, absolute = 0 }: Tolerance,
  name = 'values',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${name}: ${actual.length} elements, expected ${expected.length}`);
  }
  let worst = -1;
  let excess = 1;
  let failures = 0;
  for (let i = 0; i < actual.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b) continue;
    const ratio = Math.abs(a - b) / (absolute + relative * Math.abs(b));
    if (ratio <= 1) continue;
    failures++;
    if (!(ratio <= excess) && !Number.isNaN(excess)) {
      excess = ratio;
      worst = i;
    }
  }
  if (failures > 0) {
    const times = Number.isFinite(excess) ? ` (${excess.toPrecision(3)} times the tolerance)` : '';
    throw new Error(
      `${name}: ${failures} of ${actual.length} elements differ, worst at ${worst}: ${actual[worst]}, expected ${expected[worst]}${times}`,
    );
  }
}

/** Throws unless all bits are the same; names the first that differ. */
export function expectSameBits(actual: Float32Array, expected: Float32Array, name = 'values'): void {
  const a = new Int32Array(actual.slice().buffer);
  const b = new Int32Array(expected.slice().buffer);
  if (a.length !== b.length) throw new Error(`${name}: ${a.length} elements, expected ${b.length}`);
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) throw new Error(`${name}: bits differ at ${i}: ${actual[i]}, expected ${expected[i]}`);
  }
}
