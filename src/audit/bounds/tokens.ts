/** @file Bounds for the kernels that follow token ids and positions. Appendix E. */
import { type Kernels, qkvOffsets } from '../../tensor/index.ts';
import type { Errors } from './errors.ts';
import { exact, gamma, TINY } from './rounding.ts';

type Bounds = {
  readonly [K in 'embedding' | 'rotary']: (errors: Errors, ...args: Parameters<Kernels[K]>) => void;
};

export const tokenBounds: Bounds = {
  embedding: (errors, out) => errors.put(out, 'a copy: nothing is rounded', false, () => exact(0)),

  /** x cos a - y sin a: each product has a rounded cosine or sine, is rounded, and then the sum: three roundings. */
  rotary(errors, out, qkv, positions, tokens, layout, rotaryDim, inverse, accumulate) {
    const { heads, headSize } = layout;
    const width = 3 * heads * headSize;
    const values = Float64Array.from(qkv);
    const bounds = new Float64Array(qkv.length); // 0 where nothing turns
    const starts = Array.from({ length: heads }, (_, head) => qkvOffsets(layout, head));
    for (let t = 0; t < tokens; t++) {
      for (let i = 0; i < rotaryDim; i++) {
        const angle = positions[t]! / 10000 ** ((i - (i % 2)) / rotaryDim);
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle) * ((i % 2 === 0) === inverse ? 1 : -1)];
        for (const { query, key } of starts) {
          for (const start of [t * width + query, t * width + key]) {
            const [first, second] = [qkv[start + i]! * cosine, qkv[start + (i ^ 1)]! * sine];
            values[start + i] = first + second;
            bounds[start + i] = gamma(3) * (Math.abs(first) + Math.abs(second)) + 2 * TINY;
          }
        }
      }
    }
    errors.put(out, 'gamma(3) (|x cos a| + |y sin a|)', accumulate, (i) => ({ value: values[i]!, error: bounds[i]! }));
  },
};
