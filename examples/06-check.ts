// A few logits of the committed model, for whoever writes one: after the first token, and after the first three.
import { packagedModel } from '../src/node/packaged-model.ts';
import { createEngine } from '../src/tensor/index.ts';
import { readSequence } from '../src/transformer/index.ts';

const engine = await createEngine();
const { model } = packagedModel(engine);
const tokens = [1, 2, 6];
const { data, width } = readSequence(engine, model, tokens).activations.get('logits')!;
for (const row of [0, 2]) {
  const logits = Array.from(data.subarray(row * width, row * width + 6), (logit) => logit.toFixed(3));
  console.log(`after ${tokens.slice(0, row + 1).join(' ')}: ${logits.join(' ')}`);
}
// =>
// after 1: -7.962 -7.791 16.206 -5.895 -2.373 2.987
// after 1 2 6: -19.134 -18.755 -11.970 -10.819 -8.878 -7.819
