/** @file The thread pool: it shares out work, and a thread that dies or hangs is an error within a second. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { internals, openEngine, spawn } from '../../src/node/threads.ts';
import { WorkerError } from '../../src/tensor/index.ts';
import { Arena } from '../../src/tensor/memory.ts';
import { CONTROL_BYTES } from '../../src/tensor/parallel/control.ts';
import { Pool, type Spawn, type Thread } from '../../src/tensor/parallel/pool.ts';
import { ModuleBuilder, type Task, task } from '../../src/tensor/wasm/assembler.ts';
import {
  f32x4_splat,
  i32_add,
  i32_load,
  i32_lt_s,
  i32_ne,
  i32_shl,
  i32_store,
  v128_store,
} from '../../src/tensor/wasm/instructions.ts';

/** Spends some 10 microseconds, then counts the chunk and notes in whose scratch memory. */
const count = task('count', { counts: 'i32' }, (f, { counts }, chunk, scratch) => {
  const i = f.i32();
  f.for(i, 0, 20_000, 1, () => f.do(i32_store(scratch, i)));
  const at = f.i32(i32_add(counts, i32_shl(chunk, 2)));
  f.do(i32_store(at, i32_add(i32_load(at), 1)));
  f.do(i32_store(scratch, 1, 64));
});

/** What a thread other than the main one does, which then is waited for. */
const misbehave = (name: string, how: (f: Parameters<typeof count.emit>[0]) => void) =>
  task(name, { counts: 'i32', main: 'i32' }, (f, { main }, _, scratch) => {
    const i = f.i32();
    f.for(i, 0, 20_000, 1, () => f.do(i32_store(scratch, i)));
    f.if(i32_ne(scratch, main), () => how(f));
  });
const trap = misbehave('trap', (f) => f.do(v128_store(-16, f32x4_splat(0))));
const hang = misbehave('hang', (f) => {
  const i = f.i32(0);
  f.doWhile(i32_lt_s(i, 1), () => f.set(i, 0));
});
const TASKS = [count, trap, hang] as unknown as readonly Task[];

const CHUNKS = 200;
const SCRATCH = CONTROL_BYTES;
const opened: Pool[] = [];
afterEach(async () => {
  for (const pool of opened.splice(0)) await pool.close();
});

async function open(threads: number, spawnThread: Spawn = spawn, spinMicroseconds = 50) {
  const arena = new Arena(2 ** 22, SCRATCH + threads * 128 + 4 * CHUNKS);
  const builder = new ModuleBuilder({ relaxed: false, tileRows: 6 });
  for (const each of TASKS) builder.addTask(each);
  const module = await WebAssembly.compile(builder.encode(65536));
  const pool = await Pool.start({ module, memory: arena.memory, threads, spawn: spawnThread, spinMicroseconds });
  opened.push(pool);
  pool.setScratch(SCRATCH, 128);
  const counts = SCRATCH + threads * 128;
  arena.integers(256, 2).set([counts, SCRATCH]); // the tasks' arguments
  return {
    pool,
    run: (which: typeof count | typeof trap) => pool.run(TASKS.indexOf(which as unknown as Task), CHUNKS),
    counts: arena.integers(counts, CHUNKS),
    helped: () => Array.from({ length: threads }, (_, i) => arena.integers(SCRATCH + 128 * i + 64, 1)[0]!),
  };
}

function secondsUntilError(body: () => void): { seconds: number; error: unknown } {
  const start = performance.now();
  try {
    body();
  } catch (error) {
    return { seconds: (performance.now() - start) / 1000, error };
  }
  throw new Error('no error was thrown');
}

it.each([1, 2, 3, 5])('%s threads run each chunk exactly once, 100 loops in a row', async (threads) => {
  const { run, counts, helped } = await open(threads);
  for (let i = 0; i < 100; i++) run(count);
  expect([...counts]).toEqual(new Array(CHUNKS).fill(100));
  expect(helped()).toEqual(new Array(threads).fill(1));
});

