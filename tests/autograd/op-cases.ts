/** @file Every op in every mode: what derivatives and explanations are checked with. */
import {
  add,
  add3,
  batchNorm,
  causalAttention,
  columnCrossEntropy,
  crossEntropy,
  embedding,
  geluNew,
  layerNorm,
  linear,
  matmul,
  mean,
  relu,
  reluBatchNorm,
  rotary,
  scale,
  sum,
  type Tape,
  type Variable,
} from '../../src/autograd/index.ts';
import type { HeadLayout } from '../../src/tensor/kernels.ts';
import type { Shape } from '../../src/tensor/shape.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { values } from '../helpers/numbers.ts';

export type Build = (tape: Tape, inputs: Variable[]) => Variable;
export type Case = [op: string, mode: string, inputs: (Shape | Tensor)[], build: Build];

export const cases: Case[] = [];
const check = (op: string, mode: string, inputs: (Shape | Tensor)[], build: Build): void => {
  cases.push([op, mode, inputs, build]);
};

check('linear', 'with bias', [[3, 4], [5, 4], [5]], (tape, [x, w, b]) => linear(tape, x!, w!, b));
check(
  'linear',
  'without bias',
  [
    [3, 4],
    [5, 4],
  ],
  (tape, [x, w]) => linear(tape, x!, w!),
);
check('linear', 'x is the weight', [[4, 4]], (tape, [x]) => linear(tape, x!, x!));
for (const batch of [[], [2]]) {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const a = [...batch, ...(transposeA ? [4, 3] : [3, 4])];
      const b = [...batch, ...(transposeB ? [5, 4] : [4, 5])];
      const mode = `${batch.length ? 'two matrices' : 'one matrix'}, transposeA ${transposeA}, transposeB ${transposeB}`;
      check('matmul', mode, [a, b], (tape, [a, b]) => matmul(tape, a!, b!, { transposeA, transposeB }));
    }
  }
}
check('matmul', 'a matrix and itself', [[3, 4]], (tape, [a]) => matmul(tape, a!, a!, { transposeB: true }));
check(
  'add',
  'two',
  [
    [2, 3],
    [2, 3],
  ],
  (tape, [a, b]) => add(tape, a!, b!),
);
check('add', 'a variable and itself', [[2, 3]], (tape, [a]) => add(tape, a!, a!));
check(
  'add3',
  'three',
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  (tape, [a, b, c]) => add3(tape, a!, b!, c!),
);
check(
  'add3',
  'one of them twice',
  [
    [2, 3],
    [2, 3],
  ],
  (tape, [a, b]) => add3(tape, a!, b!, a!),
);
check('scale', 'by -0.3', [[2, 3]], (tape, [x]) => scale(tape, x!, -0.3));
check('sum', 'of a matrix', [[2, 3]], (tape, [x]) => sum(tape, x!));
check('mean', 'of a matrix', [[2, 3]], (tape, [x]) => mean(tape, x!));
check('geluNew', 'around 0 and far out', [new Tensor([3, 2], Float64Array.of(-5, -1, -0.1, 0, 0.7, 3))], (tape, [x]) =>
  geluNew(tape, x!),
);
check('relu', 'on both sides of 0', [new Tensor([2, 2], Float64Array.of(-2, -0.01, 0.01, 3))], (tape, [x]) =>
  relu(tape, x!),
);
check('embedding', 'ids repeated and unused', [[5, 3]], (tape, [table]) =>
  embedding(tape, table!, tape.engine.integers([4, 0, 4, 2, 4])),
);
check('layerNorm', 'all inputs', [[3, 5], [5], [5]], (tape, [x, w, b]) => layerNorm(tape, x!, w!, b!, 1e-5));
check('layerNorm', 'a large epsilon', [[3, 5], [5], [5]], (tape, [x, w, b]) => layerNorm(tape, x!, w!, b!, 0.5));
check('layerNorm', 'weight is bias', [[3, 5], [5]], (tape, [x, w]) => layerNorm(tape, x!, w!, w!, 1e-5));
check('layerNorm', 'bias used before', [[3, 5], [5], [5]], (tape, [x, w, b]) => {
  const once = layerNorm(tape, x!, tape.constant(tape.engine.tensor([5], values(5))), b!, 1e-5);
  return layerNorm(tape, once, w!, b!, 1e-5);
});
for (const training of [true, false]) {
  const running = ({ engine }: Tape): { mean: Tensor; variance: Tensor } => ({
    mean: engine.tensor([3], [0.1, -0.2, 0.3]),
    variance: engine.tensor([3], [0.5, 1, 2]),
  });
  const options = { training, momentum: 0.1, epsilon: 1e-5 };
  const mode = training ? 'training' : 'evaluation';
  check('batchNorm', mode, [[4, 3], [3], [3]], (tape, [x, w, b]) =>
    batchNorm(tape, x!, w!, b!, running(tape), options),
  );
  check('batchNorm', `${mode}, two rows`, [[2, 3], [3], [3]], (tape, [x, w, b]) =>
    batchNorm(tape, x!, w!, b!, running(tape), { ...options, epsilon: 0.1 }),
  );
}
const layouts: HeadLayout[] = [
  { heads: 4, headSize: 4, groups: 4 },
  { heads: 4, headSize: 4, groups: 1 },
  { heads: 2, headSize: 6, groups: 1 },
  { heads: 4, headSize: 2, groups: 2 },
];
for (const layout of layouts) {
  const { heads, headSize, groups } = layout;
  const width = 3 * heads * headSize;
  const shape = `${heads} heads of size ${headSize} in ${groups} groups`;
  for (const rotaryDim of new Set([headSize, headSize - 2])) {
    check('rotary', `${rotaryDim} of each head, ${shape}`, [[3, width]], (tape, [qkv]) =>
      rotary(tape, qkv!, tape.engine.integers([0, 1, 7]), layout, rotaryDim),
    );
  }
  check('causalAttention', `samples of 3, 1 and 2 tokens, ${shape}`, [[6, width]], (tape, [qkv]) =>
    causalAttention(tape, scale(tape, qkv!, 2), tape.engine.integers([0, 3, 4, 6]), layout),
  );
  check('causalAttention', `one sample of 4 tokens, rotated, ${shape}`, [[4, width]], (tape, [qkv]) =>
    causalAttention(
      tape,
      rotary(tape, qkv!, tape.engine.integers([0, 1, 2, 3]), layout, 2),
      tape.engine.integers([0, 4]),
      layout,
    ),
  );
}
const targets = [2, -100, 0, 4, -1];
check(
  'crossEntropy',
  'all rows',
  [[3, 4]],
  (tape, [x]) => crossEntropy(tape, x!, tape.engine.integers([3, 0, 3])).loss,
);
check(
  'crossEntropy',
  'ignored rows',
  [[5, 6]],
  (tape, [x]) => crossEntropy(tape, x!, tape.engine.integers(targets)).loss,
);
check(
  'crossEntropy',
  'ignored rows and weights',
  [[5, 6]],
  (tape, [x]) => crossEntropy(tape, x!, tape.engine.integers(targets), Float64Array.of(0.2, 7, 1, 3, 1)).loss,
);
check(
  'crossEntropy',
  'a weight of 0',
  [[3, 4]],
  (tape, [x]) => crossEntropy(tape, x!, tape.engine.integers([3, 0, 3]), Float64Array.of(1, 0, 2)).loss,
);

// Two heads of three classes, and four samples.
check('columnCrossEntropy', 'two heads', [[6, 4], [6]], (tape, [x, b]) => {
  return columnCrossEntropy(tape, x!, b!, tape.engine.integers([0, 2, 1, 1, 2, 2, 0, 1]), 2).loss;
});
check('columnCrossEntropy', 'one head', [[3, 2], [3]], (tape, [x, b]) => {
  return columnCrossEntropy(tape, x!, b!, tape.engine.integers([2, 0]), 1).loss;
});
for (const samples of [2, 7]) {
  check('reluBatchNorm', `${samples} samples`, [[3, samples], [3], [3], [3]], (tape, [x, b, w, s]) => {
    const running = { mean: tape.engine.zeros([3]), variance: tape.engine.zeros([3]) };
    return reluBatchNorm(tape, x!, b!, w!, s!, running, { training: true, momentum: 0.1, epsilon: 0.1 });
  });
}
