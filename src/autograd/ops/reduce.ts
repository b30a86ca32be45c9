/** @file From many numbers to one. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { accumulator, copied, dataOf, gradient, gradientOf, input, terms, within } from './element.ts';

/** Sum of all elements: a scalar, shape []. */
export function sum(tape: Tape, x: Variable): Variable {
  return tape.apply(scaledSumOp, [x], { factor: 1 }).output;
}

/** Mean of all elements: a scalar, shape []. As `torch.mean`. */
export function mean(tape: Tape, x: Variable): Variable {
  return tape.apply(scaledSumOp, [x], { factor: 1 / x.value.size }).output;
}

export const scaledSumOp: Op<{ readonly factor: number }> = {
  name: 'scaledSum',
  forward(engine, [x], { factor }) {
    const y = engine.empty([]);
    total(engine, y.data, x!.data, factor);
    return { value: y, saved: undefined };
  },
  backward(tape, { inputs: [x], attributes: { factor } }, dy) {
    // forward: y = factor (x1 + x2 + ...), so each dx is factor dy
    const { data, accumulate } = tape.gradientOf(x!);
    spread(tape.engine, data, factor * dy[0]!, accumulate);
  },
  explain: (node) => {
    const x = dataOf(node, 0);
    const { factor } = node.attributes;
    return {
      formula: 'factor (x[0] + x[1] + ...)',
      terms: terms(x.length, (at) => ({ source: input(0, at), times: within('factor', factor) })),
      again: (engine) => {
        const y = accumulator(engine, undefined);
        total(engine, y, copied(engine, x), factor);
        return y[0]!;
      },
    };
  },
  explainGradient: (node) => ({
    formula: 'factor dy',
    terms: [{ source: gradient(0), times: within('factor', node.attributes.factor) }],
    again: (engine, before) => {
      const dx = accumulator(engine, before);
      spread(engine, dx, node.attributes.factor * gradientOf(node)[0]!, before !== undefined);
      return dx[0]!;
    },
  }),
};

function total({ kernels }: Engine, y: FloatArray, x: FloatArray, factor: number): void {
  kernels.columnSums(y, x, x.length, 1, false); // x as a single column
  kernels.scale(y, y, factor, false);
}

function spread(engine: Engine, dx: FloatArray, value: number, accumulate: boolean): void {
  const each = engine.tensor([1], [value]).data;
  if (accumulate) engine.kernels.addBias(dx, dx, each, dx.length, 1);
  else dx.fill(each[0]!);
}
