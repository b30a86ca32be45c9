/**
 * @file The contender `@jax-js/jax`, WebAssembly backend.
 *
 * jax-js owns memory by counting references: a function consumes what it is given, `x.ref` keeps x alive for another use.
 */
import './iterator-helpers.mjs';
import { blockUntilReady, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { oneHot, rotaryTables } from './task.mjs';

/** @typedef {import('@jax-js/jax').Array} Tensor */

export const notes = [
  'jax-js: samples padded to a multiple of 4 tokens, which halves its step',
  'jax-js: its threads need a `Worker`, which we add; in plain Node it has one',
];

export async function open() {
  const devices = await init('wasm');
  if (!devices.includes('wasm')) throw new Error(`jax-js has no wasm backend here, only ${devices.join(', ')}`);
  return { matmul, training };
}

/** @param {import('./task.mjs').Product} product */
function matmul({ m, n, k, transposeB }, a, b) {
  const A = tensor(a, [m, k]);
  const B = tensor(b, transposeB ? [n, k] : [k, n]);
  const product = jit((x, y) => np.matmul(x, transposeB ? y.transpose() : y));
  const run = async () => await blockUntilReady(product(A.ref, B.ref));
  return {
    run: async () => (await run()).dispose(),
    result: async () => (await run()).data(),
  };
}

/** @param {import('./task.mjs').TrainingTask} unpadded */
function training(unpadded) {
  const task = padded(unpadded);
  const zeros = () => task.parameters.map(({ shape }) => np.zeros(shape));
  let parameters = task.parameters.map(({ values, shape }) => tensor(values, shape));
  let [m, v] = [zeros(), zeros()];
  let count = 0;
  const update = jit(stepOf(task));
  return {
    step: async () => {
      const corrections = [task.optimizer.beta1, task.optimizer.beta2].map((beta) => 1 - beta ** (count + 1));
      const [loss, ...next] = update(parameters, m, v, np.array(corrections));
      [parameters, m, v] = next;
      count++;
      await blockUntilReady([loss, parameters, m, v]);
      return (await loss.data())[0];
    },
  };
}

/**
 * The same task with samples of a multiple of four tokens. jax-js computes with vectors only where the last axis is such a
 * multiple, and attention's matrices are as wide as a sample: the step takes half the time with two tokens more. They come
 * last and are not targets, so loss and gradients stay the same. The one-hot rows, as wide as the vocabulary and no such
 * multiple either, gained nothing from more columns.
 * @param {import('./task.mjs').TrainingTask} task
 * @returns {import('./task.mjs').TrainingTask}
 */
function padded(task) {
  const length = Math.ceil(task.length / 4) * 4;
  const widen = (/** @type {Int32Array} */ values, /** @type {number} */ filler) =>
    Int32Array.from({ length: task.batch * length }, (_, at) => {
      const [sample, position] = [Math.floor(at / length), at % length];
      return position < task.length ? values[sample * task.length + position] : filler;
    });
  return { ...task, length, ids: widen(task.ids, 0), targets: widen(task.targets, -1) };
}

/** Loss, gradient, clipping and AdamW as one function of parameters, moments and bias corrections. */
function stepOf(task) {
  const { learningRate, beta1, beta2, epsilon, weightDecay, clip } = task.optimizer;
  const differentiate = valueAndGrad(lossOf(task));
  return (parameters, m, v, corrections) => {
    const [loss, gradients] = differentiate(parameters.map((p) => p.ref));
    const squares = gradients.map((g) => np.square(g.ref).sum()).reduce((sum, next) => sum.add(next));
    const factor = np.minimum(1, np.reciprocal(np.sqrt(squares).add(1e-6)).mul(clip));
    const [correction1, correction2] = [corrections.ref.slice(0), corrections.slice(1)];
    const next = gradients.map((raw, index) => {
      const g = raw.mul(factor.ref);
      const decay = task.parameters[index].shape.length >= 2 ? 1 - learningRate * weightDecay : 1;
      const m1 = m[index].mul(beta1).add(g.ref.mul(1 - beta1));
      const v1 = v[index].mul(beta2).add(np.square(g).mul(1 - beta2));
      const denominator = np.sqrt(v1.ref.div(correction2.ref)).add(epsilon);
      const change = m1.ref.div(correction1.ref).div(denominator).mul(learningRate);
      return [parameters[index].mul(decay).sub(change), m1, v1];
    });
    for (const used of [factor, correction1, correction2]) used.dispose();
    return [loss, ...[0, 1, 2].map((part) => next.map((triple) => triple[part]))];
  };
}

/** The mean cross-entropy of the batch as a function of the parameters. */
function lossOf(task) {
  const { config, batch, length } = task;
  const { n_layer, vocab_size, layer_norm_epsilon } = config;
  const rows = (indices) => tensor(oneHot(indices, vocab_size), [batch * length, vocab_size]);
  const ids = rows(task.ids); // [tokens, vocab_size]
  const targets = rows(task.targets); // [tokens, vocab_size]
  const count = task.targets.reduce((n, t) => n + (t >= 0 ? 1 : 0), 0);
  const attention = attentionOf(task);

  return (parameters) => {
    const p = new Map(task.parameters.map(({ name }, index) => [name, parameters[index]]));
    const linear = (x, name) => np.matmul(x, p.get(`${name}.weight`).transpose());
    const biased = (x, name) => linear(x, name).add(p.get(`${name}.bias`));
    const norm = (x, name) =>
      nn
        .standardize(x, -1, { epsilon: layer_norm_epsilon })
        .mul(p.get(`${name}.weight`))
        .add(p.get(`${name}.bias`));

    let x = np.matmul(ids.ref, p.get('transformer.wte.weight')); // [tokens, n_embd]
    for (let layer = 0; layer < n_layer; layer++) {
      const h = `transformer.h.${layer}`;
      const normed = norm(x.ref, `${h}.ln_1`); // [tokens, n_embd]
      const qkv = linear(normed.ref, `${h}.attn.qkv_proj`); // [tokens, 3 n_embd]
      const attended = linear(attention(qkv), `${h}.attn.out_proj`); // [tokens, n_embd]
      const inner = nn.gelu(biased(normed, `${h}.mlp.fc_in`), { approximate: true }); // [tokens, n_inner]
      x = x.add(attended).add(biased(inner, `${h}.mlp.fc_out`)); // [tokens, n_embd]
    }
    const logits = biased(norm(x, 'transformer.ln_f'), 'lm_head'); // [tokens, vocab_size]
    return nn
      .logSoftmax(logits, -1)
      .mul(targets.ref)
      .sum()
      .mul(-1 / count);
  };
}

/** qkv [tokens, 3 n_embd] to [tokens, n_embd]: rotary embedding, then causal attention. */
function attentionOf({ config, layout, batch, length }) {
  const { heads, headSize, groups } = layout;
  const { rotary_dim } = config;
  const tables = rotaryTables(length, headSize, rotary_dim);
  const [cos, sin] = [tables.cos, tables.sin].map((values) => tensor(values, [length, 1, headSize]));
  const swap = tensor(tables.swap, [headSize, headSize]);
  const rotate = (x) => x.ref.mul(cos.ref).add(np.matmul(x, swap.ref).mul(sin.ref));

  return (qkv) => {
    const parts = qkv.reshape([batch, length, groups, 3, heads / groups, headSize]);
    const part = (index) => parts.ref.slice([], [], [], index).reshape([batch, length, heads, headSize]);
    const [query, value, key] = [0, 1, 2].map(part); // in CodeGen's order
    parts.dispose();
    return nn
      .dotProductAttention(rotate(query), rotate(key), value, { isCausal: true })
      .reshape([batch * length, heads * headSize]);
  };
}

/** @param {Float32Array} values @param {number[]} shape @returns {Tensor} */
function tensor(values, shape) {
  return np.array(values).reshape(shape);
}
