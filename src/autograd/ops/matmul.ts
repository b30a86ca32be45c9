/** @file C = A B, of two matrices or two stacks of them. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { Op, Source } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { named } from './check.ts';
import { dataOf, dot, gradient, gradientOf, input, terms } from './element.ts';

export interface MatmulTransposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

export interface Sizes extends Required<MatmulTransposes> {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  readonly stacked: boolean;
}

/**
 * C = A B, both matrices or both stacks of as many matrices. A is [m, k] ([k, m] with `transposeA`), B is [k, n] ([n, k]
 * with `transposeB`), C is [m, n]; a stack has its number of matrices in front. Throws {@link ShapeError}.
 */
export function matmul(tape: Tape, a: Variable, b: Variable, options: MatmulTransposes = {}): Variable {
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
  return tape.apply(matmulOp, [a, b], { m, n, k, batch, transposeA, transposeB, stacked: axes === 3 }).output;
}

export const matmulOp: Op<Sizes> = {
  name: 'matmul',
  forward(engine, [a, b], { stacked, ...sizes }) {
    const { m, n, batch } = sizes;
    const c = engine.empty(stacked ? [batch, m, n] : [m, n]);
    engine.kernels.matmul(c.data, a!.data, b!.data, sizes);
    return { value: c, saved: undefined };
  },
  backward(tape, { inputs: [a, b], attributes: { m, n, k, batch, transposeA, transposeB } }, dc) {
    const { kernels } = tape.engine;
    // forward: C = A B, so dA = dC B^T; and where A was given transposed, (dA)^T = B dC^T
    if (a!.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(a!);
      const B = b!.value.data;
      if (transposeA) {
        kernels.matmul(data, B, dc, { m: k, n: m, k: n, transposeA: transposeB, transposeB: true, batch, accumulate });
      } else kernels.matmul(data, dc, B, { m, n: k, k: n, transposeB: !transposeB, batch, accumulate });
    }
    // and dB = A^T dC; where B was given transposed, (dB)^T = dC^T A
    if (b!.requiresGradient) {
      const { data, accumulate } = tape.gradientOf(b!);
      const A = a!.value.data;
      if (transposeB) {
        kernels.matmul(data, dc, A, { m: n, n: k, k: m, transposeA: true, transposeB: transposeA, batch, accumulate });
      } else kernels.matmul(data, A, dc, { m: k, n, k: m, transposeA: !transposeA, batch, accumulate });
    }
  },
  explain(node, at) {
    const { m, n, k } = node.attributes;
    const place = placesOf(node.attributes);
    const [s, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    const [a, b] = [dataOf(node, 0), dataOf(node, 1)];
    return {
      formula: 'sum over k of A[k] B[k]',
      terms: terms(k, (q) => ({ source: input(0, place.a(s, i, q)), times: input(1, place.b(s, q, j)) })),
      again: (engine) =>
        dot(
          engine,
          Array.from({ length: k }, (_, q) => a[place.a(s, i, q)]!),
          Array.from({ length: k }, (_, q) => b[place.b(s, q, j)]!),
        ),
    };
  },
  explainGradient(node, which, at) {
    const { m, n, k, transposeA, transposeB } = node.attributes;
    const place = placesOf(node.attributes);
    const dc = gradientOf(node);
    const [rows, columns] = which === 0 ? (transposeA ? [k, m] : [m, k]) : transposeB ? [n, k] : [k, n];
    const s = Math.floor(at / (rows * columns));
    const [first, second] = [Math.floor(at / columns) % rows, at % columns];
    const other = dataOf(node, 1 - which);
    // Of A: dA[i, q] = sum over j of dC[i, j] B[q, j]. Of B: dB[q, j] = sum over i of A[i, q] dC[i, j].
    const [i, q] = transposeA ? [second, first] : [first, second];
    const [p, j] = transposeB ? [second, first] : [first, second];
    const count = which === 0 ? n : m;
    const c = (t: number): number => (which === 0 ? place.c(s, i, t) : place.c(s, t, j));
    const o = (t: number): number => (which === 0 ? place.b(s, q, t) : place.a(s, t, p));
    const source = (t: number): Source => input(1 - which, o(t));
    return {
      formula: which === 0 ? 'sum over columns j of dC[j] B[j]' : 'sum over rows i of A[i] dC[i]',
      terms: terms(count, (t) => ({ source: gradient(c(t)), times: source(t) })),
      again: (engine, before) =>
        dot(
          engine,
          Array.from({ length: count }, (_, t) => dc[c(t)]!),
          Array.from({ length: count }, (_, t) => other[o(t)]!),
          { before },
        ),
    };
  },
};

/** Where element [i, k] of A, [k, j] of B and [i, j] of C of matrix s lie. */
function placesOf({ m, n, k, transposeA, transposeB }: Sizes) {
  return {
    a: (s: number, i: number, q: number): number => s * m * k + (transposeA ? q * m + i : i * k + q),
    b: (s: number, q: number, j: number): number => s * k * n + (transposeB ? j * k + q : q * n + j),
    c: (s: number, i: number, j: number): number => s * m * n + i * n + j,
  };
}
