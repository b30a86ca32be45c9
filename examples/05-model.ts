// The tape of the committed model on a sample: which ops it has, and how far a gradient comes.
import { generateSplit, promptLength, SpecificationSet, TOKEN } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { randomStream } from '../src/random.ts';
import { createEngine } from '../src/tensor/index.ts';
import { recordTraining } from '../src/transformer/index.ts';

const grids = { width: 4, height: 4, examples: 2, wallRatio: 0.1, markerRatio: 0.1 };
const settings = { ...grids, minLength: 1, maxLength: 4, actionWeights: 'released' } as const;
const request = { split: 'validation', count: 3, recordsPerChunk: 1, taken: new SpecificationSet() } as const;
/** The first samples of the model's validation set, from BOS to END. */
export const samples = [
  ...generateSplit(settings, { ...request, random: randomStream('11', 'corpus/validation') }),
].map((record) => record.subarray(0, record.indexOf(TOKEN.END) + 1));

const engine = await createEngine({ arithmetic: 'simd' });
const { model } = packagedModel(engine);
const first = samples[0]!;
const { nodes } = recordTraining(engine, model, { sequences: [first] });
const times = new Map<string, number>();
for (const { op } of nodes) times.set(op.name, (times.get(op.name) ?? 0) + 1);
console.log(`${first.length} tokens, ${nodes.length} nodes`);
console.log([...times].map(([name, uses]) => `${name} ${uses}`).join(', '));
// =>
// 73 tokens, 40 nodes
// embedding 1, layerNorm 5, linear 17, rotary 4, causalAttention 4, geluNew 4, add3 4, crossEntropy 1

const largest = model.parameters.map(({ name, gradient }) => ({ name, at: Math.max(...gradient!.data.map(Math.abs)) }));
largest.sort((a, b) => b.at - a.at);
for (const { name, at } of largest.slice(0, 3)) console.log(name, at.toFixed(3));
// =>
// lm_head.weight 0.086
// transformer.wte.weight 0.032
// lm_head.bias 0.027

// #region reach
/** The loss of the first word of a program, and for each token of the prompt the length of its embedding's gradient. */
export function reach(tokens: Uint8Array): { loss: number; lengths: number[] } {
  const prompt = promptLength(settings);
  const weights = tokens.map((_, at) => (at === prompt - 1 ? 1 : 0)); // CODE predicts the first word, and only that counts
  const { nodes } = recordTraining(engine, model, { sequences: [tokens], weights: [weights] });
  const [rows, loss] = [nodes[0]!.output, nodes.at(-1)!.output]; // of `embedding` and of `crossEntropy`
  const width = rows.value.shape[1]!;
  const lengths = Array.from({ length: prompt }, (_, token) => {
    const own = Array.from(rows.gradient!.data.subarray(token * width, (token + 1) * width));
    return Math.sqrt(own.reduce((sum, d) => sum + d * d, 0));
  });
  return { loss: loss.value.data[0]!, lengths };
}
console.log(samples.map((tokens) => reach(tokens).loss.toFixed(2)).join(' ')); // => 0.22 0.12 0.98
// #endregion
