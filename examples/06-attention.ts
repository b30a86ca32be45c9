// Attention of three tokens of width 2 with every number in between, and the turn that tells attention where a token is.
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const { kernels } = engine;
const layout = { heads: 1, headSize: 2, groups: 1 };
const shown = (row: ArrayLike<number>) => Array.from(row, (x) => x.toFixed(2)).join(' ');

// Three rows of the stream, and matrices [out, in] that make query, key and value of each.
const x = engine.tensor([3, 2], [1, 0, 0, 1, 1, 1]);
const product = (matrix: number[]) => {
  const y = engine.empty([3, 2]);
  kernels.matmul(y.data, x.data, engine.tensor([2, 2], matrix).data, { m: 3, n: 2, k: 2, transposeB: true });
  return Array.from({ length: 3 }, (_, t) => [y.data[2 * t]!, y.data[2 * t + 1]!] as const);
};
const queries = product([2, 0, 0, 2]);
const keys = product([0, 1, 1, 0]);
const values = product([1, 2, 0, 3]);

// Each token asks itself and those before it; the mask is that the loop ends at t.
for (let t = 0; t < 3; t++) {
  const [q0, q1] = queries[t]!;
  const scores = keys.slice(0, t + 1).map(([k0, k1]) => (q0 * k0 + q1 * k1) / Math.sqrt(2));
  const powers = scores.map((score) => Math.exp(score));
  const sum = powers.reduce((a, b) => a + b);
  const weights = powers.map((power) => power / sum);
  const out = [0, 1].map((d) => weights.reduce((mean, weight, s) => mean + weight * values[s]![d]!, 0));
  console.log(`scores ${shown(scores)} | weights ${shown(weights)} | out ${shown(out)}`);
}
// =>
// scores 0.00 | weights 1.00 | out 1.00 0.00
// scores 1.41 0.00 | weights 0.80 0.20 | out 1.20 0.59
// scores 1.41 1.41 2.83 | weights 0.16 0.16 0.67 | out 2.51 2.51

// The kernel does the same; a row holds query, value and key.
const qkv = engine.tensor(
  [3, 6],
  queries.flatMap((query, t) => [...query, ...values[t]!, ...keys[t]!]),
);
const out = engine.empty([3, 2]);
kernels.causalAttention(out.data, engine.empty([3, 1]).data, qkv.data, engine.integers([0, 3]), 1, layout);
console.log(shown(out.data)); // => 1.00 0.00 1.20 0.59 2.51 2.51

// Positions: query and key (1, 0), each turned by its own position.
const turned = (position: number) => {
  const row = engine.tensor([1, 6], [1, 0, 0, 0, 0, 0]);
  const result = engine.empty([1, 6]);
  kernels.rotary(result.data, row.data, engine.integers([position]), 1, layout, 2, false, false);
  return [result.data[0]!, result.data[1]!] as const;
};
console.log(shown(turned(1)), '|', shown(turned(3))); // => 0.54 0.84 | -0.99 0.14
const meet = (t: number, s: number) => {
  const [q, k] = [turned(t), turned(s)];
  return (q[0] * k[0] + q[1] * k[1]).toFixed(2);
};
console.log(meet(3, 1), meet(13, 11), meet(3, 2)); // => -0.42 -0.42 0.54
