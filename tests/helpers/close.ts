/** @file The one comparison of numbers that all tests use. */

export interface Tolerance {
  /** Allowed difference, as a part of the larger of the two absolute values. */
  readonly relative: number;
  /** Allowed difference in itself, for numbers near 0. */
  readonly absolute: number;
}

/**
 * Throws unless |a - b| <= absolute + relative max(|a|, |b|) for every element; names the worst one. NaN is close to nothing,
 * infinity only to itself.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, absolute }: Tolerance,
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
    const ratio = Math.abs(a - b) / (absolute + relative * Math.max(Math.abs(a), Math.abs(b)));
    if (ratio <= 1) continue;
    failures++;
    if (!(ratio <= excess) && !Number.isNaN(excess)) {
      excess = ratio;
      worst = i;
    }
  }
  if (failures > 0) {
    throw new Error(
      `${name}: ${failures} of ${actual.length} differ; worst at ${worst}: ${actual[worst]}, expected ${expected[worst]} (${excess.toPrecision(3)} times the tolerance)`,
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
