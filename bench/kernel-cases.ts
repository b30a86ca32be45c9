/**
 * @file Arguments for every kernel, with the shapes of a training step of the preset `tiny`; those that only probes or
 * generation run, with theirs. One line a kernel: the arguments in their order, the output first.
 */
import { featureShape, HIDDEN_WIDTHS } from '../src/probe/index.ts';
import { modelConfig } from '../src/study/model-config.ts';
import { presetNamed } from '../src/study/presets.ts';
import type { AdamWOptions, FloatArray, Kernels } from '../src/tensor/index.ts';
import { headLayout, innerWidth } from '../src/transformer/index.ts';
import { tokensOfSample, tokensOfStep } from './presets.ts';

/** Makes arrays where the kernel that is measured can read them. */
export interface Make {
  /** Numbers between -1 and 1, of this shape. */
  floats(...shape: number[]): FloatArray;
  /** Numbers between 0.5 and 1.5, of this shape. */
  positive(...shape: number[]): FloatArray;
  integers(length: number, value: (index: number) => number): Int32Array;
}

const { settings } = presetNamed('tiny');
const config = modelConfig(settings);
const layout = headLayout(config);
const { batchSize: SAMPLES, probeBatch: P } = settings;
const { n_embd: W, vocab_size: V, n_head: HEADS, rotary_dim } = config;
const [T, LENGTH, QKV, INNER] = [tokensOfStep(settings), tokensOfSample(settings), 3 * W, innerWidth(config)];
const H = HIDDEN_WIDTHS[0];
const C = featureShape('direction', { width: settings.gridWidth, height: settings.gridHeight }).classes;
const PROMPTS = 256;
const EPSILON = 1e-5;
const ADAMW: AdamWOptions = {
  ...{ beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
  ...{ learningRate: 1e-6, step: 9, gradientScale: 0.5 },
};

const starts = (integers: Make['integers']): Int32Array => integers(SAMPLES + 1, (sample) => sample * LENGTH);
const ids = (integers: Make['integers']): Int32Array => integers(T, (token) => (7 * token) % V);
const positions = (integers: Make['integers']): Int32Array => integers(T, (token) => token % LENGTH);
const classes = (integers: Make['integers']): Int32Array => integers(P, (row) => row % C);
const full = (integers: Make['integers']): Int32Array => integers(PROMPTS, () => LENGTH);

/** Complete: the compiler refuses a kernel without a line here. */
export const KERNEL_CASES: { readonly [K in keyof Kernels]: (make: Make) => Parameters<Kernels[K]> } = {
  matmul: ({ floats: f }) => [f(T, INNER), f(T, W), f(INNER, W), { m: T, n: INNER, k: W, transposeB: true }],
  addBias: ({ floats: f }) => [f(T, INNER), f(T, INNER), f(INNER), T, INNER],
  columnSums: ({ floats: f }) => [f(INNER), f(T, INNER), T, INNER, false],
  add: ({ floats: f }) => [f(T, W), f(T, W), f(T, W)],
  add3: ({ floats: f }) => [f(T, W), f(T, W), f(T, W), f(T, W)],
  scale: ({ floats: f }) => [f(T, W), f(T, W), 0.5, false],
  gelu: ({ floats: f }) => [f(T, INNER), f(T, INNER)],
  geluBackward: ({ floats: f }) => [f(T, INNER), f(T, INNER), f(T, INNER), false],
  relu: ({ floats: f }) => [f(P, H), f(P, H)],
  reluBackward: ({ floats: f }) => [f(P, H), f(P, H), f(P, H), false],
  layerNorm: ({ floats: f }) => [f(T, W), f(T), f(T), f(T, W), f(W), f(W), T, W, EPSILON],
  layerNormBackward: ({ floats: f, positive: p }) => [f(T, W), f(T, W), f(T, W), f(W), f(T), p(T), T, W, false],
  layerNormBackwardParameters: ({ floats: f, positive: p }) => [f(W), f(W), f(T, W), f(T, W), f(T), p(T), T, W, false],
  columnStatistics: ({ floats: f }) => [f(H), f(H), f(P, H), P, H, EPSILON],
  normalizeColumns: ({ floats: f, positive: p }) => [f(P, H), f(P, H), f(H), p(H), f(H), f(H), P, H],
  batchNormBackward: ({ floats: f }) => [f(P, H), f(P, H), f(P, H), f(H), f(H), f(H), f(H), f(H), P, H, false],
  batchNormBackwardParameters: ({ floats: f }) => [f(H), f(H), f(P, H), f(P, H), f(H), f(H), P, H, false],
  embedding: ({ floats: f, integers: i }) => [f(T, W), f(V, W), ids(i), T, W],
  embeddingBackward: ({ floats: f, integers: i }) => [f(V, W), f(T, W), ids(i), T, W, V, false],
  rotary: ({ floats: f, integers: i }) => [f(T, QKV), f(T, QKV), positions(i), T, layout, rotary_dim, false, false],
  causalAttention: ({ floats: f, integers: i }) => [f(T, W), f(T, HEADS), f(T, QKV), starts(i), SAMPLES, layout],
  causalAttentionBackward: ({ floats: f, integers: i }) => [
    ...([f(T, QKV), f(T, W), f(T, W), f(T, HEADS), f(T, QKV), starts(i), SAMPLES, layout, false] as const),
  ],
  attentionStep: ({ floats: f, integers: i }) => [
    f(PROMPTS, W),
    f(PROMPTS, LENGTH, QKV),
    full(i),
    PROMPTS,
    LENGTH,
    layout,
  ],
  crossEntropy: ({ floats: f, integers: i }) => [f(T), f(T, V), ids(i), T, V],
  crossEntropyBackward: ({ floats: f, integers: i }) => [f(T, V), f(T, V), ids(i), f(T), T, V, false],
  reluBatchNorm: ({ floats: f }) => [f(H, P), f(H), f(H), f(H, P), f(H), f(H), f(H), H, P, EPSILON, true],
  reluBatchNormBackward: ({ floats: f, positive: p }) => [
    ...([f(H, P), f(H), f(H), f(H), f(H, P), f(H, P), f(H), f(H), p(H), f(H), H, P, EPSILON] as const),
  ],
  columnCrossEntropy: ({ floats: f, integers: i }) => [f(P), f(C, P), f(C), classes(i), 1, C, P],
  columnCrossEntropyBackward: ({ floats: f, integers: i }) => [
    ...([f(C, P), f(C), f(C, P), f(C), classes(i), 1 / P, 1, C, P] as const),
  ],
  sumOfSquares: ({ floats: f }) => [f(INNER, W)],
  adamw: ({ floats: f, positive: p }) => [f(INNER, W), f(INNER, W), f(INNER, W), p(INNER, W), ADAMW],
};

const attention = 2 * T * LENGTH * W;

/** FLOP of the kernels whose time arithmetic bounds, as in `stepFlops`; of a product its options tell. */
export const KERNEL_FLOPS: { readonly [K in keyof Kernels]?: number } = {
  causalAttention: attention,
  causalAttentionBackward: 2 * attention,
  attentionStep: 4 * PROMPTS * LENGTH * W,
};
