/** @file Layer norm. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { BackwardPass, Node, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape } from './check.ts';
import {
  accumulator,
  added,
  column,
  copied,
  dataOf,
  gradient,
  gradientOf,
  input,
  row,
  terms,
  within,
} from './element.ts';

export interface Attributes {
  readonly rows: number;
  readonly width: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Of each row. [rows] */
export interface Statistics {
  readonly mean: FloatArray;
  /** 1 / sqrt(variance + epsilon) */
  readonly rstd: FloatArray;
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) weight + bias, mean and (biased) variance of each row: x [rows, width], weight
 * and bias [width]. As `torch.nn.functional.layer_norm`. Throws `ShapeError`.
 */
export function layerNorm(tape: Tape, x: Variable, weight: Variable, bias: Variable, epsilon: number): Variable {
  const [rows, width] = matrixShape('layerNorm', 'x', x);
  expectShape('layerNorm', 'weight', weight, [width]);
  expectShape('layerNorm', 'bias', bias, [width]);
  return tape.apply(layerNormOp, [x, weight, bias], { rows, width, epsilon }).output;
}

export const layerNormOp: Op<Attributes, Statistics> = {
  name: 'layerNorm',
  forward(engine, [x, weight, bias], { rows, width, epsilon }) {
    const y = engine.empty([rows, width]);
    const mean = engine.empty([rows]).data;
    const rstd = engine.empty([rows]).data;
    engine.kernels.layerNorm(y.data, mean, rstd, x!.data, weight!.data, bias!.data, rows, width, epsilon);
    return { value: y, saved: { mean, rstd } };
  },
  backward(tape, { inputs: [x, weight, bias], attributes: { rows, width }, saved: { mean, rstd } }, dy) {
    const { engine } = tape;
    const { kernels } = engine;
    // forward: y = z weight + bias with z = (x - mean) rstd, so dx = rstd (dz - average(dz) - z average(dz z)), dz = dy weight
    if (x!.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(x!);
      kernels.layerNormBackward(data, dy, x!.value.data, weight!.value.data, mean, rstd, rows, width, accumulate);
    }
    // and dweight = the sum of dy z over the rows, dbias = the sum of dy
    if (weight!.requiresGradient || bias!.requiresGradient) {
      const dweight = engine.empty([width]).data;
      const dbias = engine.empty([width]).data;
      kernels.layerNormBackwardParameters(dweight, dbias, dy, x!.value.data, mean, rstd, rows, width, false);
      contributeParameters(tape, weight!, bias!, dweight, dbias);
    }
  },
  explain(node, at) {
    const { width, epsilon } = node.attributes;
    const [r, j] = [Math.floor(at / width), at % width];
    const [x, weight, bias] = [dataOf(node, 0), dataOf(node, 1), dataOf(node, 2)];
    return {
      formula: '(x - mean) rstd weight + bias',
      terms: [{ source: input(0, at) }, ...statistics(node, r), { source: input(1, j) }, { source: input(2, j) }],
      again: (engine) => {
        const [y, mean, rstd] = [copied(engine, row(x, r, width)), copied(engine, [0]), copied(engine, [0])];
        const from = copied(engine, row(x, r, width));
        engine.kernels.layerNorm(y, mean, rstd, from, copied(engine, weight), copied(engine, bias), 1, width, epsilon);
        return y[j]!;
      },
    };
  },
  explainGradient(node, which, at) {
    const { width } = node.attributes;
    const dy = gradientOf(node);
    if (which > 0) return parameterGradient(node, which, at);
    const [r, j] = [Math.floor(at / width), at % width];
    return {
      formula: 'rstd (dz - average(dz) - z average(dz z)), z = (x - mean) rstd, dz = dy weight',
      terms: [{ source: gradient(at), times: input(1, j) }, { source: input(0, at) }, ...statistics(node, r)],
      again: (engine, before) => {
        const dx = copied(engine, new Float64Array(width).fill(before ?? 0));
        const [d, x] = [copied(engine, row(dy, r, width)), copied(engine, row(dataOf(node, 0), r, width))];
        const [weight, mean, rstd] = [dataOf(node, 1), [node.saved.mean[r]!], [node.saved.rstd[r]!]];
        const [w, m, s] = [copied(engine, weight), copied(engine, mean), copied(engine, rstd)];
        engine.kernels.layerNormBackward(dx, d, x, w, m, s, 1, width, before !== undefined);
        return dx[j]!;
      },
    };
  },
};

function statistics({ saved: { mean, rstd } }: { readonly saved: Statistics }, r: number) {
  return [{ source: within('mean', mean[r]!) }, { source: within('rstd', rstd[r]!) }];
}

function parameterGradient(node: Node<Attributes, Statistics>, which: number, j: number) {
  const { rows, width } = node.attributes;
  const { mean, rstd } = node.saved;
  const [dy, x] = [gradientOf(node), dataOf(node, 0)];
  const place = (r: number): number => r * width + j;
  const z = (r: number) => within(`z[${r}]`, (x[place(r)]! - mean[r]!) * rstd[r]!);
  return {
    formula: which === 1 ? 'sum over rows r of dy[r] z[r], z = (x - mean) rstd' : 'sum over rows r of dy[r]',
    terms: terms(rows, (r) => ({ source: gradient(place(r)), ...(which === 1 ? { times: z(r) } : { added: true }) })),
    again: (engine: Engine, before?: number) => {
      const [dweight, dbias] = [accumulator(engine, undefined), accumulator(engine, undefined)];
      const [d, from] = [copied(engine, column(dy, j, width)), copied(engine, column(x, j, width))];
      const [m, s] = [copied(engine, mean), copied(engine, rstd)];
      engine.kernels.layerNormBackwardParameters(dweight, dbias, d, from, m, s, rows, 1, false);
      return added(engine, (which === 1 ? dweight : dbias)[0]!, before);
    },
  };
}

/** The weight's and the bias's gradients come from one kernel, but either may be unwanted or have contributions already. */
export function contributeParameters(
  tape: BackwardPass,
  weight: Variable,
  bias: Variable,
  dweight: FloatArray,
  dbias: FloatArray,
): void {
  for (const [v, contribution] of [[weight, dweight] as const, [bias, dbias] as const]) {
    if (!v.requiresGradient) continue;
    const { data, accumulate } = tape.gradientOf(v);
    tape.engine.kernels.scale(data, contribution, 1, accumulate);
  }
}
