/** @file The tape: what was computed, so that derivatives can be computed in reverse order. Chapter 5. */
import type { Engine } from '../tensor/engine.ts';
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { type FloatArray, Tensor } from '../tensor/tensor.ts';
import type { BackwardPass, GradientBuffer, Node, Op } from './op.ts';
import { Variable } from './variable.ts';

export interface TapeOptions {
  /** False for inference: nothing is kept for a backward pass, and no output requires a gradient. */
  readonly recording?: boolean;
  /** Whether gradients of ops' outputs are there to be read after `backward`, each in memory of its own. False by default. */
  readonly keepGradients?: boolean;
}

/**
 * One forward and backward pass. Use a new tape for each step, within `engine.scope`: values, and the gradients of all
 * but the parameters, live in the scope in which they were computed.
 *
 * Gradients need no clearing: the first contribution on a tape replaces what an earlier tape left, later ones are added.
 */
export class Tape implements BackwardPass {
  readonly engine: Engine;
  readonly recording: boolean;
  readonly #keepGradients: boolean;
  readonly #nodes: Node[] = [];
  readonly #contributed = new Set<Variable>();
  /** Gradients of ops' outputs that have done their work, by number of elements. */
  readonly #spare = new Map<number, FloatArray[]>();

  constructor(engine: Engine, { recording = true, keepGradients = false }: TapeOptions = {}) {
    this.engine = engine;
    this.recording = recording;
    this.#keepGradients = keepGradients;
  }

  /** What was computed, in order; of a tape that does not record, nothing. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** Data: a variable without gradient. */
  constant(value: Tensor): Variable {
    return new Variable(value);
  }

  /**
   * Computes an op, and records what it was. The output requires a gradient if the tape is recording and any of the inputs
   * requires one.
   */
  apply<A, S>(op: Op<A, S>, inputs: readonly (Variable | undefined)[], attributes: A): Node<A, S> {
    const { value, saved } = op.forward(
      this.engine,
      inputs.map((input) => input?.value),
      attributes,
    );
    const requiresGradient = this.recording && inputs.some((input) => input?.requiresGradient ?? false);
    const node: Node<A, S> = { op, inputs, attributes, output: new Variable(value, { requiresGradient }), saved };
    if (this.recording) this.#nodes.push(node as unknown as Node);
    return node;
  }

  gradientOf(v: Variable): GradientBuffer {
    const accumulate = this.#contributed.has(v);
    this.#contributed.add(v);
    v.gradient ??= this.#buffer(v.value);
    return { data: v.gradient.data, accumulate };
  }

  /**
   * Fills the gradients of everything that the scalar `loss` was computed from. What is listed in `parameters` and had
   * no part in the loss gets a gradient of zeros; unlisted, it keeps the one of an earlier tape. A tape goes backward
   * once. Throws {@link ShapeError} if the loss is not a single number.
   */
  backward(loss: Variable, parameters: readonly Variable[] = []): void {
    if (loss.value.size !== 1)
      throw new ShapeError(`backward: the loss has the shape ${formatShape(loss.value.shape)}`);
    if (!this.recording) throw new Error('backward: the tape is not recording');
    // #region backwards
    if (loss.requiresGradient) this.gradientOf(loss).data[0] = 1;
    for (const node of [...this.#nodes].reverse()) {
      const { op, output } = node;
      if (output.gradient === undefined) continue; // the loss does not depend on it, or it depends on no parameter
      op.backward(this, node, output.gradient.data);
      if (this.#keepGradients) continue;
      // All uses of the output were recorded after it, so they have been undone: nobody needs this gradient any more.
      this.#release(output.gradient.data);
      output.gradient = undefined;
    }
    // #endregion
    for (const v of parameters) {
      if (!this.#contributed.has(v)) this.gradientOf(v).data.fill(0);
    }
  }

  #buffer(like: Tensor): Tensor {
    const spare = this.#spare.get(like.size)?.pop();
    return spare === undefined ? this.engine.empty(like.shape) : new Tensor(like.shape, spare);
  }

  #release(data: FloatArray): void {
    const list = this.#spare.get(data.length);
    if (list === undefined) this.#spare.set(data.length, [data]);
    else list.push(data);
  }
}
