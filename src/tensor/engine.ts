/** @file An engine: kernels plus the memory that they work on. Chapter 3. */
import type { Kernels } from './kernels.ts';
import type { Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

export interface Engine {
  readonly kernels: Kernels;
  readonly precision: 'float32' | 'float64';
  readonly threads: number;
  /** Which arithmetic the bits come from, for the record of a run: `reference`, `simd` (multiply, then add) or `relaxed-simd` (fused). */
  readonly arithmetic: 'reference' | 'simd' | 'relaxed-simd';

  /** A tensor whose elements are not set. Throws `OutOfMemoryError`. */
  empty(shape: Shape): Tensor;
  /** A tensor of zeros. Throws `OutOfMemoryError`. */
  zeros(shape: Shape): Tensor;
  /** A tensor with a copy of these values. Throws `OutOfMemoryError`, or `ShapeError` when their number differs. */
  tensor(shape: Shape, values: ArrayLike<number>): Tensor;
  /** Whole numbers (token ids, targets, sample starts) where the kernels can read them; a number makes that many zeros. */
  integers(values: ArrayLike<number> | number): Int32Array;

  /**
   * Runs `body`; everything that it allocated is gone when it returns or throws, so no tensor made inside may be used
   * after it. Scopes nest: the run's parameters live outside, a training step's activations inside.
   */
  scope<T>(body: () => T): T;
  /** Bytes in use now and the most ever in use. */
  memory(): { readonly usedBytes: number; readonly peakBytes: number };
  /** Stops the threads. The engine cannot be used afterwards. */
  close(): Promise<void>;
}
