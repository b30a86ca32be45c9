/** @file Rotary positions. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { type HeadLayout, qkvOffsets } from '../../tensor/kernels.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Op, Source } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectCount, qkvWidth } from './check.ts';
import { copied, dataOf, gradient, gradientOf, input, row, within } from './element.ts';

export interface Attributes {
  /** Of each token in its sequence [tokens]. */
  readonly positions: Int32Array;
  readonly layout: HeadLayout;
  readonly rotaryDim: number;
}

/**
 * Turns the first `rotaryDim` numbers of each head's query and key by their position: qkv [tokens, 3 x heads x headSize],
 * positions [tokens] (from `engine.integers`). As `apply_rotary_pos_emb` of Hugging Face's CodeGen. Throws
 * {@link ShapeError}, also for a rotaryDim that is odd or larger than a head.
 */
export function rotary(
  tape: Tape,
  qkv: Variable,
  positions: Int32Array,
  layout: HeadLayout,
  rotaryDim: number,
): Variable {
  qkvWidth('rotary', qkv, layout);
  expectCount('rotary', 'positions', positions.length, qkv.value.shape[0]!);
  if (rotaryDim % 2 !== 0 || rotaryDim < 0 || rotaryDim > layout.headSize) {
    throw new ShapeError(`rotary: rotaryDim ${rotaryDim} is not an even number up to the head size ${layout.headSize}`);
  }
  return tape.apply(rotaryOp, [qkv], { positions, layout, rotaryDim }).output;
}

export const rotaryOp: Op<Attributes> = {
  name: 'rotary',
  forward(engine, [qkv], { positions, layout, rotaryDim }) {
    const y = engine.empty(qkv!.shape);
    engine.kernels.rotary(y.data, qkv!.data, positions, positions.length, layout, rotaryDim, false, false);
    return { value: y, saved: undefined };
  },
  backward(tape, { inputs: [qkv], attributes: { positions, layout, rotaryDim } }, dy) {
    // forward: y = R qkv with R a rotation, so dqkv = R^T dy, the turn back
    const { data, accumulate } = tape.gradientOf(qkv!);
    tape.engine.kernels.rotary(data, dy, positions, positions.length, layout, rotaryDim, true, accumulate);
  },
  explain: (node, at) => turned(node.attributes, dataOf(node, 0), at, false, (place) => input(0, place)),
  explainGradient: (node, _, at) => turned(node.attributes, gradientOf(node), at, true, gradient),
};

/** Element `at` of `data` [tokens, width], its row turned, or turned back. */
function turned(
  { positions, layout, rotaryDim }: Attributes,
  data: FloatArray,
  at: number,
  inverse: boolean,
  source: (at: number) => Source,
) {
  const width = 3 * layout.heads * layout.headSize;
  const [token, j] = [Math.floor(at / width), at % width];
  const position = positions[token]!;
  const again = (engine: Engine, before?: number): number => {
    const out = copied(engine, new Float64Array(width).fill(before ?? 0));
    const from = copied(engine, row(data, token, width));
    const place = engine.integers([position]);
    engine.kernels.rotary(out, from, place, 1, layout, rotaryDim, inverse, before !== undefined);
    return out[j]!;
  };
  const d = turnedPlace(layout, rotaryDim, j);
  if (d === undefined) return { formula: 'x, not turned', terms: [{ source: source(at) }], again };
  const even = at - (d % 2);
  return {
    formula: `${d % 2 === 0 ? 'x cos a - y sin a' : 'y cos a + x sin a'}, a = ${inverse ? '-' : ''}position / 10000^(${d - (d % 2)} / ${rotaryDim})`,
    terms: [{ source: source(even) }, { source: source(even + 1) }, { source: within('position', position) }],
    again,
  };
}

/** Which number of its head's query or key number j of a row is; undefined where it is not turned. */
function turnedPlace(layout: HeadLayout, rotaryDim: number, j: number): number | undefined {
  for (let head = 0; head < layout.heads; head++) {
    const { query, key } = qkvOffsets(layout, head);
    for (const start of [query, key]) if (j >= start && j < start + rotaryDim) return j - start;
  }
  return undefined;
}
