/** @file What only Node can do: threads, the disk, the model that comes with the package. Appendix B. */
export { DiskStore } from './disk-store.ts';
export { lockDirectory } from './lock.ts';
export { packagedModel } from './packaged-model.ts';
export { progressTo } from './progress.ts';
export { type EngineOptions, openEngine } from './threads.ts';
