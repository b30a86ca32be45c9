/** @file A pool whose tasks are multiply-adds in registers, and nothing else. */
import { enableRelaxedSimd, spawn } from '../src/node/threads.ts';
import { CONTROL_BYTES } from '../src/tensor/parallel/control.ts';
import { Pool } from '../src/tensor/parallel/pool.ts';
import { ARGUMENTS_ADDRESS, ModuleBuilder, type Task, task } from '../src/tensor/wasm/assembler.ts';
import { fusesMultiplyAdd } from '../src/tensor/wasm/fused.ts';
import { f32x4_add, f32x4_splat, v128_load, v128_store } from '../src/tensor/wasm/instructions.ts';

/** How many independent sums a task has, one task for each. */
export const ACCUMULATORS = [8, 9, 10, 11, 12, 13, 14] as const;

const LANES = 4;
const UNROLLED = 4;
const PAGES = 16;
const SCRATCH_BYTES = 1024;
/** As long as the engine's workers do: see `openEngine`. */
const SPIN_MICROSECONDS = 100;

export interface PeakPool {
  /** Runs `chunks` chunks of the task with ACCUMULATORS[task] sums, each `passes` times around its loop. */
  run(task: number, passes: number, chunks: number): void;
}

/** FLOP of one chunk: a multiply-add is two. */
export function chunkFlops(accumulators: number, passes: number): number {
  return 2 * LANES * accumulators * UNROLLED * passes;
}

const multiplyAdds = (count: number) =>
  task(`multiplyAdds${count}`, { passes: 'i32' }, (f, { passes }, _chunk, scratch) => {
    const sums = Array.from({ length: count }, () => f.v128(f32x4_splat(0)));
    const x = f.v128(v128_load(scratch));
    const y = f.v128(v128_load(scratch, 16));
    f.for(f.i32(), 0, passes, 1, () => {
      for (let round = 0; round < UNROLLED; round++) for (const sum of sums) f.set(sum, f.madd(x, y, sum));
    });
    const [first, ...others] = sums;
    for (const sum of others) f.set(first!, f32x4_add(first!, sum));
    f.do(v128_store(scratch, first!)); // else the compiler would leave the loop out
  });

/** Runs `body` with a pool of so many threads, closed afterwards. */
export async function withPeakPool<T>(threads: number, body: (pool: PeakPool) => Promise<T>): Promise<T> {
  enableRelaxedSimd();
  const builder = new ModuleBuilder({ relaxed: fusesMultiplyAdd(), tileRows: 6 });
  for (const count of ACCUMULATORS) builder.addTask(multiplyAdds(count) as unknown as Task);
  const module = await WebAssembly.compile(builder.encode(PAGES));
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const pool = await Pool.start({ module, memory, threads, spawn, spinMicroseconds: SPIN_MICROSECONDS });
  pool.setScratch(CONTROL_BYTES, SCRATCH_BYTES);
  const passesArgument = new Int32Array(memory.buffer, ARGUMENTS_ADDRESS, 1);
  try {
    return await body({
      run(number, passes, chunks) {
        passesArgument[0] = passes;
        pool.run(number, chunks);
      },
    });
  } finally {
    await pool.close();
  }
}
