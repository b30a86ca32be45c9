/** @file Where the kernels that bound errors write them: beside each array, one of the same length. Appendix E. */
import type { FloatArray } from '../../tensor/index.ts';
import { add, type Bounded } from './rounding.ts';

/** Bounds on the errors of an array, and what they follow from. */
export interface Entry {
  readonly errors: Float64Array;
  readonly formula: string;
}

export class Errors {
  readonly #entries = new WeakMap<FloatArray, Entry>();

  /** Undefined for what is given, and so not off at all. */
  of(array: FloatArray): Entry | undefined {
    return this.#entries.get(array);
  }

  /** Element `at` of `array`, with its error. */
  at(array: FloatArray, at: number): Bounded {
    return { value: array[at]!, error: this.of(array)?.errors[at] ?? 0 };
  }

  /**
   * Fills in the errors of `out`, still with its old values, from what a kernel writes there, or with `accumulate` adds to
   * what is there.
   */
  put(out: FloatArray, formula: string, accumulate: boolean, written: (at: number) => Bounded): void {
    const errors = new Float64Array(out.length);
    for (let i = 0; i < out.length; i++) {
      errors[i] = (accumulate ? add(this.at(out, i), written(i)) : written(i)).error;
    }
    this.#entries.set(out, { errors, formula });
  }
}
