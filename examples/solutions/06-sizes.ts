// How large the numbers are that each part of a new model passes on: the root of their mean square.
import { randomStream } from '../../src/random.ts';
import { presetNamed } from '../../src/study/index.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { CodeGen, readSequence, type TapName } from '../../src/transformer/index.ts';

const engine = createReferenceEngine('float32');
const config = modelConfig(presetNamed('tiny').settings);
const tokens = Array.from({ length: 75 }, (_, t) => (7 * t) % config.vocab_size);
const sizes = (initializer_range: number) => {
  const model = CodeGen.initialize(engine, { ...config, initializer_range }, randomStream('0', 'sizes'));
  const { activations } = readSequence(engine, model, tokens);
  const of = (name: TapName) => {
    const data = Array.from(activations.get(name)!.data);
    return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length).toFixed(2);
  };
  const parts = ['ln_1', 'attn.qkv_proj', 'mlp.fc_in', 'mlp.act', 'mlp.fc_out'] as const;
  return parts.map((part) => `${part} ${of(`h.0.${part}`)}`).join(', ');
};
console.log(sizes(0.13)); // => ln_1 1.00, attn.qkv_proj 1.05, mlp.fc_in 1.05, mlp.act 0.69, mlp.fc_out 0.50
console.log(sizes(0.02)); // => ln_1 0.99, attn.qkv_proj 0.16, mlp.fc_in 0.16, mlp.act 0.08, mlp.fc_out 0.01
