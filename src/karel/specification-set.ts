/** @file A compact set of specifications, to keep the splits apart. Chapter 2. */

/**
 * Specifications, each kept as 52 bits of hash of its prompt's tokens. Two specifications may share a hash, though one
 * in 10^15 pairs does; then a sample is redrawn that need not have been. A specification that is in the set is never
 * missed, which is what keeps the splits disjoint.
 */
export class SpecificationSet {
  private readonly hashes = new Set<number>();

  get size(): number {
    return this.hashes.size;
  }

  /** Whether the prompt in `tokens[start..end)` is in the set. */
  has(tokens: Uint8Array, start = 0, end: number = tokens.length): boolean {
    return this.hashes.size > 0 && this.hashes.has(hashOf(tokens, start, end));
  }

  /** Puts the prompt in `tokens[start..end)` into the set. */
  add(tokens: Uint8Array, start = 0, end: number = tokens.length): void {
    this.hashes.add(hashOf(tokens, start, end));
  }
}

/** Two 32-bit multiplicative hashes (FNV-1a's form, different multipliers), mixed, as one integer below 2^52. */
function hashOf(tokens: Uint8Array, start: number, end: number): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = start; at < end; at++) {
    const token = tokens[at]!;
    low = Math.imul(low ^ token, 0x01000193);
    high = Math.imul(high ^ token, 0x85ebca6b);
    high ^= high >>> 15;
  }
  low ^= low >>> 16;
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}
