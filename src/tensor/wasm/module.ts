/** @file All tasks in one WebAssembly module, and the kernels that run them. Appendix A. */
import type { Kernels } from '../kernels.ts';
import { MAX_MEMORY_BYTES } from '../memory.ts';
import { ModuleBuilder, type ModuleOptions, type Task } from './assembler.ts';
import { ATTENTION_TASKS, attentionKernels } from './attention.ts';
import { BROADCAST_TASKS, broadcastKernels } from './broadcast.ts';
import { COLUMN_CROSS_ENTROPY_TASKS, columnCrossEntropyKernels } from './column-cross-entropy.ts';
import { COLUMN_TASKS, columnKernels } from './columns.ts';
import { ELEMENTWISE_TASKS, elementwiseKernels } from './elementwise.ts';
import { MATMUL_TASKS, matmulKernels } from './matmul.ts';
import { NORM_PARAMETER_TASKS, normParameterKernels } from './norm-parameters.ts';
import { ROW_TASKS, rowKernels } from './rows.ts';
import type { Runner } from './runner.ts';
import { TOKEN_TASKS, tokenKernels } from './tokens.ts';
import { UNIT_TASKS, unitKernels } from './units.ts';

/** In the order in which the module exports them: a task's number is its index. */
export const TASKS: readonly Task[] = [
  ...MATMUL_TASKS,
  ...ELEMENTWISE_TASKS,
  ...COLUMN_TASKS,
  ...NORM_PARAMETER_TASKS,
  ...BROADCAST_TASKS,
  ...ROW_TASKS,
  ...TOKEN_TASKS,
  ...ATTENTION_TASKS,
  ...UNIT_TASKS,
  ...COLUMN_CROSS_ENTROPY_TASKS,
];

/** The module's bytes. */
export function encodeModule(options: ModuleOptions): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder(options);
  for (const task of TASKS) builder.addTask(task);
  return builder.encode(MAX_MEMORY_BYTES / 65536);
}

export function createKernels(runner: Runner): Kernels {
  return {
    ...matmulKernels(runner),
    ...elementwiseKernels(runner),
    ...columnKernels(runner),
    ...normParameterKernels(runner),
    ...broadcastKernels(runner),
    ...rowKernels(runner),
    ...tokenKernels(runner),
    ...attentionKernels(runner),
    ...unitKernels(runner),
    ...columnCrossEntropyKernels(runner),
  };
}
