/** @file From many numbers to one. Chapter 5. */
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';

/** Sum of all elements: a scalar, shape []. */
export function sum(tape: Tape, x: Variable): Variable {
  return scaledSum(tape, x, 1);
}

/** Mean of all elements: a scalar, shape []. As `torch.mean`. */
export function mean(tape: Tape, x: Variable): Variable {
  return scaledSum(tape, x, 1 / x.value.size);
}

function scaledSum(tape: Tape, x: Variable, factor: number): Variable {
  const { kernels } = tape.engine;
  const y = tape.engine.empty([]);
  kernels.columnSums(y.data, x.value.data, x.value.size, 1, false); // x as a single column
  kernels.scale(y.data, y.data, factor, false);

  const output = tape.output(y, [x]);
  tape.record(output, (dy) => {
    // forward: y = factor (x1 + x2 + ...), so each dx is factor dy
    const { data, accumulate } = tape.gradientOf(x);
    const each = tape.engine.tensor([1], [factor * dy[0]!]);
    if (accumulate) kernels.addBias(data, data, each.data, x.value.size, 1);
    else data.fill(each.data[0]!);
  });
  return output;
}
