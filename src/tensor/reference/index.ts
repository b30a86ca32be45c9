/** @file The reference kernels: every kernel as plain loops, the specification and the oracle of the fast ones. Chapter 3. */
import type { Kernels } from '../kernels.ts';
import { adamw, sumOfSquares } from './adamw.ts';
import { attentionStep, causalAttention, causalAttentionBackward } from './attention.ts';
import { batchNormBackward, batchNormBackwardParameters, columnStatistics, normalizeColumns } from './batch-norm.ts';
import { columnCrossEntropy, columnCrossEntropyBackward } from './column-cross-entropy.ts';
import { crossEntropy, crossEntropyBackward } from './cross-entropy.ts';
import { add, add3, gelu, geluBackward, relu, reluBackward, scale } from './elementwise.ts';
import { embedding, embeddingBackward } from './embedding.ts';
import { layerNorm, layerNormBackward, layerNormBackwardParameters } from './layer-norm.ts';
import { addBias, columnSums, matmul } from './matmul.ts';
import { rotary } from './rotary.ts';
import { reluBatchNorm, reluBatchNormBackward } from './units.ts';

/**
 * Works on Float32Array and Float64Array alike. Sums are taken in double precision and rounded once, when they are
 * stored. Nothing is checked here: the ops of autograd check shapes. Sines, logarithms and powers are the platform's, as one
 * writes them: no result of a run comes from here.
 */
export const reference: Kernels = {
  matmul,
  addBias,
  columnSums,
  add,
  add3,
  scale,
  gelu,
  geluBackward,
  relu,
  reluBackward,
  layerNorm,
  layerNormBackward,
  layerNormBackwardParameters,
  columnStatistics,
  normalizeColumns,
  batchNormBackward,
  batchNormBackwardParameters,
  embedding,
  embeddingBackward,
  rotary,
  causalAttention,
  causalAttentionBackward,
  attentionStep,
  crossEntropy,
  crossEntropyBackward,
  reluBatchNorm,
  reluBatchNormBackward,
  columnCrossEntropy,
  columnCrossEntropyBackward,
  sumOfSquares,
  adamw,
};
