/** @file The angles of rotary position embedding, computed once for each shape: tables of cosines and sines. Appendix A. */
import { power } from './functions/power.ts';
import { cosine, sine } from './functions/trigonometry.ts';

interface TableShape {
  /** Width of a row, a multiple of `headSize`: the same numbers again for each head. */
  readonly stretch: number;
  readonly headSize: number;
  readonly rotaryDim: number;
}

/**
 * A row per position: `cosines` c0 c0 c1 c1 ..., `sines` -s0 s0 -s1 s1 ..., `back` s0 -s0 s1 -s1 ... to turn back; 1 and 0
 * where nothing turns. So (x0, x1, ...) turned is (x0, x1, ...) cosines + (x1, x0, ...) sines.
 */
export interface RotaryTables {
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
  readonly back: Float32Array;
  readonly positions: number;
}

const tables = new Map<string, RotaryTables>();

/** Tables of that shape for positions 0 to `positions` - 1 at least. */
export function rotaryTables({ stretch, headSize, rotaryDim }: TableShape, positions: number): RotaryTables {
  const key = `${stretch} ${headSize} ${rotaryDim}`;
  const known = tables.get(key);
  if (known && known.positions >= positions) return known;
  let size = 64;
  while (size < positions) size *= 2;
  const cosines = new Float32Array(size * stretch).fill(1);
  const sines = new Float32Array(size * stretch);
  for (let position = 0; position < size; position++) {
    for (let at = position * stretch; at < (position + 1) * stretch; at += headSize) {
      for (let i = 0; i < rotaryDim; i += 2) {
        const angle = position / power(10000, i / rotaryDim);
        cosines[at + i] = cosines[at + i + 1] = cosine(angle);
        sines[at + i + 1] = sine(angle);
        sines[at + i] = -sines[at + i + 1]!;
      }
    }
  }
  const made = { cosines, sines, back: sines.map((s) => -s), positions: size };
  tables.set(key, made);
  return made;
}

/** How many positions a table needs for these: one more than the largest. */
export function positionsOf(positions: Int32Array, tokens: number): number {
  let last = -1;
  for (let token = 0; token < tokens; token++) last = Math.max(last, positions[token]!);
  return last + 1;
}
