/** @file One op's part of the backward pass, by any engine, by itself. Appendix E. */
import { type Node, Tape, Variable } from '../autograd/index.ts';
import { type Engine, type FloatArray, Tensor } from '../tensor/index.ts';

/** What an op has added to the gradient of one of its inputs. */
export interface Contribution {
  readonly to: Variable;
  /** What was there; undefined where this is the first. */
  readonly before: FloatArray | undefined;
  readonly after: FloatArray;
}

/** A tape on which a single op goes backward, from gradients as they stand. */
class Ledger extends Tape {
  readonly written = new Map<Variable, FloatArray>();
  readonly #before: (v: Variable) => FloatArray | undefined;

  constructor(engine: Engine, before: (v: Variable) => FloatArray | undefined) {
    super(engine);
    this.#before = before;
  }

  override gradientOf(v: Variable): { readonly data: FloatArray; readonly accumulate: boolean } {
    const written = this.written.get(v);
    if (written) return { data: written, accumulate: true };
    const before = this.#before(v);
    const { data } = before ? this.engine.tensor(v.value.shape, before) : this.engine.empty(v.value.shape);
    this.written.set(v, data);
    return { data, accumulate: before !== undefined };
  }
}

/** What `node` adds to gradients, in memory of the engine; the node's own arrays must be where its kernels can read them. */
export function contributionsBy(
  engine: Engine,
  node: Node,
  dy: FloatArray,
  before: (v: Variable) => FloatArray | undefined,
): ReadonlyMap<Variable, FloatArray> {
  const ledger = new Ledger(engine, before);
  node.op.backward(ledger, node, dy);
  return ledger.written;
}

/**
 * The contributions of all uses of ops on a recorded tape, in the order of its backward pass, each by the fast engine again:
 * the tape itself has kept their sums alone. Afterwards `totals` holds these.
 */
export function* contributions(
  engine: Engine,
  nodes: readonly Node[],
  totals: Map<Variable, FloatArray>,
): Generator<{ readonly node: Node; readonly made: readonly Contribution[] }> {
  for (const node of [...nodes].reverse()) {
    const { gradient } = node.output;
    if (gradient === undefined) continue;
    const made = engine.scope(() => {
      const { copy, original } = inMemoryOf(engine, node);
      const dy = engine.tensor(gradient.shape, gradient.data).data;
      const written = contributionsBy(engine, copy, dy, (v) => totals.get(original.get(v)!));
      return Array.from(written, ([v, data]): Contribution => {
        const to = original.get(v)!;
        return { to, before: totals.get(to), after: data.slice() };
      });
    });
    for (const { to, after } of made) totals.set(to, after);
    yield { node, made };
  }
}

/** A node whose arrays are copies in the engine's memory, and which variable each of its inputs stands for. */
function inMemoryOf(engine: Engine, node: Node): { copy: Node; original: ReadonlyMap<Variable, Variable> } {
  const copies = new Map<Variable, Variable>();
  const copyOf = (v: Variable): Variable => {
    const known = copies.get(v);
    if (known) return known;
    const { requiresGradient, value } = v;
    const copy = new Variable(engine.tensor(value.shape, value.data), { requiresGradient });
    copies.set(v, copy);
    return copy;
  };
  const copy = {
    op: node.op,
    inputs: node.inputs.map((input) => input && copyOf(input)),
    attributes: fieldsIn(engine, node.attributes),
    output: copyOf(node.output),
    saved: fieldsIn(engine, node.saved),
  };
  return { copy, original: new Map(Array.from(copies, ([v, own]) => [own, v])) };
}

function fieldsIn(engine: Engine, fields: unknown): unknown {
  if (fields === undefined || fields === null) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (value instanceof Tensor) return [key, engine.tensor(value.shape, value.data)];
      if (value instanceof Int32Array) return [key, engine.integers(value)];
      if (value instanceof Float32Array) return [key, engine.tensor([value.length], value).data];
      return [key, value];
    }),
  );
}
