/** @file The model against PyTorch: every number of a forward pass, a backward pass and three steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crossEntropy, gradientNorm, Tape } from '../../src/autograd/index.ts';
import { openEngine } from '../../src/node/threads.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  CodeGen,
  configFromJson,
  nextTokens,
  pack,
  parameterSpecs,
  Trainer,
  tapNames,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';

interface Golden {
  config: Record<string, unknown>;
  input_ids: number[][];
  labels: number[][];
  weights: Record<string, { shape: number[]; data: number[] }>;
  logits: number[];
  hidden_states: number[][];
  loss: number;
  grad_norm: number;
  grads: Record<string, number[]>;
  adamw: {
    lr: number[];
    betas: [number, number];
    eps: number;
    weight_decay_matrices: number;
    clip: number;
    losses: number[];
    weights_after_3: Record<string, number[]>;
  };
}

const folder = process.env['KARELSCOPE_FIXTURES'] ?? fileURLToPath(new URL('../fixtures', import.meta.url));
const golden: Golden = JSON.parse(gunzipSync(readFileSync(`${folder}/codegen.json.gz`)).toString());
const config = configFromJson(golden.config);

const paths: { name: string; open: () => Engine | Promise<Engine>; tighter: number }[] = [
  { name: 'fast, 1 thread', open: () => openEngine({ threads: 1 }), tighter: 1 },
  { name: 'fast, 2 threads', open: () => openEngine({ threads: 2 }), tighter: 1 },
  { name: 'fast, 3 threads', open: () => openEngine({ threads: 3 }), tighter: 1 },
  {
    name: 'fast, 2 threads, no fused multiply-add',
    open: () => openEngine({ threads: 2, arithmetic: 'simd' }),
    tighter: 1,
  },
  { name: 'reference, Float32', open: () => createReferenceEngine('float32'), tighter: 1 },
  { name: 'reference, Float64, bounds ten times tighter', open: () => createReferenceEngine('float64'), tighter: 10 },
];

/** Within `share` of the expected tensor's largest magnitude. */
function expectWithin(actual: ArrayLike<number>, expected: number[], share: number, label: string): void {
  expectClose(actual, expected, { relative: 0, absolute: share * Math.max(...expected.map(Math.abs)) }, label);
}

function goldenModel(engine: Engine): CodeGen {
  const tensors = Object.entries(golden.weights).map(
    ([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }] as const,
  );
  return CodeGen.fromTensors(engine, config, new Map(tensors), 'codegen.json.gz');
}

describe.each(paths)('golden, $name', ({ open, tighter }) => {
  test('logits, hidden states and gradients within 1e-5 of their tensor, the loss and the gradient norm within 1e-5', async () => {
    const engine = await open();
    const model = goldenModel(engine);
    engine.scope(() => {
      const tape = new Tape(engine);
      const batch = pack(engine, golden.input_ids);
      const hidden: ArrayLike<number>[] = [];
      const keep = ({ value }: { value: { data: ArrayLike<number> } }) => void hidden.push(Array.from(value.data));
      const names = tapNames(config).filter((name) => /^hidden_states\.\d+$/.test(name));
      const logits = model.forward(tape, batch, { taps: Object.fromEntries(names.map((name) => [name, keep])) });
      expectWithin(logits.value.data, golden.logits, 1e-5 / tighter, 'logits');
      expect(hidden.length).toBe(golden.hidden_states.length);
      golden.hidden_states.forEach((expected, i) => {
        expectWithin(hidden[i]!, expected, 1e-5 / tighter, `hidden state ${i}`);
      });

      const { loss } = crossEntropy(tape, logits, engine.integers(golden.labels.flat()));
      expectClose(loss.value.data, [golden.loss], { relative: 0, absolute: 1e-5 / tighter }, 'loss');
      tape.backward(loss);
      for (const { name, gradient } of model.parameters) {
        expectWithin(gradient!.data, golden.grads[name!]!, 1e-5 / tighter, `gradient of ${name}`);
      }
      const norm = gradientNorm(engine, model.parameters);
      expectClose([norm], [golden.grad_norm], { relative: 0, absolute: 1e-5 / tighter }, 'gradient norm');
    });
    await engine.close();
  });

  test('three AdamW steps with clipping: losses within 1e-5, weights within 1e-4 of their tensor', async () => {
    const engine = await open();
    const model = goldenModel(engine);
    const { lr, betas, eps, weight_decay_matrices, clip, losses, weights_after_3 } = golden.adamw;
    const trainer = new Trainer(engine, model, {
      schedule: (step) => lr[step]!,
      beta1: betas[0],
      beta2: betas[1],
      epsilon: eps,
      weightDecay: weight_decay_matrices,
      clip,
    });
    const found = losses.map(() => trainer.step({ sequences: golden.input_ids, targets: golden.labels }).loss);
    expectClose(found, losses, { relative: 0, absolute: 1e-5 / tighter }, 'losses');
    for (const { name, value } of model.parameters) {
      expectWithin(value.data, weights_after_3[name!]!, 1e-4 / tighter, `${name} after three steps`);
    }
    await engine.close();
  });
});

describe('golden, what the file is', () => {
  test('names, order and shapes of the parameters are those of the model', () => {
    const found = Object.entries(golden.weights).map(([name, { shape }]) => ({ name, shape }));
    expect(found).toEqual(parameterSpecs(config));
  });

  test('labels are already shifted: where not ignored, label t is token t + 1', () => {
    golden.labels.forEach((labels, sample) => {
      const next = nextTokens(golden.input_ids[sample]!);
      labels.forEach((label, t) => void (label >= 0 && expect(label).toBe(next[t])));
    });
  });

  test('the comparison fails when queries and values are exchanged, or one weight is 1 % off', () => {
    const engine = createReferenceEngine('float64');
    const logits = (change: (model: CodeGen) => void): ArrayLike<number> => {
      const model = goldenModel(engine);
      change(model);
      return model.forward(new Tape(engine), pack(engine, golden.input_ids)).value.data;
    };
    const compare = (change: (model: CodeGen) => void) => () =>
      expectWithin(logits(change), golden.logits, 1e-5, 'logits');
    expect(compare(() => {})).not.toThrow();
    expect(compare((model) => void (model.parameter('lm_head.weight').value.data[0]! *= 1.01))).toThrow('logits');
    const swap = (model: CodeGen): void => {
      const { data } = model.parameter('transformer.h.0.attn.qkv_proj.weight').value;
      const part = data.length / 12; // four groups of query, value, key
      for (let group = 0; group < 4; group++) {
        const at = 3 * group * part;
        const query = data.slice(at, at + part);
        data.copyWithin(at, at + part, at + 2 * part); // the value takes the query's place
        data.set(query, at + part);
      }
    };
    expect(compare(swap)).toThrow('logits');
  });
});
