/** @file Embedding. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { matrixShape } from './check.ts';

/**
 * y[r] = table[ids[r]]: table [vocabulary, width], ids [rows] (from `engine.integers`), y [rows, width]. As
 * `torch.nn.Embedding`. Throws {@link ShapeError} for an id without a row.
 */
export function embedding(tape: Tape, table: Variable, ids: Int32Array): Variable {
  const { kernels } = tape.engine;
  const [vocabulary, width] = matrixShape('embedding', 'table', table);
  const rows = ids.length;
  const wrong = ids.findIndex((id) => id < 0 || id >= vocabulary);
  if (wrong >= 0) throw new ShapeError(`embedding: id ${ids[wrong]} in a table of ${vocabulary} rows`);

  const y = tape.engine.empty([rows, width]);
  kernels.embedding(y.data, table.value.data, ids, rows, width);

  const output = tape.output(y, [table]);
  tape.record(output, (dy) => {
    // forward: y[r] = table[ids[r]], so dtable[id] = the sum of dy[r] over the rows r with that id
    const { data, accumulate } = tape.gradientOf(table);
    kernels.embeddingBackward(data, dy, ids, rows, width, vocabulary, accumulate);
  });
  return output;
}
