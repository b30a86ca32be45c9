// The forward pass of the committed model, from its two files to its logits, with nothing but arrays and loops.
import { readFileSync } from 'node:fs';
import { encodePrompt, randomWorld, specify } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { randomStream } from '../../src/random.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { readSequence } from '../../src/transformer/index.ts';

type Rows = number[][];
const folder = new URL('../../results/tiny/checkpoint/', import.meta.url);
const config = JSON.parse(readFileSync(new URL('config.json', folder), 'utf8'));
const { n_embd: width, n_layer: layers, n_head: heads } = config;
const bytes = readFileSync(new URL('model.safetensors', folder));
const headerLength = Number(bytes.readBigUInt64LE(0));
const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString());

/** A parameter as rows: [out, in], or one row. */
function parameter(name: string): Rows {
  const { shape, data_offsets } = header[name];
  const [from, to] = data_offsets;
  const data = Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(8 + headerLength + from + 4 * i));
  const columns = shape.at(-1);
  return Array.from({ length: data.length / columns }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const linear = (x: Rows, weight: Rows, bias?: number[]) =>
  x.map((row) => weight.map((w, j) => dot(row, w) + (bias?.[j] ?? 0)));
const add = (a: Rows, b: Rows) => a.map((row, t) => row.map((value, j) => value + b[t]![j]!));

function layerNorm(x: Rows, name: string): Rows {
  const [weight, bias] = [parameter(`${name}.weight`)[0]!, parameter(`${name}.bias`)[0]!];
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    return row.map((value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * weight[j]! + bias[j]!);
  });
}

const gelu = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/** Pairs of neighbours, each turned by position / 10000^(2i / size). */
const turn = (row: number[], position: number) =>
  row.map((value, d) => {
    const angle = position / 10000 ** ((d - (d % 2)) / row.length);
    const other = d % 2 === 0 ? -row[d + 1]! : row[d - 1]!;
    return value * Math.cos(angle) + other * Math.sin(angle);
  });

function attention(qkv: Rows): Rows {
  const size = width / heads;
  const part = (s: number, head: number, which: number) => {
    const start = (3 * head + which) * size; // one head a group: query, value, key
    return qkv[s]!.slice(start, start + size);
  };
  const read = (t: number, head: number) => {
    const query = turn(part(t, head, 0), t);
    const scores = qkv.slice(0, t + 1).map((_, s) => dot(query, turn(part(s, head, 2), s)) / Math.sqrt(size));
    const powers = scores.map((score) => Math.exp(score));
    const total = powers.reduce((a, b) => a + b);
    return query.map((_, d) => powers.reduce((sum, power, s) => sum + (power / total) * part(s, head, 1)[d]!, 0));
  };
  return qkv.map((_, t) => Array.from({ length: heads }, (_, head) => read(t, head)).flat());
}

function logits(tokens: number[]): Rows {
  const table = parameter('transformer.wte.weight');
  let x = tokens.map((token) => table[token]!);
  for (let layer = 0; layer < layers; layer++) {
    const p = (name: string) => parameter(`transformer.h.${layer}.${name}`);
    const normed = layerNorm(x, `transformer.h.${layer}.ln_1`);
    const attended = linear(attention(linear(normed, p('attn.qkv_proj.weight'))), p('attn.out_proj.weight'));
    const inner = linear(normed, p('mlp.fc_in.weight'), p('mlp.fc_in.bias')[0]).map((row) => row.map(gelu));
    x = add(add(x, attended), linear(inner, p('mlp.fc_out.weight'), p('mlp.fc_out.bias')[0]));
  }
  return linear(layerNorm(x, 'transformer.ln_f'), parameter('lm_head.weight'), parameter('lm_head.bias')[0]);
}

// A prompt, and what the library makes of it.
const engine = createReferenceEngine('float64');
const trained = packagedModel(engine);
const shape = corpusSettings(trained.settings);
const random = randomStream('book', 'worlds');
const inputs = [randomWorld(random, shape), randomWorld(random, shape)];
const tokens = Array.from(encodePrompt(shape, specify(inputs, ['move', 'turnLeft'])));
const own = logits(tokens).flat();
const theirs = readSequence(engine, trained.model, tokens).activations.get('logits')!.data;
const furthest = Math.max(...own.map((value, i) => Math.abs(value - theirs[i]!)));
console.log(tokens.length, own.length, furthest < 1e-9); // => 70 1820 true
