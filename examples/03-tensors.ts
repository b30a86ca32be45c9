// Tensors are flat arrays; kernels are loops over them.
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';
import { stridesOf } from '../src/tensor/shape.ts';

console.log(stridesOf([2, 3, 4])); // => [ 12, 4, 1 ]

const engine = createReferenceEngine('float64');
const { kernels } = engine;

const a = engine.tensor([2, 3], [1, 2, 3, 4, 5, 6]);
console.log(a.reshape([3, -1]).shape, a.rows(1, 2).data.join(' ')); // => [ 3, 2 ] 4 5 6

// C = A B with A [2, 3] and B [3, 2]: row times column.
const b = engine.tensor([3, 2], [1, 0, 0, 1, 1, 1]);
const c = engine.empty([2, 2]);
kernels.matmul(c.data, a.data, b.data, { m: 2, n: 2, k: 3 });
console.log(c.data.join(' ')); // => 4 5 10 11

// Layer norm: the row 1 2 3 to mean 0 and variance 1.
const out = engine.empty([1, 3]);
const [mean, rstd] = [engine.empty([1]), engine.empty([1])];
const [weight, bias] = [engine.tensor([3], [1, 1, 1]), engine.zeros([3])];
kernels.layerNorm(out.data, mean.data, rstd.data, a.rows(0, 1).data, weight.data, bias.data, 1, 3, 0);
console.log(Array.from(out.data, (x) => x.toFixed(3)).join(' ')); // => -1.225 0.000 1.225

// Cross-entropy: of four equally likely classes, the right one surprises by log 4.
const losses = engine.empty([1]);
kernels.crossEntropy(losses.data, engine.zeros([1, 4]).data, engine.integers([2]), 1, 4);
console.log(losses.data[0]!.toFixed(3), Math.log(4).toFixed(3)); // => 1.386 1.386
