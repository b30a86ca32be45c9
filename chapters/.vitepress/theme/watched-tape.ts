/** @file A tape that keeps, of its way back, what every gradient was after each node. Appendix C. */
import { type Node, type Op, Tape, type Variable } from '../../../src/autograd/index.ts';

/** Gradients as they were at one moment; those that nothing had reached yet are missing. */
export type Gradients = ReadonlyMap<Variable, readonly number[]>;

export class WatchedTape extends Tape {
  readonly #variables = new Set<Variable>();
  /** Before the first node that goes back, and after each of them. */
  readonly moments: Gradients[] = [];

  override apply<A, S>(op: Op<A, S>, inputs: readonly (Variable | undefined)[], attributes: A): Node<A, S> {
    const watched: Op<A, S> = {
      ...op,
      backward: (pass, node, dy) => {
        if (this.moments.length === 0) this.#look();
        op.backward(pass, node, dy);
        this.#look();
      },
    };
    const node = super.apply(watched, inputs, attributes);
    for (const v of [...inputs, node.output]) if (v?.requiresGradient) this.#variables.add(v);
    return node;
  }

  #look(): void {
    const known = [...this.#variables].filter(({ gradient }) => gradient !== undefined);
    this.moments.push(new Map(known.map((v) => [v, Array.from(v.gradient!.data)])));
  }
}
