/** @file Reverse-mode differentiation: what other folders use of it. Chapter 5. */
export { type GradcheckOptions, type GradcheckResult, gradcheck } from './gradcheck.ts';
export { Muon, type MuonSettings, muonScratch, orthogonalize } from './muon.ts';
export { causalAttention, rotary } from './ops/attention.ts';
export { type CrossEntropy, crossEntropy } from './ops/cross-entropy.ts';
export { add, add3, geluNew, relu, scale } from './ops/elementwise.ts';
export { embedding } from './ops/embedding.ts';
export { linear, type MatmulTransposes, matmul } from './ops/linear.ts';
export { type BatchNormOptions, batchNorm, layerNorm, type RunningStatistics } from './ops/norm.ts';
export { mean, sum } from './ops/reduce.ts';
export { type ColumnCrossEntropy, columnCrossEntropy, reluBatchNorm } from './ops/units.ts';
export { AdamW, type AdamWMoments, type AdamWSettings, clipScale, gradientNorm } from './optimizer.ts';
export { cosineSchedule, exponentialSchedule, linearSchedule, type Schedule } from './schedule.ts';
export { type GradientBuffer, Tape } from './tape.ts';
export { parameter, Variable } from './variable.ts';
