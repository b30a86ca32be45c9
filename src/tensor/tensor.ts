/** @file A tensor: a shape over a flat array of numbers. Chapter 3. */
import { ShapeError } from './errors.ts';
import { formatShape, type Shape, sizeOf } from './shape.ts';

/** Float32Array everywhere in a run; Float64Array where the reference kernels serve as a double-precision oracle. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A row-major, contiguous tensor. It does not own its memory: `data` is a view that lives as long as the engine's
 * scope in which it was made (see `Engine.scope`).
 */
export class Tensor {
  readonly shape: Shape;
  readonly data: FloatArray;

  /** Throws {@link ShapeError} when `data` does not hold exactly the shape's number of elements. */
  constructor(shape: Shape, data: FloatArray) {
    if (sizeOf(shape) !== data.length) {
      throw new ShapeError(`tensor: shape ${formatShape(shape)} does not fit ${data.length} elements`);
    }
    this.shape = shape;
    this.data = data;
  }

  get size(): number {
    return this.data.length;
  }

  /** The same elements under another shape, without copying. One axis may be -1: it takes what is left. */
  reshape(shape: Shape): Tensor {
    const known = sizeOf(shape.map((axis) => (axis === -1 ? 1 : axis)));
    const resolved = shape.map((axis) => (axis === -1 ? this.size / known : axis));
    return new Tensor(resolved, this.data);
  }

  /** Rows `begin` to `end` (not included) of the first axis, without copying. */
  rows(begin: number, end: number): Tensor {
    const [rows = 0, ...rest] = this.shape;
    if (!(0 <= begin && begin <= end && end <= rows)) {
      throw new ShapeError(`rows: ${begin} to ${end} of a tensor of shape ${formatShape(this.shape)}`);
    }
    const width = sizeOf(rest);
    return new Tensor([end - begin, ...rest], this.data.subarray(begin * width, end * width));
  }
}
