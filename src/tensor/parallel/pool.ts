/**
 * @file The pool: runs the chunks of one task after another on all threads, the calling one included. Appendix A.
 *
 * A chunk always computes the same numbers whoever runs it, so the bits do not depend on the number of threads. A thread
 * that comes late finds the loop closed and is not waited for: more threads than cores cost time, never a hang.
 */
import { WorkerError } from '../errors.ts';
import { CONTROL_BYTES, MAX_THREADS, recordOf, STATUS, WORD } from './control.ts';
import { instantiate, reportFailure, runChunks, spinWhile, type TaskFunction, type WorkerSetup } from './worker.ts';

/** A running thread, as the platform made it. */
export interface Thread {
  /** Ends the thread, whatever it is doing. */
  terminate(): Promise<void>;
}
/**
 * Starts a thread that calls `runWorker(setup)`. Resolves when the thread is ready; rejects when it could not start.
 * Calls `stopped` when it has ended, for whatever reason.
 */
export type Spawn = (setup: WorkerSetup, stopped: (reason: string) => void) => Promise<Thread>;

/** While the main thread waits for others, it looks this often whether they still live. */
const LOOK_MILLISECONDS = 20;
/** A thread that holds a chunk and makes no progress for this many looks is taken for dead. */
const LOOKS_UNTIL_DEAD = 40;

/** Throws {@link WorkerError} for a number of threads that makes no sense. */
export function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return;
  throw new WorkerError(`threads: ${threads}, expected a whole number from 1 to ${MAX_THREADS}`);
}

export class Pool {
  readonly threads: number;
  private readonly words: Int32Array;
  private readonly memory: WebAssembly.Memory;
  private readonly tasks: TaskFunction[];
  private readonly spinMicroseconds: number;
  private readonly workers: Thread[] = [];
  private broken: WorkerError | undefined;
  private closed = false;

  private constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threads: number,
    spinMicroseconds: number,
  ) {
    this.threads = threads;
    this.memory = memory;
    this.words = new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4);
    this.tasks = instantiate(module, memory);
    this.spinMicroseconds = spinMicroseconds;
  }

  /** Starts threads - 1 workers. Throws {@link WorkerError} when one does not start. */
  static async start(options: {
    module: WebAssembly.Module;
    memory: WebAssembly.Memory;
    threads: number;
    spawn: Spawn;
    spinMicroseconds: number;
  }): Promise<Pool> {
    const { module, memory, threads, spawn, spinMicroseconds } = options;
    checkThreads(threads);
    const pool = new Pool(module, memory, threads, spinMicroseconds);
    const starting = Array.from({ length: threads - 1 }, (_, i) =>
      spawn({ module, memory, thread: i + 1, spinMicroseconds }, (reason) => {
        if (!pool.closed) reportFailure(memory, i + 1, STATUS.stopped, reason);
      }),
    );
    const started = await Promise.allSettled(starting);
    for (const result of started) if (result.status === 'fulfilled') pool.workers.push(result.value);
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) {
      await pool.close();
      throw new WorkerError(`a thread did not start: ${failure.reason}`);
    }
    return pool;
  }

  /** The main thread's scratch memory is at `base`, each further thread's `bytes` behind the one before. */
  setScratch(base: number, bytes: number): void {
    this.words[WORD.scratch] = base;
    this.words[WORD.scratchBytes] = bytes;
  }

  /** Runs chunks 0 to chunks - 1 of a task whose arguments are written. Throws {@link WorkerError} when a thread is lost. */
  run(task: number, chunks: number): void {
    const { words } = this;
    if (this.broken) throw this.broken;
    if (this.closed) throw new WorkerError('the engine is closed');
    const run = this.tasks[task]!;
    const scratch = words[WORD.scratch]! >>> 0;
    if (chunks === 1 || this.threads === 1) {
      for (let chunk = 0; chunk < chunks; chunk++) run(chunk, scratch);
      return;
    }
    if (Atomics.load(words, WORD.failures) !== 0) this.fail();
    words[WORD.task] = task;
    words[WORD.chunks] = chunks;
    Atomics.store(words, WORD.next, 0);
    Atomics.store(words, WORD.open, 1);
    Atomics.add(words, WORD.generation, 1);
    Atomics.notify(words, WORD.generation, Math.min(chunks, this.threads) - 1);
    try {
      runChunks(words, run, scratch, recordOf(0).progress);
    } finally {
      Atomics.store(words, WORD.next, chunks); // nothing is left to claim, also when a chunk threw
      Atomics.store(words, WORD.open, 0);
      this.waitForOthers();
    }
  }

  private waitForOthers(): void {
    const { words } = this;
    let progress = -1;
    let looks = 0;
    for (;;) {
      const active = Atomics.load(words, WORD.active);
      if (active === 0) return;
      spinWhile(words, WORD.active, active, this.spinMicroseconds);
      const slept = Atomics.wait(words, WORD.active, active, LOOK_MILLISECONDS) === 'timed-out';
      if (Atomics.load(words, WORD.failures) !== 0) this.fail();
      if (!slept) continue;
      const now = this.progress();
      looks = now === progress ? looks + 1 : 0;
      progress = now;
      if (looks >= LOOKS_UNTIL_DEAD) {
        throw (this.broken = new WorkerError(
          `a thread of ${this.threads} has made no progress for ${LOOKS_UNTIL_DEAD * LOOK_MILLISECONDS} ms`,
        ));
      }
    }
  }

  private progress(): number {
    let sum = 0;
    for (let thread = 1; thread < this.threads; thread++) sum += Atomics.load(this.words, recordOf(thread).progress);
    return sum;
  }

  private fail(): never {
    for (let thread = 1; thread < this.threads; thread++) {
      const record = recordOf(thread);
      if (Atomics.load(this.words, record.status) < STATUS.stopped) continue;
      const text = new Uint8Array(this.memory.buffer, record.text, this.words[record.textLength]!).slice();
      this.broken = new WorkerError(`thread ${thread} of ${this.threads} stopped: ${new TextDecoder().decode(text)}`);
      throw this.broken;
    }
    throw (this.broken = new WorkerError('a thread stopped'));
  }

  /** Ends all workers; {@link run} throws afterwards. */
  async close(): Promise<void> {
    this.closed = true;
    Atomics.store(this.words, WORD.stop, 1);
    Atomics.add(this.words, WORD.generation, 1);
    Atomics.notify(this.words, WORD.generation);
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
