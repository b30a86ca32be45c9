// Writing with a cache: the same tokens from fewer rows, because keys and values of earlier tokens stay what they were.
import type { Tape } from '../src/autograd/index.ts';
import { randomStream } from '../src/random.ts';
import { createReferenceEngine, qkvOffsets } from '../src/tensor/index.ts';
import { CodeGen, codeGenConfig, generate, readSequence } from '../src/transformer/index.ts';

const engine = createReferenceEngine('float64');
const config = codeGenConfig({ vocab_size: 5, n_positions: 12, n_embd: 8, n_layer: 2, n_head: 4, rotary_dim: 2 });
const model = CodeGen.initialize(engine, { ...config, initializer_range: 0.5 }, randomStream('0', 'cache'));

// The key of the second token in the first head of the second block, when three tokens are read and when a fourth has come.
const { key } = qkvOffsets(model.layout, 0);
const keyOf = (tokens: number[], name: 'qkv_proj' | 'rotated') => {
  const { data, width } = readSequence(engine, model, tokens).activations.get(`h.1.attn.${name}`)!;
  return Array.from(data.subarray(width + key, width + key + 2), (x) => x.toFixed(3)).join(' ');
};
console.log(keyOf([1, 3, 2], 'rotated'), '|', keyOf([1, 3, 2, 0], 'rotated')); // => 0.385 -0.028 | 0.385 -0.028
console.log(keyOf([1, 3, 2], 'qkv_proj')); // => 0.184 -0.339

// How many rows go through each block when four tokens follow a prompt of three.
const rows = (cache: boolean) => {
  let counted = 0;
  const forward = model.forward.bind(model);
  model.forward = (tape: Tape, batch, options) => {
    counted += batch.ids.length;
    return forward(tape, batch, options);
  };
  const [written] = generate(engine, model, [[1, 3, 2]], { maxNewTokens: 4, endToken: -1, cache });
  model.forward = forward;
  return `${written!.tokens.join(' ')}: ${counted} rows`;
};
console.log(rows(true)); // => 1 4 3 2: 6 rows
console.log(rows(false)); // => 1 4 3 2: 18 rows
