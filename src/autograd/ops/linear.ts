/** @file Matrix products. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';

/**
 * y = x w^T + b: x [rows, in], weight [out, in], bias [out], y [rows, out]. As `torch.nn.functional.linear`.
 * Throws {@link ShapeError}.
 */
export function linear(tape: Tape, x: Variable, weight: Variable, bias?: Variable): Variable {
  const { kernels } = tape.engine;
  const [rows, inner] = matrixShape('linear', 'x', x);
  const [outer, weightInner] = matrixShape('linear', 'weight', weight);
  if (inner !== weightInner) throw new ShapeError(`linear: ${named('x', x)} does not fit ${named('weight', weight)}`);
  if (bias) expectShape('linear', 'bias', bias, [outer]);

  const y = tape.engine.empty([rows, outer]);
  const sizes = { m: rows, n: outer, k: inner, transposeB: true };
  kernels.matmul(y.data, x.value.data, weight.value.data, bias ? { ...sizes, bias: bias.value.data } : sizes);

  const output = tape.output(y, [x, weight, bias]);
  tape.record(output, (dy) => {
    // forward: y = x w^T + b, so dx = dy w
    if (x.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(x); // [rows, in] = [rows, out] [out, in]
      kernels.matmul(data, dy, weight.value.data, { m: rows, n: inner, k: outer, accumulate });
    }
    // and dw = dy^T x
    if (weight.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(weight); // [out, in] = [rows, out]^T [rows, in]
      kernels.matmul(data, dy, x.value.data, { m: outer, n: inner, k: rows, transposeA: true, accumulate });
    }
    // and db = the sum of dy over the rows
    if (bias?.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(bias);
      kernels.columnSums(data, dy, rows, outer, accumulate);
    }
  });
  return output;
}

export interface MatmulTransposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * C = A B, both matrices or both stacks of as many matrices. A is [m, k] ([k, m] with `transposeA`), B is [k, n] ([n, k]
 * with `transposeB`), C is [m, n]; a stack has its number of matrices in front. Throws {@link ShapeError}.
 */
export function matmul(tape: Tape, a: Variable, b: Variable, options: MatmulTransposes = {}): Variable {
  const { kernels } = tape.engine;
  const { transposeA = false, transposeB = false } = options;
  const axes = a.value.shape.length;
  if (b.value.shape.length !== axes || axes < 2 || axes > 3) {
    throw new ShapeError(
      `matmul: ${named('a', a)} and ${named('b', b)} are not two matrices or two stacks of matrices`,
    );
  }
  const batch = axes === 3 ? a.value.shape[0]! : 1;
  const [aRows, aColumns] = a.value.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.value.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [bInner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== bInner || (axes === 3 && b.value.shape[0] !== batch)) {
    const marks = [transposeA ? ' transposed' : '', transposeB ? ' transposed' : ''];
    throw new ShapeError(`matmul: ${named('a', a)}${marks[0]} does not fit ${named('b', b)}${marks[1]}`);
  }

  const c = tape.engine.empty(axes === 3 ? [batch, m, n] : [m, n]);
  kernels.matmul(c.data, a.value.data, b.value.data, { m, n, k, transposeA, transposeB, batch });

  const output = tape.output(c, [a, b]);
  tape.record(output, (dc) => {
    // forward: C = A B, so dA = dC B^T; and where A was given transposed, (dA)^T = B dC^T
    if (a.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(a);
      const B = b.value.data;
      if (transposeA) {
        kernels.matmul(data, B, dc, { m: k, n: m, k: n, transposeA: transposeB, transposeB: true, batch, accumulate });
      } else kernels.matmul(data, dc, B, { m, n: k, k: n, transposeB: !transposeB, batch, accumulate });
    }
    // and dB = A^T dC; where B was given transposed, (dB)^T = dC^T A
    if (b.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(b);
      const A = a.value.data;
      if (transposeB) {
        kernels.matmul(data, dc, A, { m: n, n: k, k: m, transposeA: true, transposeB: transposeA, batch, accumulate });
      } else kernels.matmul(data, A, dc, { m: k, n, k: m, transposeA: !transposeA, batch, accumulate });
    }
  });
  return output;
}
