/**
 * @file The library: each folder as a namespace, and as a path of its own (`karelscope/karel`). `karelscope/node` has what only Node
 * can do. Appendix B.
 */
export * as autograd from './autograd/index.ts';
export * as karel from './karel/index.ts';
export * as probe from './probe/index.ts';
export * as results from './results/index.ts';
export * as store from './store/index.ts';
export * as study from './study/index.ts';
export * as tensor from './tensor/index.ts';
export * as transformer from './transformer/index.ts';
export { VERSION } from './version.ts';