it('threads that sleep are woken: loops with pauses between them', async () => {
  const { run, counts, helped } = await open(2, spawn, 0);
  for (let i = 0; i < 20; i++) {
    run(count);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect([...counts]).toEqual(new Array(CHUNKS).fill(20));
  expect(helped()).toEqual([1, 1]);
});

describe('a thread that', () => {
  it('traps is a WorkerError within a second, and stays one', async () => {
    const { run } = await open(3);
    const { seconds, error } = secondsUntilError(() => {
      for (let i = 0; i < 50; i++) run(trap);
    });
    expect(error).toBeInstanceOf(WorkerError);
    expect(String(error)).toMatch(/thread [12] of 3 stopped: RuntimeError/);
    expect(seconds).toBeLessThan(1);
    expect(() => run(count)).toThrow(WorkerError);
  });

  it('hangs is a WorkerError within a second', async () => {
    const { run } = await open(2);
    run(count);
    const { seconds, error } = secondsUntilError(() => {
      for (let i = 0; i < 50; i++) run(hang);
    });
    expect(error).toBeInstanceOf(WorkerError);
    expect(String(error)).toContain('no progress for 800 ms');
    expect(seconds).toBeLessThan(1.2);
  });

  it('was terminated is a WorkerError at the next loop', async () => {
    const threads: Thread[] = [];
    const { run } = await open(2, async (...args) => {
      const thread = await spawn(...args);
      threads.push(thread);
      return thread;
    });
    run(count);
    await threads[0]!.terminate();
    expect(() => run(count)).toThrow('thread 1 of 2 stopped: ended with code 1');
  });

  it('is terminated while the main thread does not look is a WorkerError, or not missed', async () => {
    const threads: Thread[] = [];
    const { run } = await open(2, async (...args) => {
      const thread = await spawn(...args);
      threads.push(thread);
      return thread;
    });
    const gone = threads[0]!.terminate();
    const start = performance.now();
    try {
      for (let i = 0; i < 50; i++) run(count);
    } catch (error) {
      expect(error).toBeInstanceOf(WorkerError);
    }
    expect(performance.now() - start).toBeLessThan(2000);
    await gone;
    expect(() => run(count)).toThrow(WorkerError);
  });

  it('calls process.exit while the main thread is busy is a WorkerError within a second', async () => {
    // Before the thread's own module: its third sleep ends the thread.
    const preload = `data:text/javascript,
      const wait = Atomics.wait; let sleeps = 0;
      Atomics.wait = (...args) => { if (++sleeps === 3) process.exit(7); return wait(...args); };`;
    const exiting: Spawn = (setup, stopped) =>
      new Promise((resolve) => {
        const worker = new Worker(new URL('../../dist/node/threads.js', import.meta.url), {
          workerData: { karelscopeThread: setup },
          execArgv: ['--import', preload.replaceAll('\n', '')],
        });
        worker.on('exit', () => stopped('exited'));
        worker.once('message', () => resolve({ terminate: async () => void (await worker.terminate()) }));
      });
    const { run } = await open(2, exiting, 0);
    const { seconds, error } = secondsUntilError(() => {
      for (const end = performance.now() + 5000; performance.now() < end; ) {
        run(count);
        for (const pause = performance.now() + 1; performance.now() < pause; );
      }
    });
    expect(error).toBeInstanceOf(WorkerError);
    expect(String(error)).toContain('thread 1 of 2 stopped: ended with code 7');
    expect(seconds).toBeLessThan(1);
  });

  it('does not start is a WorkerError', async () => {
    const failing: Spawn = (setup, stopped) =>
      setup.thread === 2 ? Promise.reject(new Error('no such file')) : spawn(setup, stopped);
    await expect(open(3, failing)).rejects.toThrow('a thread did not start: Error: no such file');
  });
});

it('a closed engine refuses to work', async () => {
  const engine = await openEngine({ threads: 2 });
  const x = engine.zeros([8]).data;
  engine.kernels.gelu(x, x);
  await engine.close();
  expect(() => engine.kernels.gelu(x, x)).toThrow('the engine is closed');
});

it('threads refuse to run a build that is missing or older than its source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'karelscope-'));
  const [source, output] = [join(folder, 'a.ts'), join(folder, 'a.js')];
  writeFileSync(source, 'new');
  expect(() => internals.checkBuilt(source, output)).toThrow(WorkerError);
  writeFileSync(`${output}.map`, JSON.stringify({ sourcesContent: ['old'] }));
  expect(() => internals.checkBuilt(source, output)).toThrow('run `npm run build`');
  writeFileSync(`${output}.map`, JSON.stringify({ sourcesContent: ['new'] }));
  internals.checkBuilt(source, output);
  rmSync(folder, { recursive: true });
});
