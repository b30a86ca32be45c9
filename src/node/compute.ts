/**
 * @file Long work, in a thread of its own: the process stays free for signals and for its progress bars. The thread is this very
 * module. Appendix B.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Progress, RunPlan, StageKind } from '../study/index.ts';
import * as study from '../study/index.ts';
import { DiskStore } from './disk-store.ts';
import { builtPage, linkTo } from './page.ts';
import { openEngine } from './threads.ts';

/** What is to be done in the directory `path`. */
export interface Task {
  readonly path: string;
  readonly threads: number | undefined;
  readonly work:
    | { readonly kind: 'reproduce'; readonly plan: RunPlan }
    | { readonly kind: 'seeds'; readonly plan: Omit<RunPlan, 'seed'>; readonly seeds: readonly string[] }
    | { readonly kind: 'stages'; readonly plan?: RunPlan; readonly stages: readonly StageKind[] }
    | { readonly kind: 'report of seeds' }
    | { readonly kind: 'gather'; readonly runs: readonly string[]; readonly unfinished: boolean };
}

/** A signal has ended the work. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM', message: string) {
    super(message);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

interface ThreadData {
  readonly karelscopeTask: Task;
  readonly stop: Int32Array;
}

type Message =
  | { readonly type: 'progress'; readonly call: keyof Progress; readonly values: readonly unknown[] }
  | { readonly type: 'stage'; readonly stage: string }
  | { readonly type: 'done' }
  | { readonly type: 'stopped'; readonly message: string }
  | { readonly type: 'failed'; readonly error: Pick<Error, 'name' | 'message' | 'stack'> };

/** Training keeps itself at its next step; what any other stage has not finished is lost anyway. */
const GRACE_MILLISECONDS = { train: 10_000, other: 200 };

/**
 * Does a task. The first SIGINT or SIGTERM stops it where it loses least, the second at once. Throws {@link InterruptedError},
 * and what the task throws.
 */
export function compute(task: Task, progress: Progress): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const data: ThreadData = { karelscopeTask: task, stop };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  let stage = '';
  let asked: 'SIGINT' | 'SIGTERM' | undefined;
  return new Promise<void>((resolve, reject) => {
    const end = (finish: () => void): void => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
      progress.stop();
      void worker.terminate().then(finish);
    };
    const interrupted = (kept: string) => end(() => reject(new InterruptedError(asked!, kept)));
    const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (asked) process.exit(new InterruptedError(signal, '').exitCode);
      asked = signal;
      Atomics.store(stop, 0, 1);
      const grace = stage.startsWith('train/') ? GRACE_MILLISECONDS.train : GRACE_MILLISECONDS.other;
      setTimeout(
        () => interrupted(`stopped in ${stage || 'preparation'}; what was finished before it is kept`),
        grace,
      ).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
    worker.on('message', (message: Message) => {
      if (message.type === 'progress') {
        (progress[message.call] as (...values: readonly unknown[]) => void)(...message.values);
      } else if (message.type === 'stage') stage = message.stage;
      else if (message.type === 'done') end(resolve);
      else if (message.type === 'stopped') interrupted(message.message);
      else end(() => reject(Object.assign(new Error(message.error.message), message.error)));
    });
    worker.on('error', (error) => end(() => reject(error)));
  });
}

const post = (message: Message): void => parentPort!.postMessage(message);

const remoteProgress: Progress = Object.fromEntries(
  (['start', 'update', 'stop', 'line'] as const).map((call) => [
    call,
    (...values: unknown[]) => post({ type: 'progress', call, values }),
  ]),
) as unknown as Progress;

async function perform({ path, threads, work }: Task, stop: Int32Array): Promise<void> {
  const store = new DiskStore(path);
  const context: study.Context = {
    progress: remoteProgress,
    openEngine: (arithmetic) => openEngine({ arithmetic, ...(threads !== undefined && { threads }) }),
    page: builtPage,
    link: linkTo,
    stopping: () => Atomics.load(stop, 0) === 1,
    onStage: (stage) => post({ type: 'stage', stage }),
    machine: () => ({
      peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
      runtime: `Node.js ${process.version}`,
    }),
  };
  if (work.kind === 'seeds') await study.reproduceSeeds(store, work.plan, work.seeds, context);
  else if (work.kind === 'report of seeds') study.reportStudy(store, context);
  else if (work.kind === 'gather') {
    const runs = work.runs.map((run) => new DiskStore(run));
    study.gather(runs, store, context, { unfinished: work.unfinished });
  } else if (work.kind === 'reproduce') await study.reproduce(study.Run.create(store, work.plan), context);
  else {
    const run = work.plan ? study.Run.create(store, work.plan) : study.Run.open(store);
    await study.runSome(run, context, work.stages);
  }
}

const threadData = workerData as Partial<ThreadData> | null;
if (!isMainThread && threadData?.karelscopeTask) {
  perform(threadData.karelscopeTask, threadData.stop!).then(
    () => post({ type: 'done' }),
    (error: Error) =>
      post(
        error.name === 'Stopped'
          ? { type: 'stopped', message: error.message }
          : { type: 'failed', error: { name: error.name, message: error.message, stack: error.stack ?? '' } },
      ),
  );
}
