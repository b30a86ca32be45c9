/** @file What becomes of the four lanes of a vector at the end of a loop, as in `wasm/vectors.ts`. Appendix D. */
import type { Arithmetic } from './arithmetic.ts';

/**
 * A loop over vectors adds element j to lane j mod 4, in order; then the lanes are added as (0 + 2) + (1 + 3).
 * Every bit of an ordinary sum over a row follows from these two.
 */
export function sumOfLanes({ add }: Arithmetic, lanes: Float32Array): number {
  return add(add(lanes[0]!, lanes[2]!), add(lanes[1]!, lanes[3]!));
}

export function maxOfLanes(lanes: Float32Array): number {
  return Math.max(Math.max(lanes[0]!, lanes[2]!), Math.max(lanes[1]!, lanes[3]!));
}
