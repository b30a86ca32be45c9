/** @file An op: what it computes, its derivative, and why one of its numbers is what it is, side by side. Chapter 5. */
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import type { Variable } from './variable.ts';

/** Where an op writes what it contributes to a gradient, and whether it adds to (true) or replaces (false) what is there. */
export interface GradientBuffer {
  readonly data: FloatArray;
  readonly accumulate: boolean;
}

/** What a derivative needs of the tape that goes backward. */
export interface BackwardPass {
  readonly engine: Engine;
  /** Where to write a contribution to the gradient of `v`. Whoever asks must write every element, once. */
  gradientOf(v: Variable): GradientBuffer;
}

/** One use of an op on a tape. */
export interface Node<Attributes = unknown, Saved = unknown> {
  readonly op: Op<Attributes, Saved>;
  /** In the order of the op's arguments; undefined for one that was left out, such as a bias. */
  readonly inputs: readonly (Variable | undefined)[];
  /** Whatever else decides the output: sizes, token ids, a factor. */
  readonly attributes: Attributes;
  readonly output: Variable;
  /** What forward found on the way and the derivative needs: a mean, a logarithm of a sum. */
  readonly saved: Saved;
}

/** All that an op is: the compiler refuses one that lacks a part. `Tape.apply` is the only way to use it. */
export interface Op<Attributes, Saved = undefined> {
  readonly name: string;
  forward(
    engine: Engine,
    inputs: readonly (Tensor | undefined)[],
    attributes: Attributes,
  ): { readonly value: Tensor; readonly saved: Saved };
  /** Writes what `dy`, the gradient of the output, contributes to the gradient of each input that wants one (`gradientOf`). */
  backward(tape: BackwardPass, node: Node<Attributes, Saved>, dy: FloatArray): void;
  /** Why element `at` of the output is what it is. */
  explain(node: Node<Attributes, Saved>, at: number): Derivation;
  /** Why element `at` of what this use contributes to the gradient of its input number `input` is what it is. */
  explainGradient(node: Node<Attributes, Saved>, input: number, at: number): Derivation;
}

/** A number that entered a derivation. */
export type Source =
  /** Element `at` of the value of input number `input`. */
  | { readonly input: number; readonly at: number }
  /** Element of the output's gradient. */
  | { readonly gradient: number }
  /** One that lies within the op, or belongs to its attributes. */
  | { readonly name: string; readonly value: number };

/** One number that went in and, where the op adds up products, what it was multiplied by. */
export interface Term {
  readonly source: Source;
  readonly times?: Source;
}

/** How one number was made. */
export interface Derivation {
  readonly formula: string;
  /** In the order in which they are added, or enter the formula. */
  readonly terms: readonly Term[];
  /**
   * The same number again, by itself, from the same inputs by an engine's kernels: bit for bit by the exact kernels. A
   * contribution to a gradient is added to `before`, what was there already.
   */
  readonly again: (engine: Engine, before?: number) => number;
}
