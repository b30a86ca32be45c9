/** @file What the page and its worker tell each other. Chapter 11. */
import type { Progress, RunPlan } from '../../src/study/index.ts';
import type { WorkerSetup } from '../../src/tensor/parallel/worker.ts';

/** To the worker: a study to go on with, from the files that there are; or, to a thread of its engine, how to start. */
export type ToWorker =
  | {
      readonly type: 'study';
      readonly plan: RunPlan;
      readonly files: readonly (readonly [string, Uint8Array])[];
      readonly threads: number;
    }
  | { readonly type: 'thread'; readonly setup: WorkerSetup };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'file'; readonly name: string; readonly bytes: Uint8Array | null }
  | { readonly type: 'progress'; readonly call: keyof Progress; readonly values: readonly unknown[] }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };
