/**
 * @file The only module that knows Node's threads and flags: switches relaxed SIMD on, starts threads, and is itself what a thread runs.
 * Appendix A.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Engine } from '../tensor/engine.ts';
import { WorkerError } from '../tensor/errors.ts';
import { createEngine } from '../tensor/fast-engine.ts';
import { MAX_MEMORY_BYTES } from '../tensor/memory.ts';
import { STATUS } from '../tensor/parallel/control.ts';
import type { Spawn } from '../tensor/parallel/pool.ts';
import { reportFailure, runWorker, type WorkerSetup } from '../tensor/parallel/worker.ts';

export interface EngineOptions {
  /** Threads that work, the calling one included; all cores by default. */
  readonly threads?: number;
  /** The most memory that the engine may grow to; 4 GiB, all that 32-bit addresses reach, by default. */
  readonly memoryBytes?: number;
  /** As in `FastEngineOptions`. */
  readonly arithmetic?: 'simd' | 'relaxed-simd';
  /** Rows of a matrix product's tile; by default whichever is faster in a measurement of some milliseconds. The bits do not depend on it. */
  readonly tileRows?: 4 | 6;
}

/**
 * An engine on this machine's cores. Throws `WorkerError` when a thread does not start, or when `dist/` is missing or
 * older than the sources although this runs from the sources.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  enableRelaxedSimd();
  const cores = availableParallelism();
  const threads = options.threads ?? cores;
  return createEngine({
    threads,
    memoryBytes: options.memoryBytes ?? MAX_MEMORY_BYTES,
    arithmetic: options.arithmetic,
    tileRows: options.tileRows,
    spawn,
    spinMicroseconds: threads <= cores ? 100 : 0,
  });
}

/** Relaxed SIMD is on by default from Node 22 on only. Must come before the first module is compiled. */
export function enableRelaxedSimd(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
  setFlagsFromString('--no-liftoff'); // one compiler, at once: speed and time do not change while a run warms up
}

/** Marks the data of threads that this module started. */
interface ThreadData {
  readonly karelscopeThread: WorkerSetup;
}

/** Starts this very module, as built, in a thread. */
export const spawn: Spawn = (setup, stopped) =>
  new Promise((resolve, reject) => {
    const data: ThreadData = { karelscopeThread: setup };
    const worker = new Worker(builtModule(), { workerData: data, execArgv: [] });
    let last: unknown;
    worker.on('error', (error) => (last = error));
    worker.on('exit', (code) => {
      const reason = last === undefined ? `ended with code ${code}` : String(last);
      reject(new WorkerError(reason));
      stopped(reason);
    });
    worker.once('message', () => {
      worker.unref(); // a forgotten engine does not keep the process alive
      resolve({
        terminate: async () => {
          worker.ref();
          await worker.terminate();
        },
      });
    });
  });

/** This module as JavaScript. Node 20 runs no TypeScript, so from the sources the threads run what was built from them. */
function builtModule(): URL {
  const here = new URL(import.meta.url);
  if (here.pathname.endsWith('.js')) return here;
  const source = dirname(dirname(fileURLToPath(here)));
  const built = join(dirname(source), 'dist');
  const names = readdirSync(join(source, 'tensor'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !/^(?:reference|exact)\b/.test(name))
    .map((name) => join('tensor', name));
  for (const name of ['node/threads.ts', ...names])
    checkBuilt(join(source, name), join(built, name.replace(/\.ts$/, '.js')));
  return pathToFileURL(join(built, 'node/threads.js'));
}

/** The source map holds the text that was compiled: more certain than times, which a checkout or a copy changes. */
function checkBuilt(source: string, output: string): void {
  const map = `${output}.map`;
  const compiled = existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')).sourcesContent[0] : undefined;
  if (compiled !== readFileSync(source, 'utf8')) {
    throw new WorkerError(`threads run ${output}, which is missing or older than its source: run \`npm run build\``);
  }
}

/** The parts of the above that tests look at. */
export const internals = { checkBuilt };

const threadData = workerData as Partial<ThreadData> | null;
if (!isMainThread && threadData?.karelscopeThread) {
  const setup = threadData.karelscopeThread;
  process.on('exit', (code) => reportFailure(setup.memory, setup.thread, STATUS.stopped, `ended with code ${code}`));
  runWorker(setup, () => parentPort?.postMessage('ready'));
}
