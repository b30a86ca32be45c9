/** @file The contender `@tensorflow/tfjs` with its WebAssembly backend. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { oneHot, rotaryTables } from './task.mjs';

export const notes = [
  'tfjs: one thread always, it switches threads off in Node (tfjs issue 3830)',
  'tfjs: embedding as a product, wasm lacks a kernel for the gradient of gather',
  'tfjs: gradient of products written by us, its own takes a slow kernel',
];

export async function open() {
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js has no wasm backend here');
  await tf.ready();
  return { matmul, training };
}

/** @param {import('./task.mjs').Product} product */
function matmul({ m, n, k, transposeB }, a, b) {
  const A = tf.tensor2d(a, [m, k]);
  const B = tf.tensor2d(b, transposeB ? [n, k] : [k, n]);
  const run = () => tf.tidy(() => tf.matMul(A, transposeB ? tf.transpose(B) : B));
  return { run: () => run().dispose(), result: () => run().data() };
}

/** @param {import('./task.mjs').TrainingTask} task */
function training(task) {
  const { learningRate, beta1, beta2, epsilon, weightDecay, clip } = task.optimizer;
  if (weightDecay !== 0) throw new Error(`tfjs: has Adam, which is AdamW at weight decay 0 only, not ${weightDecay}`);
  const variables = task.parameters.map(({ name, shape, values }) => tf.variable(tf.tensor(values, shape), true, name));
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const lossOf = modelOf(task, variables);
  return {
    step: () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(lossOf, variables);
        const squares = tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient))));
        const factor = tf.minimum(1, tf.div(clip, tf.add(tf.sqrt(squares), 1e-6)));
        for (const name of Object.keys(grads)) grads[name] = tf.mul(grads[name], factor);
        optimizer.applyGradients(grads);
        return value.dataSync()[0];
      }),
  };
}

/** The mean cross-entropy of the batch as a function of the variables. */
function modelOf(task, variables) {
  const { config, batch, length } = task;
  const { n_layer, vocab_size, layer_norm_epsilon } = config;
  const p = new Map(variables.map((variable) => [variable.name, variable]));
  const rows = (indices) => tf.tensor2d(oneHot(indices, vocab_size), [batch * length, vocab_size]);
  const ids = rows(task.ids); // [tokens, vocab_size]: the gradient of gather needs a kernel that wasm lacks
  const targets = rows(task.targets); // [tokens, vocab_size]
  const attention = attentionOf(task);

  const linear = (x, name) => product(x, tf.transpose(p.get(`${name}.weight`)));
  const biased = (x, name) => tf.add(linear(x, name), p.get(`${name}.bias`));
  const norm = (x, name) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const rstd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), layer_norm_epsilon));
    return tf.add(tf.mul(tf.mul(centred, rstd), p.get(`${name}.weight`)), p.get(`${name}.bias`));
  };

  return () => {
    let x = product(ids, p.get('transformer.wte.weight')); // [tokens, n_embd]
    for (let layer = 0; layer < n_layer; layer++) {
      const h = `transformer.h.${layer}`;
      const normed = norm(x, `${h}.ln_1`); // [tokens, n_embd]
      const qkv = linear(normed, `${h}.attn.qkv_proj`); // [tokens, 3 n_embd]
      const attended = linear(attention(qkv), `${h}.attn.out_proj`); // [tokens, n_embd]
      const inner = geluNew(biased(normed, `${h}.mlp.fc_in`)); // [tokens, n_inner]
      x = tf.add(tf.add(x, attended), biased(inner, `${h}.mlp.fc_out`)); // [tokens, n_embd]
    }
    const logits = biased(norm(x, 'transformer.ln_f'), 'lm_head'); // [tokens, vocab_size]
    const shifted = tf.sub(logits, tf.max(logits, -1, true));
    const logSums = tf.log(tf.sum(tf.exp(shifted), -1)); // [tokens]
    const chosen = tf.sum(tf.mul(shifted, targets), -1); // [tokens]
    return tf.div(tf.sum(tf.sub(logSums, chosen)), batch * length);
  };
}

/**
 * x w, with the gradient written out: the wasm backend hands a product to XNNPACK only when neither factor is flagged as
 * transposed, and the gradient that comes with `matMul` flags one each time.
 */
const product = tf.customGrad((x, w, save) => {
  save([x, w]);
  const gradFunc = (dy, [x, w]) => [tf.matMul(dy, tf.transpose(w)), tf.matMul(tf.transpose(x), dy)];
  return { value: tf.matMul(x, w), gradFunc };
});

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) */
function geluNew(x) {
  const u = tf.mul(Math.sqrt(2 / Math.PI), tf.mul(x, tf.add(1, tf.mul(0.044715, tf.square(x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(u)));
}

/** qkv [tokens, 3 n_embd] to [tokens, n_embd]: rotary embedding, then causal attention. */
function attentionOf({ config, layout, batch, length }) {
  const { heads, headSize, groups } = layout;
  const tables = rotaryTables(length, headSize, config.rotary_dim);
  const [cos, sin] = [tables.cos, tables.sin].map((values) => tf.tensor(values, [length, 1, headSize]));
  const swap = tf.tensor2d(tables.swap, [headSize, headSize]);
  const future = tf.tensor2d(
    Float32Array.from({ length: length * length }, (_, at) => (at % length > Math.floor(at / length) ? -1e9 : 0)),
    [length, length],
  );
  const [byHead, flat] = [
    [batch, length, heads, headSize],
    [batch * length * heads, headSize],
  ];
  const rotate = (x) =>
    tf.add(tf.mul(tf.reshape(x, byHead), cos), tf.mul(tf.reshape(product(tf.reshape(x, flat), swap), byHead), sin));

  return (qkv) => {
    const parts = tf.split(tf.reshape(qkv, [batch * length * groups, (3 * heads * headSize) / groups]), 3, 1);
    const [query, value, key] = parts; // in CodeGen's order
    const [q, k, v] = [rotate(query), rotate(key), tf.reshape(value, byHead)].map(
      (part) => tf.transpose(part, [0, 2, 1, 3]), // [batch, heads, length, headSize]
    );
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(headSize)), future);
    const mixed = tf.matMul(tf.softmax(scores), v); // [batch, heads, length, headSize]
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, heads * headSize]);
  };
}
