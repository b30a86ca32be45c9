/** @file y = x w^T + b. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';
import { accumulator, column, copied, dataOf, dot, gradient, gradientOf, input, row, terms } from './element.ts';

/** x [rows, inner], weight [outer, inner], y [rows, outer] */
export interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly outer: number;
}

/**
 * y = x w^T + b: x [rows, in], weight [out, in], bias [out], y [rows, out]. As `torch.nn.functional.linear`.
 * Throws {@link ShapeError}.
 */
export function linear(tape: Tape, x: Variable, weight: Variable, bias?: Variable): Variable {
  const [rows, inner] = matrixShape('linear', 'x', x);
  const [outer, weightInner] = matrixShape('linear', 'weight', weight);
  if (inner !== weightInner) throw new ShapeError(`linear: ${named('x', x)} does not fit ${named('weight', weight)}`);
  if (bias) expectShape('linear', 'bias', bias, [outer]);
  return tape.apply(linearOp, [x, weight, bias], { rows, inner, outer }).output;
}

export const linearOp: Op<Sizes> = {
  name: 'linear',
  // #region both ways
  forward(engine, [x, weight, bias], { rows, inner, outer }) {
    const y = engine.empty([rows, outer]);
    const sizes = { m: rows, n: outer, k: inner, transposeB: true };
    engine.kernels.matmul(y.data, x!.data, weight!.data, bias ? { ...sizes, bias: bias.data } : sizes);
    return { value: y, saved: undefined };
  },
  backward(tape, { inputs: [x, weight, bias], attributes: { rows, inner, outer } }, dy) {
    const { kernels } = tape.engine;
    // forward: y = x w^T + b, so dx = dy w
    if (x!.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(x!); // [rows, in] = [rows, out] [out, in]
      kernels.matmul(data, dy, weight!.value.data, { m: rows, n: inner, k: outer, accumulate });
    }
    // and dw = dy^T x
    if (weight!.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(weight!); // [out, in] = [rows, out]^T [rows, in]
      kernels.matmul(data, dy, x!.value.data, { m: outer, n: inner, k: rows, transposeA: true, accumulate });
    }
    // and db = the sum of dy over the rows
    if (bias?.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(bias);
      kernels.columnSums(data, dy, rows, outer, accumulate);
    }
  },
  // #endregion
  // #region explained
  explain(node, at) {
    const { inner, outer } = node.attributes;
    const [r, j] = [Math.floor(at / outer), at % outer];
    const products = terms(inner, (k) => ({ source: input(0, r * inner + k), times: input(1, j * inner + k) }));
    const [x, weight, bias] = [dataOf(node, 0), dataOf(node, 1), node.inputs[2]?.value.data];
    return {
      formula: bias ? 'sum over k of x[k] weight[k], + bias' : 'sum over k of x[k] weight[k]',
      terms: bias ? [...products, { source: input(2, j), added: true }] : products,
      again: (engine) => dot(engine, row(x, r, inner), row(weight, j, inner), { bias: bias?.[j] }),
    };
  },
  // #endregion
  explainGradient(node, which, at) {
    const { rows, inner, outer } = node.attributes;
    const dy = gradientOf(node);
    const [x, weight] = [dataOf(node, 0), dataOf(node, 1)];
    const [i, k] = which === 2 ? [at, 0] : [Math.floor(at / inner), at % inner];
    if (which === 0) {
      return {
        formula: 'sum over outputs j of dy[j] weight[j]',
        terms: terms(outer, (j) => ({ source: gradient(i * outer + j), times: input(1, j * inner + k) })),
        again: (engine, before) => dot(engine, row(dy, i, outer), column(weight, k, inner), { before }),
      };
    }
    if (which === 1) {
      return {
        formula: 'sum over rows r of dy[r] x[r]',
        terms: terms(rows, (r) => ({ source: gradient(r * outer + i), times: input(0, r * inner + k) })),
        again: (engine, before) => dot(engine, column(dy, i, outer), column(x, k, inner), { before }),
      };
    }
    return {
      formula: 'sum over rows r of dy[r]',
      terms: terms(rows, (r) => ({ source: gradient(r * outer + i), added: true })),
      again: (engine, before) => {
        const sum = accumulator(engine, before);
        engine.kernels.columnSums(sum, copied(engine, column(dy, i, outer)), rows, 1, before !== undefined);
        return sum[0]!;
      },
    };
  },
};
