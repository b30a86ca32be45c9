/** @file The tensor engine's public surface. Chapter 3. */
export type { Engine } from './engine.ts';
export * from './errors.ts';
export { createEngine, type FastEngineOptions } from './fast-engine.ts';
export type { AdamWOptions, HeadLayout, Kernels, MatmulOptions } from './kernels.ts';
export { qkvOffsets } from './kernels.ts';
export { MAX_MEMORY_BYTES } from './memory.ts';
export { MAX_THREADS } from './parallel/control.ts';
export { reference } from './reference/index.ts';
export { createReferenceEngine } from './reference-engine.ts';
export * from './shape.ts';
export { type FloatArray, Tensor } from './tensor.ts';
export { fusesMultiplyAdd } from './wasm/fused.ts';
