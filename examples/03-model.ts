// Where the numbers of the trained model are, and what the rows of its embedding have to do with each other.
import { VOCABULARY } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';
import { sizeOf } from '../src/tensor/shape.ts';
import { parameterSpecs } from '../src/transformer/index.ts';

const engine = createReferenceEngine('float64');
const { model } = packagedModel(engine);
const specs = parameterSpecs(model.config);
const parts = { wte: 'embedding', '.ln_': 'norms', '.attn.': 'attention', '.mlp.': 'MLP', lm_head: 'head' };
let total = 0;
for (const [mark, part] of Object.entries(parts)) {
  const own = specs.filter(({ name }) => name.includes(mark));
  const numbers = own.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  total += numbers;
  const shapes = [...new Set(own.map(({ shape }) => `[${shape.join(', ')}]`))];
  console.log(part, numbers, shapes.join(' '));
}
console.log('together', total);
// =>
// embedding 1664 [26, 64]
// norms 640 [64]
// attention 65536 [192, 64] [64, 64]
// MLP 132352 [256, 64] [256] [64, 256] [64]
// head 1690 [26, 64] [26]
// together 201882

// Embedding E [26, 64]. E times its transpose has the product of each two rows; divided by their lengths it is a cosine.
const { data } = model.parameter('transformer.wte.weight').value;
const products = engine.empty([26, 26]);
engine.kernels.matmul(products.data, data, data, { m: 26, n: 26, k: 64, transposeB: true });
const id = (text: string): number => VOCABULARY.findIndex((token) => token.text === text);
const product = (a: string, b: string): number => products.data[id(a) * 26 + id(b)]!;
for (const [a, b] of [
  ['>', 'v'],
  ['1', '2'],
  ['2', '3'],
  ['1', '3'],
  ['5', '6'],
] as const) {
  console.log(a, b, (product(a, b) / Math.sqrt(product(a, a) * product(b, b))).toFixed(2));
}
// =>
// > v 0.39
// 1 2 0.57
// 2 3 0.43
// 1 3 0.27
// 5 6 0.12
