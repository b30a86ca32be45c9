import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/transformer/index.ts';

describe('sha256', () => {
  test('agrees with Node for every length from 0 to 200 bytes, and for a million', () => {
    const check = (length: number): void => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
      expect(sha256(bytes), `${length} bytes`).toBe(createHash('sha256').update(bytes).digest('hex'));
    };
    for (let length = 0; length <= 200; length++) check(length);
    check(1_000_000);
  });

  test('parts are taken one after the other', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 251);
    expect(sha256(bytes.subarray(0, 70), bytes.subarray(70, 71), bytes.subarray(71))).toBe(sha256(bytes));
    expect(sha256(bytes.subarray(0, 299))).not.toBe(sha256(bytes));
  });
});
