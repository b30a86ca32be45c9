/** @file Cross-entropy: the loss of a language model and of a probe. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectCount, matrixShape } from './check.ts';

export interface CrossEntropy {
  /** The (weighted) mean, in nats: a scalar, shape []. Not a number if there is nothing to average, as in PyTorch. */
  readonly loss: Variable;
  /** Each row's own loss [rows], unweighted, in nats; 0 for ignored rows. */
  readonly rowLosses: Tensor;
}

/**
 * loss = sum of w[r] rowLosses[r] / sum of w[r] over the rows with a target, rowLosses[r] = -log softmax(logits[r])[target]:
 * logits [rows, classes], targets [rows] (from `engine.integers`; a negative one is ignored, such as Hugging Face's -100),
 * weights [rows] or all 1. As `torch.nn.functional.cross_entropy`, but a weight belongs to a row instead of a class.
 * Throws {@link ShapeError}, also for a target that is not a class.
 */
export function crossEntropy(tape: Tape, logits: Variable, targets: Int32Array, weights?: FloatArray): CrossEntropy {
  const { engine } = tape;
  const { kernels } = engine;
  const [rows, classes] = matrixShape('crossEntropy', 'logits', logits);
  expectCount('crossEntropy', 'targets', targets.length, rows);
  if (weights) expectCount('crossEntropy', 'weights', weights.length, rows);
  const wrong = targets.find((target) => target >= classes);
  if (wrong !== undefined) throw new ShapeError(`crossEntropy: target ${wrong} of ${classes} classes`);

  const rowLosses = engine.empty([rows]);
  kernels.crossEntropy(rowLosses.data, logits.value.data, targets, rows, classes);
  const weightOf = (r: number): number => (targets[r]! < 0 ? 0 : (weights?.[r] ?? 1));
  let total = 0;
  let totalWeight = 0;
  for (let r = 0; r < rows; r++) {
    total += weightOf(r) * rowLosses.data[r]!;
    totalWeight += weightOf(r);
  }

  const loss = tape.output(engine.tensor([], [total / totalWeight]), [logits]);
  tape.record(loss, (dloss) => {
    // forward: loss = sum of w[r] rowLosses[r] / totalWeight, so drowLosses[r] = dloss w[r] / totalWeight
    const rowScale = engine.empty([rows]).data;
    for (let r = 0; r < rows; r++) rowScale[r] = (dloss[0]! * weightOf(r)) / totalWeight;
    // forward: rowLosses[r] = -log softmax(logits[r])[target], so dlogits[r] = drowLosses[r] (softmax(logits[r]) - onehot(target))
    const { data, accumulate } = tape.gradientOf(logits);
    kernels.crossEntropyBackward(data, logits.value.data, targets, rowScale, rows, classes, accumulate);
  });
  return { loss, rowLosses };
}
