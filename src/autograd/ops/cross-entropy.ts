/** @file Cross-entropy: the loss of a language model and of a probe. Chapter 5. */
import type { Engine } from '../../tensor/engine.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { type FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Op } from '../op.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectCount, matrixShape } from './check.ts';
import { copied, dataOf, gradient, gradientOf, input, row, terms, within } from './element.ts';

export interface CrossEntropy {
  /** The (weighted) mean, in nats: a scalar, shape []. Not a number if there is nothing to average, as in PyTorch. */
  readonly loss: Variable;
  /** Each row's own loss [rows], unweighted, in nats; 0 for ignored rows. */
  readonly rowLosses: Tensor;
}

export interface Attributes {
  /** Class of each row; a negative one is ignored [rows]. */
  readonly targets: Int32Array;
  /** How much each row counts [rows]; default: all the same. */
  readonly weights: FloatArray | undefined;
  readonly classes: number;
}

export interface Saved {
  readonly rowLosses: Tensor;
  readonly totalWeight: number;
}

/**
 * loss = sum of w[r] rowLosses[r] / sum of w[r] over the rows with a target, rowLosses[r] = -log softmax(logits[r])[target]:
 * logits [rows, classes], targets [rows] (from `engine.integers`; a negative one is ignored, such as Hugging Face's -100),
 * weights [rows] or all 1. As `torch.nn.functional.cross_entropy`, but a weight belongs to a row instead of a class.
 * Throws {@link ShapeError}, also for a target that is not a class.
 */
export function crossEntropy(tape: Tape, logits: Variable, targets: Int32Array, weights?: FloatArray): CrossEntropy {
  const [rows, classes] = matrixShape('crossEntropy', 'logits', logits);
  expectCount('crossEntropy', 'targets', targets.length, rows);
  if (weights) expectCount('crossEntropy', 'weights', weights.length, rows);
  const wrong = targets.find((target) => target >= classes);
  if (wrong !== undefined) throw new ShapeError(`crossEntropy: target ${wrong} of ${classes} classes`);
  const { output, saved } = tape.apply(crossEntropyOp, [logits], { targets, weights, classes });
  return { loss: output, rowLosses: saved.rowLosses };
}

export const crossEntropyOp: Op<Attributes, Saved> = {
  name: 'crossEntropy',
  forward(engine, [logits], attributes) {
    const { targets, classes } = attributes;
    const rows = targets.length;
    const rowLosses = engine.empty([rows]);
    engine.kernels.crossEntropy(rowLosses.data, logits!.data, targets, rows, classes);
    let total = 0;
    let totalWeight = 0;
    for (let r = 0; r < rows; r++) {
      total += weightOf(attributes, r) * rowLosses.data[r]!;
      totalWeight += weightOf(attributes, r);
    }
    return { value: engine.tensor([], [total / totalWeight]), saved: { rowLosses, totalWeight } };
  },
  backward(tape, { inputs: [logits], attributes, saved: { totalWeight } }, dloss) {
    const { targets, classes } = attributes;
    const rows = targets.length;
    // forward: loss = sum of w[r] rowLosses[r] / totalWeight, so drowLosses[r] = dloss w[r] / totalWeight
    const rowScale = tape.engine.empty([rows]).data;
    for (let r = 0; r < rows; r++) rowScale[r] = (dloss[0]! * weightOf(attributes, r)) / totalWeight;
    // forward: rowLosses[r] = -log softmax(logits[r])[target], so dlogits[r] = drowLosses[r] (softmax(logits[r]) - onehot(target))
    const { data, accumulate } = tape.gradientOf(logits!);
    const { kernels } = tape.engine;
    kernels.crossEntropyBackward(data, logits!.value.data, targets, rowScale, rows, classes, accumulate);
  },
  explain(node) {
    const { attributes, saved } = node;
    const { targets } = attributes;
    const counted = Array.from(targets.keys()).filter((r) => targets[r]! >= 0);
    return {
      formula: 'sum over rows r of weight[r] loss[r] / sum of weights, loss = -log softmax(logits)[target]',
      terms: counted.map((r) => ({
        source: input(0, r * attributes.classes + targets[r]!),
        times: within(`loss[${r}]`, saved.rowLosses.data[r]!),
      })),
      again: (engine) => {
        const logits = new Tensor([targets.length, attributes.classes], copied(engine, dataOf(node, 0)));
        const own = { ...attributes, targets: engine.integers(targets) };
        return crossEntropyOp.forward(engine, [logits], own).value.data[0]!;
      },
    };
  },
  explainGradient(node, _, at) {
    const { attributes, saved } = node;
    const { targets, classes } = attributes;
    const [r, c] = [Math.floor(at / classes), at % classes];
    const scale = (gradientOf(node)[0]! * weightOf(attributes, r)) / saved.totalWeight;
    const hot = targets[r] === c ? 1 : 0;
    return {
      formula: `dloss weight / sum of weights (softmax(logits)[${c}] - ${hot})`,
      terms: [
        { source: input(0, at) },
        ...terms(classes, (k) => ({ source: input(0, r * classes + k) })).filter((_, k) => k !== c),
        { source: gradient(0) },
        { source: within('weight / sum of weights', weightOf(attributes, r) / saved.totalWeight) },
      ],
      again: (engine: Engine, before) => {
        const dlogits = copied(engine, new Float64Array(classes).fill(before ?? 0));
        const [logits, factor] = [copied(engine, row(dataOf(node, 0), r, classes)), copied(engine, [scale])];
        const target = engine.integers([targets[r]!]);
        engine.kernels.crossEntropyBackward(dlogits, logits, target, factor, 1, classes, before !== undefined);
        return dlogits[c]!;
      },
    };
  },
};

/** 0 where there is no target. */
function weightOf({ targets, weights }: Attributes, r: number): number {
  return targets[r]! < 0 ? 0 : (weights?.[r] ?? 1);
}
