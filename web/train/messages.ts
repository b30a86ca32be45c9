/** @file What the page and its worker tell each other. Appendix C. */
import type { Progress, RunPlan } from '../../src/study/index.ts';

/** To the worker: a study to go on with, from the files that there are. */
export interface ToWorker {
  readonly plan: RunPlan;
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly threads: number;
}

export type FromWorker =
  | { readonly type: 'file'; readonly name: string; readonly bytes: Uint8Array | null }
  | { readonly type: 'progress'; readonly call: keyof Progress; readonly values: readonly unknown[] }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };
