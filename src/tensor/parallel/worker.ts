/** @file A worker's life: sleep until a parallel loop begins, claim chunks until none is left, sleep again. Appendix A. */
import { MAX_TEXT_BYTES, recordOf, STATUS, WORD } from './control.ts';

/** What a new thread is given. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1; the main thread is 0. */
  readonly thread: number;
  /** How long it looks for the next loop before it sleeps. */
  readonly spinMicroseconds: number;
}

export type TaskFunction = (chunk: number, scratch: number) => void;

/** The module's tasks, in the order in which it exports them. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): TaskFunction[] {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return WebAssembly.Module.exports(module).map(({ name }) => instance.exports[name] as TaskFunction);
}

/**
 * Runs until the pool is closed and blocks its thread meanwhile. `ready` is called once, before the first wait. When a
 * task throws, the error's text is left in the thread's record, and thrown.
 */
export function runWorker({ module, memory, thread, spinMicroseconds }: WorkerSetup, ready: () => void): void {
  const words = new Int32Array(memory.buffer, 0, 4096);
  const tasks = instantiate(module, memory);
  const record = recordOf(thread);
  let seen = Atomics.load(words, WORD.generation);
  Atomics.store(words, record.status, STATUS.running);
  ready();
  try {
    for (;;) {
      seen = nextGeneration(words, seen, spinMicroseconds);
      if (Atomics.load(words, WORD.stop) === 1) return;
      // Joined first, then asked whether the loop is still open: the main thread closes it first, then looks who joined.
      Atomics.add(words, WORD.active, 1);
      if (Atomics.load(words, WORD.open) === 1) {
        const scratch = words[WORD.scratch]! + thread * words[WORD.scratchBytes]!;
        runChunks(words, tasks[words[WORD.task]!]!, scratch >>> 0, record.progress);
      }
      if (Atomics.sub(words, WORD.active, 1) === 1) Atomics.notify(words, WORD.active);
    }
  } catch (error) {
    reportFailure(memory, thread, STATUS.failed, String(error));
    throw error;
  }
}

/** Claims chunks of the running loop, one after the other, until none is left. */
export function runChunks(words: Int32Array, task: TaskFunction, scratch: number, progress: number): void {
  const chunks = words[WORD.chunks]!;
  for (;;) {
    const chunk = Atomics.add(words, WORD.next, 1);
    if (chunk >= chunks) return;
    Atomics.add(words, progress, 1);
    task(chunk, scratch);
  }
}

/** Waits until the generation is not `seen`: looks often at first, since loops follow each other closely, then sleeps. */
function nextGeneration(words: Int32Array, seen: number, spinMicroseconds: number): number {
  spinWhile(words, WORD.generation, seen, spinMicroseconds);
  for (;;) {
    const generation = Atomics.load(words, WORD.generation);
    if (generation !== seen) return generation;
    Atomics.wait(words, WORD.generation, seen);
  }
}

/** Returns when the word differs from `value` or after that time. */
export function spinWhile(words: Int32Array, word: number, value: number, microseconds: number): void {
  if (microseconds === 0) return;
  const end = performance.now() + microseconds / 1000;
  do {
    for (let look = 0; look < 200; look++) if (Atomics.load(words, word) !== value) return;
  } while (performance.now() < end);
}

/** Marks a thread as gone and wakes the main thread. Only the first report of a thread counts. */
export function reportFailure(memory: WebAssembly.Memory, thread: number, status: number, text: string): void {
  const words = new Int32Array(memory.buffer, 0, 4096);
  const record = recordOf(thread);
  if (Atomics.load(words, record.status) >= STATUS.stopped) return;
  const bytes = new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES);
  new Uint8Array(memory.buffer).set(bytes, record.text);
  words[record.textLength] = bytes.length;
  Atomics.store(words, record.status, status);
  Atomics.add(words, WORD.failures, 1);
  Atomics.notify(words, WORD.active);
}
