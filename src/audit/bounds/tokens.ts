/** @file Bounds for the kernels that follow token ids and positions. Chapter 13. */
import { type Kernels, qkvOffsets } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { type Bounded, exact, gamma, TINY } from './rounding.ts';

type Bounds = {
  readonly [K in 'embedding' | 'rotary']: (errors: Errors, ...args: Parameters<Kernels[K]>) => void;
};

export const tokenBounds: Bounds = {
  embedding: (errors, out) => errors.put(out, 'a copy: nothing is rounded', false, () => exact(0)),

  /** x cos - y sin: each product has a rounded cosine or sine, is rounded, and then the sum: three roundings. */
  rotary(errors, out, qkv, positions, tokens, layout, rotaryDim, inverse, accumulate) {
    const { heads, headSize } = layout;
    const width = 3 * heads * headSize;
    const all: Bounded[] = Array.from(qkv, exact);
    for (let t = 0; t < tokens; t++) {
      for (let head = 0; head < heads; head++) {
        const { query, key } = qkvOffsets(layout, head);
        for (const start of [t * width + query, t * width + key]) {
          for (let i = 0; i < rotaryDim; i++) {
            const angle = positions[t]! / 10000 ** ((i - (i % 2)) / rotaryDim);
            const [x, y] = [qkv[start + i]!, qkv[start + (i ^ 1)]!];
            const [turned, other] = [x * Math.cos(angle), y * Math.sin(angle)];
            const value = turned + ((i % 2 === 0) === inverse ? other : -other);
            all[start + i] = { value, error: gamma(3) * (Math.abs(turned) + Math.abs(other)) + 2 * TINY };
          }
        }
      }
    }
    errors.put(out, 'gamma(3) (|x cos a| + |y sin a|)', accumulate, (i) => all[i]!);
  },
};
