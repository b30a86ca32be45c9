/** @file Row-major shapes. Chapter 3. */
import { ShapeError } from './errors.ts';

/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements in a tensor of this shape. Throws {@link ShapeError} for a negative or fractional size. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const axis of shape) {
    if (!Number.isInteger(axis) || axis < 0) throw new ShapeError(`shape: ${formatShape(shape)} has the size ${axis}`);
    size *= axis;
  }
  return size;
}

/** How many elements apart two neighbours along each axis lie: row-major, so the last axis has stride 1. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = new Array(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `[2, 3]`, as error messages show a shape. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
