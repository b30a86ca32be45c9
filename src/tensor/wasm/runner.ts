/** @file How a kernel starts its task on the threads. Appendix A. */
import type { FloatArray } from '../tensor.ts';
import type { Task, TaskSchema } from './assembler.ts';

export interface Runner {
  readonly threads: number;
  /** Runs the task for chunk 0 to chunks - 1. `scratchBytes`: what each thread needs. */
  run<S extends TaskSchema>(
    task: Task<S>,
    args: { readonly [N in keyof S]: number },
    chunks: number,
    scratchBytes?: number,
  ): void;
  /** Address of a kernel's argument. Throws `ShapeError` when it is not in the engine's memory. */
  address(array: FloatArray | Int32Array): number;
  /** Runs `body` with that much memory, which is free again afterwards. */
  temporary(bytes: number, body: (address: number) => void): void;
  /** View of memory, for what the main thread reads or fills in itself. */
  floats(address: number, length: number): Float32Array;
}

/** Elements that are worth a chunk of their own in a light loop: some microseconds, about what a hand-over costs. */
export const LIGHT_CHUNK = 16384;
/** The same for loops that compute an exponential or so for each element. */
export const HEAVY_CHUNK = 4096;

/** Rows in a chunk, so that a chunk has about that many elements; and the number of chunks. */
export function rowChunks(rows: number, width: number, elements: number): { size: number; chunks: number } {
  const size = Math.max(1, Math.floor(elements / Math.max(1, width)));
  return { size, chunks: Math.ceil(rows / size) };
}
