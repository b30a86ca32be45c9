/** @file Kernels that follow token ids and positions: embedding and rotary position embedding. And the sum of squares. Appendix D. */
import { type Kernels, qkvOffsets } from '../kernels.ts';
import { positionsOf, rotaryTables } from '../rotary-table.ts';
import type { FloatArray } from '../tensor.ts';
import type { Arithmetic } from './arithmetic.ts';
import { sumOfChains } from './units.ts';

/** Elements whose squares are summed in single precision; the sums are added in double precision, in order. */
const SQUARES_CHUNK = 8192;

type TokenKernels = Pick<Kernels, 'embedding' | 'embeddingBackward' | 'rotary' | 'sumOfSquares'>;

export function tokenKernels(arithmetic: Arithmetic): TokenKernels {
  const { add, mul, madd } = arithmetic;
  return {
    embedding(out, table, ids, rows, width) {
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < width; j++) out[row * width + j] = table[ids[row]! * width + j]!;
      }
    },

    /** Adds to 0, or to what is there, in order of the rows. */
    embeddingBackward(dtable, dout, ids, rows, width, vocabulary, accumulate) {
      if (!accumulate) dtable.fill(0, 0, vocabulary * width);
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < width; j++) {
          const to = ids[row]! * width + j;
          dtable[to] = add(dtable[to]!, dout[row * width + j]!);
        }
      }
    },

    /** x cosine is rounded; then neighbour times sine is added. Also where nothing turns, with cosine 1 and sine 0. */
    rotary(out, qkv, positions, tokens, layout, rotaryDim, inverse, accumulate) {
      const { heads, headSize } = layout;
      const shape = { stretch: headSize, headSize, rotaryDim };
      const { cosines, sines: forth, back } = rotaryTables(shape, positionsOf(positions, tokens));
      const sines = inverse ? back : forth;
      const put = (to: number, value: number): void => {
        out[to] = accumulate ? add(out[to]!, value) : value;
      };
      for (let token = 0; token < tokens; token++) {
        const row = token * 3 * heads * headSize;
        const angle = positions[token]! * headSize; // where this position's row of the tables begins
        for (let head = 0; head < heads; head++) {
          const { query, key, value } = qkvOffsets(layout, head);
          for (const start of [row + query, row + key]) {
            for (let j = 0; j < headSize; j++) {
              const neighbour = (j ^ 1) < headSize ? qkv[start + (j ^ 1)]! : 0; // of a pair; the last of an odd size has none
              put(start + j, madd(neighbour, sines[angle + j]!, mul(qkv[start + j]!, cosines[angle + j]!)));
            }
          }
          for (let j = row + value; j < row + value + headSize; j++) put(j, qkv[j]!);
        }
      }
    },

    sumOfSquares(x) {
      let total = 0;
      for (let begin = 0; begin < x.length; begin += SQUARES_CHUNK) {
        total += sumOfSquares(arithmetic, x, begin, Math.min(x.length, begin + SQUARES_CHUNK));
      }
      return total;
    },
  };
}

/** Sixteen sums, each of every sixteenth element; those that do not fill a row of sixteen go to the first four. Then {@link sumOfChains}. */
function sumOfSquares(arithmetic: Arithmetic, x: FloatArray, begin: number, end: number): number {
  const { madd } = arithmetic;
  const sums = new Float32Array(16);
  const whole = begin + ((end - begin) & -16);
  for (let i = begin; i < end; i++) {
    const to = (i - begin) % (i < whole ? 16 : 4);
    sums[to] = madd(x[i]!, x[i]!, sums[to]!);
  }
  return sumOfChains(arithmetic, sums);
}
