// Causal attention of three tokens, one head of two numbers, small enough to check by hand.
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const { kernels } = engine;
const layout = { heads: 1, headSize: 2, groups: 1 };

// Each row holds query, value, key (CodeGen's order). All queries ask for [8, 0]; only token 1 has such a key.
const qkv = engine.tensor(
  [3, 6],
  [
    [8, 0, 1, 0, 0, 0],
    [8, 0, 0, 1, 1, 0],
    [8, 0, 5, 5, 0, 0],
  ].flat(),
);
const out = engine.empty([3, 2]);
const logSumExp = engine.empty([3, 1]);
const attend = (starts: number[]) => {
  kernels.causalAttention(out.data, logSumExp.data, qkv.data, engine.integers(starts), starts.length - 1, layout);
  return Array.from(out.data, (x) => x.toFixed(2)).join(' ');
};

// One sample of three tokens: token 0 sees itself only; tokens 1 and 2 read mostly the value [0, 1] of token 1.
console.log(attend([0, 3])); // => 1.00 0.00 0.00 1.00 0.02 1.01

// Two samples, packed: token 2 is the first of its own sample, and reads its own value.
console.log(attend([0, 2, 3])); // => 1.00 0.00 0.00 1.00 5.00 5.00
