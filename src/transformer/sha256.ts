/** @file SHA-256 (FIPS 180-4), so that an altered checkpoint is noticed in Node and in a browser alike. Appendix B. */

/** First 32 bits of the fractional part of the square or cube root of the first `count` primes: how the standard makes its constants. */
function primeConstants(count: number, degree: 2 | 3): Uint32Array {
  const constants = new Uint32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) prime = false;
    if (prime) constants[found++] = rootBits(candidate, degree);
  }
  return constants;
}

/** Bit by bit, in whole numbers: the largest r with r^degree <= 2^(32 degree) prime is 2^32 times the root. */
function rootBits(prime: number, degree: 2 | 3): number {
  const target = BigInt(prime) << BigInt(32 * degree);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) {
    const next = root + bit;
    if ((degree === 2 ? next * next : next * next * next) <= target) root = next;
  }
  return Number(root & 0xffffffffn);
}

const ROUND_CONSTANTS = new Int32Array(primeConstants(64, 3)); // signed: 32-bit arithmetic throughout
const INITIAL_STATE = primeConstants(8, 2);

/** Digest of the parts, one after the other, as 64 hexadecimal digits. */
export function sha256(...parts: readonly Uint8Array[]): string {
  const state = INITIAL_STATE.slice();
  const block = new Uint8Array(64);
  const words = new Int32Array(64);
  let filled = 0;
  let length = 0;
  const absorb = (bytes: Uint8Array): void => {
    for (let index = 0; index < bytes.length; ) {
      const taken = Math.min(64 - filled, bytes.length - index);
      block.set(bytes.subarray(index, index + taken), filled);
      filled += taken;
      index += taken;
      if (filled === 64) {
        compress(state, block, words);
        filled = 0;
      }
    }
  };
  for (const part of parts) {
    length += part.length;
    absorb(part);
  }
  const tail = new Uint8Array(filled < 56 ? 64 - filled : 128 - filled); // a 1 bit, zeros, the length in bits
  tail[0] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(length) * 8n);
  absorb(tail);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

function compress(state: Uint32Array, block: Uint8Array, words: Int32Array): void {
  for (let i = 0; i < 16; i++) {
    words[i] = (block[4 * i]! << 24) | (block[4 * i + 1]! << 16) | (block[4 * i + 2]! << 8) | block[4 * i + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!;
    const y = words[i - 2]!;
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16]! + small0 + words[i - 7]! + small1) | 0;
  }
  let a = state[0]! | 0;
  let b = state[1]! | 0;
  let c = state[2]! | 0;
  let d = state[3]! | 0;
  let e = state[4]! | 0;
  let f = state[5]! | 0;
  let g = state[6]! | 0;
  let h = state[7]! | 0;
  for (let i = 0; i < 64; i++) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const first = (h + big1 + choice + ROUND_CONSTANTS[i]! + words[i]!) | 0;
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + big0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, index) => {
    state[index]! += value;
  });
}
