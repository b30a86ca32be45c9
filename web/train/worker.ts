/** @file The study in a worker of the page: the very stages of the command line, over a store in memory. Appendix C. */
import { MemoryStore } from '../../src/store/index.ts';
import { type Context, type Progress, Run, reproduce } from '../../src/study/index.ts';
import { createEngine } from '../../src/tensor/index.ts';
import type { Spawn } from '../../src/tensor/parallel/pool.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import ThreadWorker from './thread.ts?worker&inline';

/** Training keeps itself so often: a pause loses no more than that. */
const KEEP_SECONDS = 10;

const post = (message: FromWorker): void => self.postMessage(message);

/** Tells the page of every file, which the browser then keeps. */
class TabStore extends MemoryStore {
  /** What the browser has kept. */
  restore(name: string, bytes: Uint8Array): void {
    super.write(name, bytes);
  }
  override write(...args: Parameters<MemoryStore['write']>): void {
    super.write(...args);
    this.#tell(args[0]);
  }
  override append(...args: Parameters<MemoryStore['append']>): void {
    super.append(...args);
    this.#tell(args[0]);
  }
  override remove(name: string): void {
    super.remove(name);
    post({ type: 'file', name, bytes: null });
  }
  #tell(name: string): void {
    post({ type: 'file', name, bytes: this.read(name)! });
  }
}

const spawn: Spawn = (setup, stopped) =>
  new Promise((resolve, reject) => {
    const thread = new ThreadWorker();
    thread.onerror = ({ message }) => {
      reject(new Error(message));
      stopped(message);
    };
    thread.onmessage = () => resolve({ terminate: async () => thread.terminate() });
    thread.postMessage(setup);
  });

const progress = Object.fromEntries(
  (['start', 'update', 'stop', 'line'] as const).map((call) => [
    call,
    (...values: unknown[]) => post({ type: 'progress', call, values }),
  ]),
) as unknown as Progress;

async function study({ plan, files, threads }: ToWorker): Promise<void> {
  const store = new TabStore('this page');
  for (const [name, bytes] of files) store.restore(name, bytes);
  const context: Context = {
    progress,
    openEngine: (arithmetic) => createEngine({ threads, spawn, arithmetic }),
    machine: () => ({ peakMemoryBytes: 0, runtime: 'this browser' }),
    keepSeconds: KEEP_SECONDS,
  };
  await reproduce(Run.create(store, plan), context);
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  study(data).then(
    () => post({ type: 'done' }),
    (error: Error) => post({ type: 'failed', message: error.message }),
  );
};
