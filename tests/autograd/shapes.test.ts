/** @file Ops name what does not fit. */
import { expect, test } from 'vitest';
import * as ops from '../../src/autograd/index.ts';
import { Tape, type Variable } from '../../src/autograd/index.ts';
import { ShapeError } from '../../src/tensor/errors.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const tape = new Tape(engine);
const of = (...shape: number[]): Variable => tape.constant(engine.zeros(shape));
const layout = { heads: 4, headSize: 2, groups: 4 };
const qkv = of(3, 24);
const running = { mean: engine.zeros([3]), variance: engine.zeros([3]) };
const training = { training: true, momentum: 0.1, epsilon: 1e-5 };
const ids = (...values: number[]): Int32Array => Int32Array.from(values);

const mistakes: [message: string, run: () => unknown][] = [
  ['linear: x [4, 3] does not fit weight [5, 2]', () => ops.linear(tape, of(4, 3), of(5, 2))],
  ['linear: x [4, 3, 1] is not a matrix', () => ops.linear(tape, of(4, 3, 1), of(5, 3))],
  ['linear: bias [4] should have the shape [5]', () => ops.linear(tape, of(4, 3), of(5, 3), of(4))],
  ['matmul: a [2, 3] does not fit b [4, 5]', () => ops.matmul(tape, of(2, 3), of(4, 5))],
  [
    'matmul: a [3, 2] transposed does not fit b [5, 4] transposed',
    () => ops.matmul(tape, of(3, 2), of(5, 4), { transposeA: true, transposeB: true }),
  ],
  ['matmul: a [2, 3, 4] does not fit b [3, 4, 5]', () => ops.matmul(tape, of(2, 3, 4), of(3, 4, 5))],
  [
    'matmul: a [2, 3, 4] and b [4, 5] are not two matrices or two stacks of matrices',
    () => ops.matmul(tape, of(2, 3, 4), of(4, 5)),
  ],
  ['add: b [3, 2] should have the shape [2, 3]', () => ops.add(tape, of(2, 3), of(3, 2))],
  ['add3: c [3] should have the shape [2]', () => ops.add3(tape, of(2), of(2), of(3))],
  ['embedding: id 5 in a table of 5 rows', () => ops.embedding(tape, of(5, 2), ids(0, 5))],
  ['embedding: id -1 in a table of 5 rows', () => ops.embedding(tape, of(5, 2), ids(-1))],
  ['layerNorm: weight [4] should have the shape [3]', () => ops.layerNorm(tape, of(2, 3), of(4), of(3), 1e-5)],
  [
    'batchNorm: x [1, 3] has no variance in training',
    () => ops.batchNorm(tape, of(1, 3), of(3), of(3), running, training),
  ],
  [
    'batchNorm: bias [2] should have the shape [3]',
    () => ops.batchNorm(tape, of(4, 3), of(3), of(2), running, training),
  ],
  [
    'batchNorm: running mean [3] should have the shape [2]',
    () => ops.batchNorm(tape, of(4, 2), of(2), of(2), running, training),
  ],
  [
    'reluBatchNorm: x [3, 1] has no variance in training',
    () => ops.reluBatchNorm(tape, of(3, 1), of(3), of(3), of(3), running, training),
  ],
  [
    'reluBatchNorm: shift [2] should have the shape [3]',
    () => ops.reluBatchNorm(tape, of(3, 4), of(3), of(3), of(2), running, training),
  ],
  ['rotary: 2 positions for 3 rows', () => ops.rotary(tape, qkv, ids(0, 1), layout, 2)],
  [
    'rotary: rotaryDim 1 is not an even number up to the head size 2',
    () => ops.rotary(tape, qkv, ids(0, 1, 2), layout, 1),
  ],
  [
    'rotary: rotaryDim 4 is not an even number up to the head size 2',
    () => ops.rotary(tape, qkv, ids(0, 1, 2), layout, 4),
  ],
  [
    'rotary: 4 heads do not divide into 3 groups',
    () => ops.rotary(tape, qkv, ids(0, 1, 2), { ...layout, groups: 3 }, 2),
  ],
  [
    'causalAttention: qkv [3, 24] does not fit 4 heads of size 3, 3 x 12',
    () => ops.causalAttention(tape, qkv, ids(0, 3), { ...layout, headSize: 3 }),
  ],
  [
    'causalAttention: starts 0, 2 do not rise from 0 to 3 tokens',
    () => ops.causalAttention(tape, qkv, ids(0, 2), layout),
  ],
  [
    'causalAttention: starts 0, 2, 1, 3 do not rise from 0 to 3 tokens',
    () => ops.causalAttention(tape, qkv, ids(0, 2, 1, 3), layout),
  ],
  ['crossEntropy: 2 targets for 3 rows', () => ops.crossEntropy(tape, of(3, 4), ids(0, 1))],
  ['crossEntropy: target 4 of 4 classes', () => ops.crossEntropy(tape, of(1, 4), ids(4))],
  [
    'columnCrossEntropy: logits [3, 4] do not divide into 2 heads',
    () => ops.columnCrossEntropy(tape, of(3, 4), of(3), ids(0, 1, 0, 1), 2),
  ],
  [
    'columnCrossEntropy: 4 targets for 2 heads of 4 samples',
    () => ops.columnCrossEntropy(tape, of(4, 4), of(4), ids(0, 1, 0, 1), 2),
  ],
  ['columnCrossEntropy: target 2 of 2 classes', () => ops.columnCrossEntropy(tape, of(4, 1), of(4), ids(0, 2), 2)],
  ['crossEntropy: 2 weights for 1 rows', () => ops.crossEntropy(tape, of(1, 4), ids(1), new Float64Array(2))],
];

for (const [message, run] of mistakes) {
  test(`ShapeError: ${message}`, () => {
    expect(run).toThrow(new ShapeError(message));
    expect(run).toThrow(ShapeError);
  });
}
