/** @file What a suite is, and what it is given. */
import { cpus } from 'node:os';
import { openEngine } from '../src/node/threads.ts';
import { StudyError } from '../src/study/index.ts';
import type { Engine } from '../src/tensor/index.ts';
import { measurePeak } from './peak.ts';
import type { BenchResults, Machine, Peak } from './results.ts';

/** Measures, and says in lines of at most 80 columns what it found. */
export interface Suite<R> {
  readonly measure: (bench: Bench) => Promise<R>;
  readonly describe: (result: R, all: BenchResults) => readonly string[];
}

export interface BenchSettings {
  /** Measure with one thread and with so many. */
  readonly threads: number;
  /** Measure the cases alone that have this in their name. */
  readonly only?: string | undefined;
  /** Is told what is being measured. */
  readonly note: (text: string) => void;
}

/** One run of benchmarks. */
export class Bench {
  /** 1, and the number that was asked for where that is more. */
  readonly threads: readonly number[];
  readonly note: (text: string) => void;
  readonly #only: string;
  #peak: Promise<Peak> | undefined;

  constructor({ threads, only = '', note }: BenchSettings) {
    this.threads = threads === 1 ? [1] : [1, threads];
    this.note = note;
    this.#only = only;
  }

  get mostThreads(): number {
    return this.threads.at(-1)!;
  }

  get hasPeak(): boolean {
    return this.#peak !== undefined;
  }

  /** Measured once, before the first suite that needs it. */
  peak(): Promise<Peak> {
    this.#peak ??= measurePeak(this.mostThreads, this.note);
    return this.#peak;
  }

  /** GFLOP/s that so many threads can reach, of {@link Bench.threads}. */
  async ceiling(threads: number): Promise<number> {
    const { gflops1, gflops } = await this.peak();
    return threads === 1 ? gflops1 : gflops;
  }

  /** The cases that were asked for. Throws {@link StudyError} when there is none. */
  select<C extends { readonly name: string }>(suite: string, cases: readonly C[]): readonly C[] {
    const selected = cases.filter(({ name }) => name.includes(this.#only));
    if (selected.length > 0) return selected;
    const names = cases.map(({ name }) => name).join(', ');
    throw new StudyError(`bench: no case of ${suite} has ${this.#only} in its name: ${names}`);
  }

  /** Runs `body` with an engine for each of {@link Bench.threads}, which are closed afterwards. */
  async withEngines<T>(body: (engines: readonly Engine[]) => Promise<T>, counts = this.threads): Promise<T> {
    const engines: Engine[] = [];
    try {
      for (const threads of counts) engines.push(await openEngine({ threads }));
      return await body(engines);
    } finally {
      await Promise.all(engines.map((engine) => engine.close()));
    }
  }

  /** The same with one engine, of the most threads. */
  withEngine<T>(body: (engine: Engine) => Promise<T>): Promise<T> {
    return this.withEngines(([engine]) => body(engine!), [this.mostThreads]);
  }

  async machine(): Promise<Machine> {
    const arithmetic = await this.withEngine(async (engine) => engine.arithmetic);
    const cpu = cpus()[0]?.model.trim() ?? 'unknown';
    return { cpu, cores: cpus().length, node: process.version, arithmetic, threads: this.mostThreads };
  }
}
