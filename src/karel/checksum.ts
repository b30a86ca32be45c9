/** @file CRC-32, to notice altered bytes. Chapter 2. */

/** `TABLE[byte]`: the remainder that one byte leaves, polynomial 0xEDB88320 (the reflected one of ISO 3309). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** The CRC-32 (as in zip and PNG) of bytes that come in pieces. */
export class Crc32 {
  private state = 0xffffffff;

  update(bytes: Uint8Array): this {
    let state = this.state;
    for (let at = 0; at < bytes.length; at++) state = (state >>> 8) ^ TABLE[(state ^ bytes[at]!) & 0xff]!;
    this.state = state;
    return this;
  }

  /** The checksum of everything so far, an unsigned 32-bit integer. */
  get value(): number {
    return ~this.state >>> 0;
  }
}
