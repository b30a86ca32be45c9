// Chapter 3, exercise 2: the loops over j and p exchanged.
import { randomStream } from '../../src/random.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float32');
const random = randomStream('1', 'matrices');
const n = 64;
const matrix = () =>
  engine.tensor(
    [n, n],
    Float64Array.from({ length: n * n }, () => 2 * random() - 1),
  ).data;
const [a, b, c] = [matrix(), matrix(), engine.empty([n, n]).data];
engine.kernels.matmul(c, a, b, { m: n, n, k: n });

const swapped = engine.zeros([n, n]).data;
for (let i = 0; i < n; i++) {
  for (let p = 0; p < n; p++) {
    for (let j = 0; j < n; j++) swapped[i * n + j]! += a[i * n + p]! * b[p * n + j]!;
  }
}
const differences = Array.from(c, (value, at) => Math.abs(value - swapped[at]!));
console.log(differences.filter((difference) => difference > 0).length > n); // => true
console.log(Math.max(...differences) < 1e-5); // => true
