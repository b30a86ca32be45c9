/** @file Half-precision numbers as single-precision ones: each is one, so nothing is rounded. Appendix B. */

/**
 * IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. Bit by bit, so that a NaN keeps its payload.
 */
export function widenF16(halves: Uint16Array): Float32Array {
  return fromBits(halves, (half) => {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 31) return sign | 0x7f80_0000 | (fraction << 13); // infinity or NaN
    if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13); // 112 = 127 - 15, the two biases
    if (fraction === 0) return sign;
    const shift = Math.clz32(fraction) - 21; // a subnormal, fraction x 2^-24: its first 1 becomes the hidden bit
    return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
  });
}

/** bfloat16: the upper half of a single-precision number. */
export function widenBF16(halves: Uint16Array): Float32Array {
  return fromBits(halves, (half) => half << 16);
}

function fromBits(halves: Uint16Array, widen: (half: number) => number): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = widen(halves[i]!);
  return new Float32Array(bits.buffer);
}
