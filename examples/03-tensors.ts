// Tensors are flat arrays; kernels are loops over them.
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';
import { stridesOf } from '../src/tensor/shape.ts';

const engine = createReferenceEngine('float64');
const { kernels } = engine;
const shown = (data: ArrayLike<number>): string => Array.from(data, (x) => x.toFixed(3)).join(' ');

// #region products
// Shapes and strides. Rows and other shapes are views of the same numbers.
console.log(stridesOf([2, 3]), stridesOf([2, 3, 4])); // => [ 3, 1 ] [ 12, 4, 1 ]
const a = engine.tensor([2, 3], [1, 2, 3, 4, 5, 6]);
console.log(a.reshape([3, -1]).shape, a.rows(1, 2).data.join(' ')); // => [ 3, 2 ] 4 5 6

// C = A B with A [2, 3] and B [3, 2]: row times column.
const b = engine.tensor([3, 2], [1, 0, 0, 1, 1, 1]);
const c = engine.empty([2, 2]);
kernels.matmul(c.data, a.data, b.data, { m: 2, n: 2, k: 3 });
console.log(c.data.join(' ')); // => 4 5 10 11
// #endregion

// Embedding: rows 2, 0 and 2 of the table B.
const looked = engine.empty([3, 2]);
kernels.embedding(looked.data, b.data, engine.integers([2, 0, 2]), 3, 2);
console.log(looked.data.join(' ')); // => 1 1 1 0 1 1

// Layer norm: the row 1 2 3 to mean 0 and variance 1.
const out = engine.empty([1, 3]);
const [mean, rstd] = [engine.empty([1]), engine.empty([1])];
const [weight, bias] = [engine.tensor([3], [1, 1, 1]), engine.zeros([3])];
kernels.layerNorm(out.data, mean.data, rstd.data, a.rows(0, 1).data, weight.data, bias.data, 1, 3, 0);
console.log(shown(out.data)); // => -1.225 0.000 1.225

// GELU of five numbers.
const bent = engine.empty([5]);
kernels.gelu(bent.data, engine.tensor([5], [-3, -0.5, 0, 0.5, 3]).data);
console.log(shown(bent.data)); // => -0.004 -0.154 0.000 0.346 2.996

// Cross-entropy: how surprising is class 2 after the logits 2 1 0, and after 0 0 0 0?
const losses = engine.empty([1]);
kernels.crossEntropy(losses.data, engine.tensor([1, 3], [2, 1, 0]).data, engine.integers([2]), 1, 3);
console.log(shown(losses.data)); // => 2.408
kernels.crossEntropy(losses.data, engine.zeros([1, 4]).data, engine.integers([2]), 1, 4);
console.log(shown(losses.data), Math.log(4).toFixed(3)); // => 1.386 1.386

// Rotary: the pair (1, 0) of query, key and value at positions 0, 1 and 2; values stay.
const layout = { heads: 1, headSize: 2, groups: 1 };
const rows = engine.tensor([3, 6], [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
const turned = engine.empty([3, 6]);
kernels.rotary(turned.data, rows.data, engine.integers([0, 1, 2]), 3, layout, 2, false, false);
console.log([0, 1, 2].map((t) => shown(turned.rows(t, t + 1).data.subarray(0, 2))).join(', '));
// =>
// 1.000 0.000, 0.540 0.841, -0.416 0.909
