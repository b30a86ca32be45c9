/** @file Rotary position embedding: each pair of numbers is a point that turns with its position. Chapter 3. */
import { type HeadLayout, qkvOffsets } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

const BASE = 10000;

/**
 * Su et al. (2021), in GPT-J's order as `CodeGenAttention` uses it (`rotate_every_two`): in each head's query and key the
 * pair (x, y) at 2i, 2i+1 < rotaryDim becomes (x cos a - y sin a, y cos a + x sin a), a = position / 10000^(2i / rotaryDim).
 * Everything else is copied. A turn by -a undoes a turn by a and is also its derivative (a rotation's inverse is its
 * transpose): that is `inverse`.
 */
export function rotary(
  out: FloatArray, // [tokens, 3 x heads x headSize]
  qkv: FloatArray, // [tokens, 3 x heads x headSize]
  positions: Int32Array, // [tokens]
  tokens: number,
  layout: HeadLayout,
  rotaryDim: number,
  inverse: boolean,
  accumulate: boolean,
): void {
  const width = 3 * layout.heads * layout.headSize;
  const write = (at: number, value: number): void => {
    out[at] = accumulate ? out[at]! + value : value;
  };
  const copy = (begin: number, end: number): void => {
    for (let at = begin; at < end; at++) write(at, qkv[at]!);
  };
  for (let t = 0; t < tokens; t++) {
    for (let head = 0; head < layout.heads; head++) {
      const { query, key, value } = qkvOffsets(layout, head);
      for (const offset of [query, key]) {
        const start = t * width + offset;
        for (let i = 0; i < rotaryDim; i += 2) {
          const angle = positions[t]! / BASE ** (i / rotaryDim); // this i is the formula's 2i
          const cos = Math.cos(angle);
          const sin = inverse ? -Math.sin(angle) : Math.sin(angle);
          const x = qkv[start + i]!;
          const y = qkv[start + i + 1]!;
          write(start + i, x * cos - y * sin);
          write(start + i + 1, y * cos + x * sin);
        }
        copy(start + rotaryDim, start + layout.headSize);
      }
      copy(t * width + value, t * width + value + layout.headSize);
    }
  }
}
