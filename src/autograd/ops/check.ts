/** @file What the ops check before they compute. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { HeadLayout } from '../../tensor/kernels.ts';
import { formatShape, type Shape, sameShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../variable.ts';

/** `x [4, 3]`, as messages name an operand. */
export function named(name: string, v: Variable): string {
  return `${name} ${formatShape(v.value.shape)}`;
}

/** Rows and columns of a matrix. Throws {@link ShapeError} when it has another number of axes. */
export function matrixShape(op: string, name: string, v: Variable): [rows: number, columns: number] {
  if (v.value.shape.length !== 2) throw new ShapeError(`${op}: ${named(name, v)} is not a matrix`);
  return [v.value.shape[0]!, v.value.shape[1]!];
}

/** Throws {@link ShapeError} unless the operand has exactly this shape. */
export function expectShape(op: string, name: string, operand: Variable | Tensor, shape: Shape): void {
  const actual = operand instanceof Tensor ? operand.shape : operand.value.shape;
  if (!sameShape(actual, shape)) {
    throw new ShapeError(`${op}: ${name} ${formatShape(actual)} should have the shape ${formatShape(shape)}`);
  }
}

/** Throws {@link ShapeError} unless `actual` items are there for `expected` rows. */
export function expectCount(op: string, name: string, actual: number, expected: number): void {
  if (actual !== expected) throw new ShapeError(`${op}: ${actual} ${name} for ${expected} rows`);
}

/** Width of one row of queries, keys and values. Throws {@link ShapeError} when `qkv` or the layout does not fit it. */
export function qkvWidth(op: string, qkv: Variable, layout: HeadLayout): number {
  const { heads, headSize, groups } = layout;
  if (heads % groups !== 0) throw new ShapeError(`${op}: ${heads} heads do not divide into ${groups} groups`);
  const [, columns] = matrixShape(op, 'qkv', qkv);
  const width = 3 * heads * headSize;
  if (columns !== width) {
    throw new ShapeError(
      `${op}: ${named('qkv', qkv)} does not fit ${heads} heads of size ${headSize}, 3 x ${width / 3}`,
    );
  }
  return width;
}
