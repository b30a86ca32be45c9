/**
 * @file What the threads of the pool share: a few words at the bottom of the memory, each group on a cache line of its
 * own. Appendix A.
 */

/** Indices into the Int32Array over the whole memory. */
export const WORD = {
  /** Counts the parallel loops begun; workers sleep on it. */
  generation: 16,
  /** 1 while the running loop may be joined. */
  open: 17,
  /** Number of the task, and how many chunks it has. */
  task: 18,
  chunks: 19,
  /** Each thread's scratch memory: thread i has the bytes from scratch + i scratchBytes. */
  scratch: 20,
  scratchBytes: 21,
  /** 1 when the workers shall end. */
  stop: 22,
  /** How many workers have failed. */
  failures: 23,
  /** The next chunk to be claimed. */
  next: 32,
  /** How many workers have joined the running loop and not left it. */
  active: 48,
} as const;

/** One record for each thread behind the task's arguments (see ARGUMENTS_ADDRESS). */
const FIRST_RECORD_BYTES = 1024;
const RECORD_BYTES = 256;
export const MAX_THREADS = 64;
/** Bytes at the bottom of the memory that belong to the pool. */
export const CONTROL_BYTES = FIRST_RECORD_BYTES + MAX_THREADS * RECORD_BYTES;

/** Index of a thread's record: its status, its progress (chunks claimed so far), the length and text of its error. */
export function recordOf(thread: number): { status: number; progress: number; textLength: number; text: number } {
  const word = (FIRST_RECORD_BYTES + thread * RECORD_BYTES) / 4;
  return { status: word, progress: word + 1, textLength: word + 2, text: 4 * (word + 3) };
}
export const MAX_TEXT_BYTES = RECORD_BYTES - 12;

export const STATUS = { starting: 0, running: 1, stopped: 2, failed: 3 } as const;
