/** @file One element by itself: what the explanations of the ops share. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Node, Source, Term } from '../op.ts';

export const input = (number: number, at: number): Source => ({ input: number, at });
export const gradient = (at: number): Source => ({ gradient: at });
export const within = (name: string, value: number): Source => ({ name, value });

/** `count` terms, each made from its number. */
export function terms(count: number, term: (k: number) => Term): Term[] {
  return Array.from({ length: count }, (_, k) => term(k));
}

/** The value of input number `number`, which must have been given. */
export function dataOf(node: Node<never, never> | Node, number: number): FloatArray {
  return node.inputs[number]!.value.data;
}

/** The output's gradient. Throws when it is not there to be read: see `keepGradients`. */
export function gradientOf({
  op,
  output,
}: {
  readonly op: { readonly name: string };
  readonly output: Node['output'];
}): FloatArray {
  if (output.gradient === undefined) throw new Error(`${op.name}: the gradient of its output was not kept`);
  return output.gradient.data;
}

/** Row `r` of a matrix. */
export function row(data: FloatArray, r: number, width: number): FloatArray {
  return data.subarray(r * width, (r + 1) * width);
}

/** Column `c` of a matrix of that width. */
export function column(data: FloatArray, c: number, width: number): Float64Array {
  return Float64Array.from({ length: data.length / width }, (_, r) => data[r * width + c]!);
}

/** a . b as `matmul` adds it up, added to `bias` or to `before`. */
export function dot(
  engine: Engine,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { bias, before }: { readonly bias?: number | undefined; readonly before?: number | undefined } = {},
): number {
  const product = accumulator(engine, before);
  const [left, right] = [engine.tensor([1, a.length], a), engine.tensor([b.length, 1], b)];
  const sizes = { m: 1, n: 1, k: a.length, accumulate: before !== undefined };
  engine.kernels.matmul(
    product,
    left.data,
    right.data,
    bias === undefined ? sizes : { ...sizes, bias: engine.tensor([1], [bias]).data },
  );
  return product[0]!;
}

/** One number that a kernel writes, or adds to. */
export function accumulator(engine: Engine, before: number | undefined): FloatArray {
  return engine.tensor([1], [before ?? 0]).data;
}

/** `value`, or its sum with what was there before, as `kernels.scale` adds. */
export function added(engine: Engine, value: number, before: number | undefined, factor = 1): number {
  const total = accumulator(engine, before);
  engine.kernels.scale(total, engine.tensor([1], [value]).data, factor, before !== undefined);
  return total[0]!;
}

/** A copy where the engine's kernels read it. */
export function copied(engine: Engine, values: ArrayLike<number>): FloatArray {
  return engine.tensor([values.length], values).data;
}
