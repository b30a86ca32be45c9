import { expect, test } from 'vitest';
import { widenBF16, widenF16 } from '../../src/transformer/float16.ts';

const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

/** What the standard says of sign, exponent and fraction. */
function meaning(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const largest = 2 ** exponentBits - 1;
  const bias = (largest - 1) / 2;
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> fractionBits) & largest;
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  if (exponent === largest) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

test.each([
  ['F16', widenF16, 5],
  ['BF16', widenBF16, 8],
] as const)(
  'each of the 65,536 numbers of %s is the same number in single precision, -0 and NaN too',
  (_, widen, exponentBits) => {
    const wide = widen(all);
    for (const bits of all) {
      const expected = meaning(bits, exponentBits);
      if (!Object.is(wide[bits], expected)) expect({ bits, value: wide[bits] }).toEqual({ bits, value: expected });
    }
  },
);

test('a NaN keeps its sign and its payload', () => {
  const bits = (wide: Float32Array): number => new Uint32Array(wide.buffer)[0]!;
  expect(bits(widenF16(Uint16Array.of(0xfe01)))).toBe(0xffc0_2000);
  expect(bits(widenBF16(Uint16Array.of(0xff81)))).toBe(0xff81_0000);
});
