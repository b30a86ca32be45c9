/** @file Embedding. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { matrixShape } from './check.ts';
import { accumulator, copied, dataOf, gradient, gradientOf, input } from './element.ts';

export interface Attributes {
  /** Which row of the table each row of the output is [rows]. */
  readonly ids: Int32Array;
  readonly vocabulary: number;
  readonly width: number;
}

/**
 * y[r] = table[ids[r]]: table [vocabulary, width], ids [rows] (from `engine.integers`), y [rows, width]. As
 * `torch.nn.Embedding`. Throws {@link ShapeError} for an id without a row.
 */
export function embedding(tape: Tape, table: Variable, ids: Int32Array): Variable {
  const [vocabulary, width] = matrixShape('embedding', 'table', table);
  const wrong = ids.findIndex((id) => id < 0 || id >= vocabulary);
  if (wrong >= 0) throw new ShapeError(`embedding: id ${ids[wrong]} in a table of ${vocabulary} rows`);
  return tape.apply(embeddingOp, [table], { ids, vocabulary, width }).output;
}

export const embeddingOp: Op<Attributes> = {
  name: 'embedding',
  forward(engine, [table], { ids, width }) {
    const y = engine.empty([ids.length, width]);
    engine.kernels.embedding(y.data, table!.data, ids, ids.length, width);
    return { value: y, saved: undefined };
  },
  backward(tape, { inputs: [table], attributes: { ids, vocabulary, width } }, dy) {
    // forward: y[r] = table[ids[r]], so dtable[id] = the sum of dy[r] over the rows r with that id
    const { data, accumulate } = tape.gradientOf(table!);
    tape.engine.kernels.embeddingBackward(data, dy, ids, ids.length, width, vocabulary, accumulate);
  },
  explain(node, at) {
    const { ids, width } = node.attributes;
    const place = ids[Math.floor(at / width)]! * width + (at % width);
    return {
      formula: "the id's row of the table",
      terms: [{ source: input(0, place) }],
      again: () => dataOf(node, 0)[place]!,
    };
  },
  explainGradient(node, _, at) {
    const { ids, width } = node.attributes;
    const [id, j] = [Math.floor(at / width), at % width];
    const dy = gradientOf(node);
    const places = Array.from(ids.keys())
      .filter((r) => ids[r] === id)
      .map((r) => r * width + j);
    return {
      formula: 'sum of dy over the rows with this id',
      terms: places.map((place) => ({ source: gradient(place), added: true })),
      again: (engine, before) => {
        const sum = accumulator(engine, before);
        const rows = copied(
          engine,
          places.map((place) => dy[place]!),
        );
        engine.kernels.embeddingBackward(
          sum,
          rows,
          engine.integers(rows.length),
          rows.length,
          1,
          1,
          before !== undefined,
        );
        return sum[0]!;
      },
    };
  },
};
