/** @file The fast engine: WebAssembly kernels, run by a pool of threads over one shared memory. Appendix A. */
import type { Engine } from './engine.ts';
import { ArithmeticError, ShapeError, WorkerError } from './errors.ts';
import { Arena, MAX_MEMORY_BYTES } from './memory.ts';
import { CONTROL_BYTES } from './parallel/control.ts';
import { checkThreads, Pool, type Spawn } from './parallel/pool.ts';
import { type Shape, sizeOf } from './shape.ts';
import { type FloatArray, Tensor } from './tensor.ts';
import { ARGUMENTS_ADDRESS, type Task, type TaskSchema } from './wasm/assembler.ts';
import { fusesMultiplyAdd } from './wasm/fused.ts';
import { createKernels, encodeModule, TASKS } from './wasm/module.ts';
import type { Runner } from './wasm/runner.ts';
import { fasterTileRows } from './wasm/tuning.ts';

/** Scratch memory that each thread always has; a kernel that needs more takes it from the arena while it runs. */
const SCRATCH_BYTES = 768 * 1024;

export interface FastEngineOptions {
  /** Threads that work, the calling one included; 1 by default, which needs no `spawn`. */
  readonly threads?: number;
  /** The most that the memory may grow to; all that 32-bit addresses reach by default. */
  readonly memoryBytes?: number;
  /** How this platform starts a thread. */
  readonly spawn?: Spawn;
  /** How long a thread looks for the next parallel loop before it sleeps; not at all by default. */
  readonly spinMicroseconds?: number;
  /** `relaxed-simd` has fused multiply-add, `simd` goes without; by default what the machine has. */
  readonly arithmetic?: 'simd' | 'relaxed-simd' | undefined;
  /** Rows of a matrix product's tile; measured when not given ({@link fasterTileRows}). The bits do not depend on it. */
  readonly tileRows?: 4 | 6 | undefined;
}

/**
 * Throws `WorkerError` when a thread does not start or the number of threads makes no sense, `OutOfMemoryError` when
 * `memoryBytes` does not even hold the threads' scratch memory, `ArithmeticError` for `relaxed-simd` on a machine that has it not.
 */
export async function createEngine(options: FastEngineOptions = {}): Promise<Engine> {
  const { threads = 1, memoryBytes = MAX_MEMORY_BYTES, spawn = noThreads, spinMicroseconds = 0 } = options;
  checkThreads(threads);
  const relaxed = options.arithmetic !== 'simd' && fusesMultiplyAdd();
  if (options.arithmetic === 'relaxed-simd' && !relaxed) throw new ArithmeticError();
  const arena = new Arena(memoryBytes, CONTROL_BYTES + threads * SCRATCH_BYTES);
  const tileRows = options.tileRows ?? (await fasterTileRows(relaxed));
  const module = await WebAssembly.compile(encodeModule({ relaxed, tileRows }));
  const pool = await Pool.start({ module, memory: arena.memory, threads, spawn, spinMicroseconds });
  return new FastEngine(arena, pool, relaxed ? 'relaxed-simd' : 'simd');
}

/** Of a platform that was not given. */
const noThreads: Spawn = () => Promise.reject(new WorkerError('more than one thread needs the option `spawn`'));

class FastEngine implements Engine {
  readonly precision = 'float32';
  readonly threads: number;
  readonly arithmetic: 'simd' | 'relaxed-simd';
  readonly kernels: Engine['kernels'];
  private readonly arena: Arena;
  private readonly pool: Pool;

  constructor(arena: Arena, pool: Pool, arithmetic: 'simd' | 'relaxed-simd') {
    this.arena = arena;
    this.pool = pool;
    this.threads = pool.threads;
    this.arithmetic = arithmetic;
    pool.setScratch(CONTROL_BYTES, SCRATCH_BYTES);
    this.kernels = createKernels(new PoolRunner(arena, pool));
  }

  empty(shape: Shape): Tensor {
    return new Tensor(shape, this.allocate(sizeOf(shape)));
  }
  zeros(shape: Shape): Tensor {
    const tensor = this.empty(shape);
    tensor.data.fill(0);
    return tensor;
  }
  tensor(shape: Shape, values: ArrayLike<number>): Tensor {
    const size = sizeOf(shape);
    if (values.length !== size) {
      throw new ShapeError(`tensor: ${values.length} values for a shape of ${size} elements`);
    }
    const tensor = this.empty(shape);
    tensor.data.set(values);
    return tensor;
  }
  integers(values: ArrayLike<number> | number): Int32Array {
    const length = typeof values === 'number' ? values : values.length;
    const array = this.arena.integers(this.arena.allocate(4 * length), length);
    if (typeof values === 'number') array.fill(0);
    else array.set(values);
    return array;
  }
  private allocate(length: number): Float32Array {
    const address = this.arena.allocate(4 * length);
    return this.arena.floats(address, length);
  }

  scope<T>(body: () => T): T {
    const mark = this.arena.mark();
    try {
      return body();
    } finally {
      this.arena.release(mark);
    }
  }
  memory(): { usedBytes: number; peakBytes: number } {
    return { usedBytes: this.arena.usedBytes, peakBytes: this.arena.peakBytes };
  }
  close(): Promise<void> {
    return this.pool.close();
  }
}

/** Writes a task's arguments where all threads read them, and runs it. */
class PoolRunner implements Runner {
  readonly threads: number;
  private readonly arena: Arena;
  private readonly pool: Pool;
  private readonly integers: Int32Array;
  private readonly numbers: Float32Array;
  private readonly index = new Map<Task, { number: number; names: string[]; isFloat: boolean[] }>();

  constructor(arena: Arena, pool: Pool) {
    this.arena = arena;
    this.pool = pool;
    this.threads = pool.threads;
    this.integers = arena.integers(ARGUMENTS_ADDRESS, 32);
    this.numbers = arena.floats(ARGUMENTS_ADDRESS, 32);
    TASKS.forEach((task, number) => {
      const names = Object.keys(task.schema);
      this.index.set(task, { number, names, isFloat: names.map((name) => task.schema[name] === 'f32') });
    });
  }

  run<S extends TaskSchema>(
    task: Task<S>,
    args: { readonly [N in keyof S]: number },
    chunks: number,
    scratchBytes = 0,
  ): void {
    if (chunks === 0) return;
    const entry = this.index.get(task as unknown as Task)!;
    for (let i = 0; i < entry.names.length; i++) {
      const value = args[entry.names[i]!]!;
      if (entry.isFloat[i]) this.numbers[i] = value;
      else this.integers[i] = value;
    }
    if (scratchBytes <= SCRATCH_BYTES) {
      this.pool.run(entry.number, chunks);
      return;
    }
    const size = Math.ceil(scratchBytes / 64) * 64;
    this.temporary(this.threads * size, (address) => {
      this.pool.setScratch(address, size);
      try {
        this.pool.run(entry.number, chunks);
      } finally {
        this.pool.setScratch(CONTROL_BYTES, SCRATCH_BYTES);
      }
    });
  }

  address(array: FloatArray | Int32Array): number {
    return this.arena.addressOf(array);
  }
  temporary(bytes: number, body: (address: number) => void): void {
    const mark = this.arena.mark();
    try {
      body(this.arena.allocate(bytes));
    } finally {
      this.arena.release(mark);
    }
  }
  floats(address: number, length: number): Float32Array {
    return this.arena.floats(address, length);
  }
}
