/** @file Cross-entropy of several answers about each sample, the samples side by side: a probe's loss. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { type FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Node, Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectShape, matrixShape, named } from './check.ts';
import { added, copied, dataOf, gradient, gradientOf, input, terms, within } from './element.ts';
import { contribute } from './relu-batch-norm.ts';

export interface ColumnCrossEntropy {
  /** The mean over the samples of the sum of the heads' losses, in nats: a scalar, shape []. */
  readonly loss: Variable;
  /** Of each head and sample, in nats. [heads, rows] */
  readonly losses: Tensor;
}

export interface Attributes {
  readonly targets: Int32Array;
  readonly heads: number;
  readonly classes: number;
  readonly rows: number;
}

export interface Saved {
  readonly losses: Tensor;
}

/**
 * Cross-entropy of several answers about each sample: logits [heads x classes, rows], bias [heads x classes] to be added to
 * them, targets [heads x rows] (from `engine.integers`), head after head. Throws {@link ShapeError}, also for a target that is not a class.
 */
export function columnCrossEntropy(
  tape: Tape,
  logits: Variable,
  bias: Variable,
  targets: Int32Array,
  heads: number,
): ColumnCrossEntropy {
  const [outputs, rows] = matrixShape('columnCrossEntropy', 'logits', logits);
  expectShape('columnCrossEntropy', 'bias', bias, [outputs]);
  const classes = outputs / heads;
  if (!Number.isInteger(classes)) {
    throw new ShapeError(`columnCrossEntropy: ${named('logits', logits)} do not divide into ${heads} heads`);
  }
  if (targets.length !== heads * rows) {
    throw new ShapeError(`columnCrossEntropy: ${targets.length} targets for ${heads} heads of ${rows} samples`);
  }
  for (const target of targets) {
    if (target < 0 || target >= classes) {
      throw new ShapeError(`columnCrossEntropy: target ${target} of ${classes} classes`);
    }
  }
  const { output, saved } = tape.apply(columnCrossEntropyOp, [logits, bias], { targets, heads, classes, rows });
  return { loss: output, losses: saved.losses };
}

export const columnCrossEntropyOp: Op<Attributes, Saved> = {
  name: 'columnCrossEntropy',
  forward(engine, [logits, bias], { targets, heads, classes, rows }) {
    const losses = engine.empty([heads, rows]);
    engine.kernels.columnCrossEntropy(losses.data, logits!.data, bias!.data, targets, heads, classes, rows);
    let total = 0;
    for (const loss of losses.data) total += loss;
    return { value: engine.tensor([], [total / rows]), saved: { losses } };
  },
  backward(tape, { inputs: [logits, bias], attributes: { targets, heads, classes, rows } }, dloss) {
    // forward: loss = the sum over heads and samples of -log softmax(logits + bias)[target] / rows, so
    // dlogits = dloss / rows (softmax(logits + bias) - onehot(target)), and dbias = the sum of dlogits over the samples
    contribute(tape, [logits!, bias!], (gradients) => {
      const [dlogits, dbias] = gradients as [FloatArray, FloatArray];
      const [x, b, factor] = [logits!.value.data, bias!.value.data, dloss[0]! / rows];
      tape.engine.kernels.columnCrossEntropyBackward(dlogits, dbias, x, b, targets, factor, heads, classes, rows);
    });
  },
  explain(node) {
    const { attributes, saved } = node;
    const { classes, rows, targets } = attributes;
    return {
      formula: 'sum over heads and samples of -log softmax(logits + bias)[target] / samples',
      terms: terms(targets.length, (at) => ({
        source: input(0, (Math.floor(at / rows) * classes + targets[at]!) * rows + (at % rows)),
        times: within(`loss[${at}]`, saved.losses.data[at]!),
      })),
      again: (engine) => {
        const [logits, bias] = node.inputs.map((v) => new Tensor(v!.value.shape, copied(engine, v!.value.data)));
        const own = { ...attributes, targets: engine.integers(targets) };
        return columnCrossEntropyOp.forward(engine, [logits, bias], own).value.data[0]!;
      },
    };
  },
  explainGradient(node, which, at) {
    const { heads, classes, rows, targets } = node.attributes;
    const unit = which === 0 ? Math.floor(at / rows) : at;
    const r = at % rows;
    const head = Math.floor(unit / classes);
    const hot = (q: number): number => (targets[head * rows + q] === unit % classes ? 1 : 0);
    const own = terms(classes, (c) => ({ source: input(0, (head * classes + c) * rows + r) }));
    const each = terms(rows, (q) => ({ source: input(0, unit * rows + q), times: within('is the target', hot(q)) }));
    return {
      formula:
        which === 0
          ? `dloss / samples (softmax(logits + bias)[${unit % classes}] - ${hot(r)})`
          : 'sum over samples of dlogits',
      terms: [{ source: gradient(0) }, ...(which === 0 ? own : each)],
      again: (engine, before) => {
        const found = backwardOfAll(engine, node, heads);
        return added(engine, (which === 0 ? found.dlogits : found.dbias)[at]!, before);
      },
    };
  },
};

function backwardOfAll(engine: Engine, node: Node<Attributes, Saved>, heads: number) {
  const { classes, rows, targets } = node.attributes;
  const [logits, bias] = [copied(engine, dataOf(node, 0)), copied(engine, dataOf(node, 1))];
  const dlogits = engine.empty([logits.length]).data;
  const dbias = engine.empty([bias.length]).data;
  const factor = gradientOf(node)[0]! / rows;
  const ids = engine.integers(targets);
  engine.kernels.columnCrossEntropyBackward(dlogits, dbias, logits, bias, ids, factor, heads, classes, rows);
  return { dlogits, dbias };
}
