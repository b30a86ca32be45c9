/** @file Every op of a recorded step judged by itself, from the inputs that it had. Appendix E. */
import type { Node, Variable } from '../autograd/index.ts';
import { type Engine, type FloatArray, type Shape, Tensor } from '../tensor/index.ts';
import type { RecordedPass } from '../transformer/index.ts';
import { type BoundedEngine, createBoundedEngine } from './bounds/engine.ts';
import { U } from './bounds/rounding.ts';
import { contributions, contributionsBy } from './contributions.ts';
import type { Stopwatch } from './stopwatch.ts';
import { differingBits, type Judged } from './verdict.ts';

/** Arrays of an op's forward pass: its output, and what it keeps. */
interface Written {
  readonly part: string;
  readonly shape: Shape;
  readonly data: FloatArray;
}

function written(value: Tensor, saved: unknown): Written[] {
  const parts = Object.entries(saved ?? {}).flatMap(([part, kept]): Written[] => {
    if (kept instanceof Tensor) return [{ part, shape: kept.shape, data: kept.data }];
    const isArray = kept instanceof Float32Array || kept instanceof Float64Array;
    return isArray ? [{ part, shape: [kept.length], data: kept }] : [];
  });
  return [{ part: '', shape: value.shape, data: value.data }, ...parts];
}

const valuesOf = (node: Node) => node.inputs.map((input) => input?.value);

export const nameOf = (pass: RecordedPass, v: Variable): string => pass.variables.get(v)?.name ?? v.name ?? '?';

/** What each op's forward pass writes. */
export function* forwardOf(pass: RecordedPass, exact: Engine, watch: Stopwatch): Generator<Judged> {
  for (const node of pass.nodes) {
    const bounded = createBoundedEngine(); // a new one each time: what it notes goes with it
    const again = watch.time('exact', () => node.op.forward(exact, valuesOf(node), node.attributes));
    const precise = watch.time('float64', () => node.op.forward(bounded.engine, valuesOf(node), node.attributes));
    const [fast, same, reference] = [node.output.value, again.value, precise.value].map((value, which) =>
      written(value, [node.saved, again.saved, precise.saved][which]),
    ) as [Written[], Written[], Written[]];
    for (const [i, { part, shape, data }] of fast.entries()) {
      const noted = bounded.boundsOf(reference[i]!.data) ?? meanLossBound(bounded, node, precise);
      yield {
        op: node.op.name,
        direction: 'forward',
        name: nameOf(pass, node.output) + (part === '' ? '' : ` (${part})`),
        shape,
        fast: data,
        exact: same[i]!.data,
        reference: reference[i]!.data,
        bounds: noted.errors,
        formula: noted.formula,
      };
    }
  }
}

/** The loss of a batch is the mean of its rows' in Float64, rounded once. */
function meanLossBound(
  bounded: BoundedEngine,
  { attributes, saved }: Node,
  precise: { value: Tensor; saved: unknown },
) {
  const { weights, targets } = attributes as { weights?: FloatArray; targets: Int32Array };
  const { rowLosses } = precise.saved as { rowLosses: Tensor };
  const { errors } = bounded.boundsOf(rowLosses.data)!;
  const { totalWeight } = saved as { totalWeight: number };
  const total = errors.reduce((sum, error, r) => sum + (targets[r]! < 0 ? 0 : (weights?.[r] ?? 1) * error), 0);
  const mean = Math.abs(total / totalWeight);
  const errorsOfMean = [mean * (1 + U) + U * Math.abs(precise.value.data[0]!)];
  return { errors: errorsOfMean, formula: 'mean of the rows’ bounds, + u |loss|' };
}

/** A gradient that the engine does not come to again: not one of the op's making, but of the machine's. */
export interface Unsteady {
  readonly name: string;
  readonly at: number;
  readonly recorded: number;
  readonly again: number;
}

/** What each op's backward pass adds to gradients; then what the recorded ones have that the fast engine does not give again. */
export function* backwardOf(
  pass: RecordedPass,
  fast: Engine,
  exact: Engine,
  watch: Stopwatch,
): Generator<Judged, Unsteady[]> {
  const totals = new Map<Variable, FloatArray>();
  const all = contributions(fast, pass.nodes, totals);
  for (;;) {
    const next = watch.time('fast', () => all.next());
    if (next.done) break;
    const { node, made } = next.value;
    const before = (v: Variable) => made.find(({ to }) => to === v)?.before;
    const dy = node.output.gradient!.data;
    const bounded = createBoundedEngine();
    const same = watch.time('exact', () => contributionsBy(exact, node, dy, before));
    const reference = watch.time('float64', () => contributionsBy(bounded.engine, node, dy, before));
    for (const { to, after } of made) {
      const noted = bounded.boundsOf(reference.get(to)!)!;
      yield {
        op: node.op.name,
        direction: `gradient of ${nameOf(pass, to)}`,
        name: nameOf(pass, node.output),
        shape: to.value.shape,
        fast: after,
        exact: same.get(to)!,
        reference: reference.get(to)!,
        bounds: noted.errors,
        formula: noted.formula,
      };
    }
  }
  return Array.from(totals).flatMap(([v, again]): Unsteady[] => {
    const recorded = v.gradient!.data;
    const { first } = differingBits(recorded, again);
    if (first === undefined) return [];
    return [{ name: nameOf(pass, v), at: first, recorded: recorded[first]!, again: again[first]! }];
  });
}
