// Chapter 3, exercise 4: rows of the embedding that training has not changed.
import { VOCABULARY } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/index.ts';
import { randomStream } from '../../src/random.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { initialValues } from '../../src/transformer/index.ts';

const { model } = packagedModel(createReferenceEngine('float32'));
const width = model.config.n_embd;
const { data } = model.parameter('transformer.wte.weight').value;
const [first] = initialValues(model.config, randomStream('11', 'model'));
const unchanged = VOCABULARY.filter(({ id }) =>
  data.subarray(id * width, (id + 1) * width).every((value, at) => value === Math.fround(first![id * width + at]!)),
);
console.log(unchanged.map(({ text }) => text).join(' ')); // => PAD END 4 5 6 7 8 9
