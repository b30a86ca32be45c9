/** @file All ops, by name: what can stand on a tape. Chapter 5. */
import { causalAttentionOp } from './attention.ts';
import { attentionStepOp } from './attention-step.ts';
import { batchNormOp } from './batch-norm.ts';
import { columnCrossEntropyOp } from './column-cross-entropy.ts';
import { crossEntropyOp } from './cross-entropy.ts';
import { add3Op, addOp, geluNewOp, reluOp, scaleOp } from './elementwise.ts';
import { embeddingOp } from './embedding.ts';
import { layerNormOp } from './layer-norm.ts';
import { linearOp } from './linear.ts';
import { matmulOp } from './matmul.ts';
import { scaledSumOp } from './reduce.ts';
import { reluBatchNormOp } from './relu-batch-norm.ts';
import { rotaryOp } from './rotary.ts';

export const OPS = {
  add: addOp,
  add3: add3Op,
  attentionStep: attentionStepOp,
  batchNorm: batchNormOp,
  causalAttention: causalAttentionOp,
  columnCrossEntropy: columnCrossEntropyOp,
  crossEntropy: crossEntropyOp,
  embedding: embeddingOp,
  geluNew: geluNewOp,
  layerNorm: layerNormOp,
  linear: linearOp,
  matmul: matmulOp,
  relu: reluOp,
  reluBatchNorm: reluBatchNormOp,
  rotary: rotaryOp,
  scale: scaleOp,
  scaledSum: scaledSumOp,
} as const;
