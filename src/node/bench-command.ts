/** @file `karelscope bench`: finds the benchmarks, which a clone has and an installed package has not, and runs them. Appendix B. */
import { existsSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { StudyError } from '../study/index.ts';

/** Every suite of benchmarks, with what it measures; the order is that of a run of all. */
export const SUITES = {
  peak: "multiply-adds in registers: the machine's ceiling; hand-over to the threads",
  matmul: 'matrix products: squares, and those of the presets',
  kernels: 'each kernel against its reference',
  step: 'training steps of the presets, and where their time goes',
  generate: 'programs written, with a key-value cache and without',
  corpus: 'samples drawn, executed and encoded',
  probe: 'training of probes',
} as const;

export type SuiteName = keyof typeof SUITES;
export const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];

export interface BenchOptions {
  /** One JSON document on standard output instead of tables. */
  readonly json?: boolean;
  /** Only the cases that have this in their name. */
  readonly only?: string;
  /** All cores by default. */
  readonly threads?: number;
}

/** What bench/bench.ts exports. */
interface Benchmarks {
  runBench(names: readonly SuiteName[], options: BenchOptions): Promise<void>;
}

/** Runs these suites. Throws {@link StudyError} where the benchmarks or what they need is not there. */
export async function bench(names: readonly SuiteName[], options: BenchOptions): Promise<void> {
  const root = new URL('../..', import.meta.url);
  requireBenchmarks(root);
  register('./scripts/typescript-hooks.mjs', root);
  const { runBench } = (await import(new URL('bench/bench.ts', root).href)) as Benchmarks;
  await runBench(names, options);
}

/** Throws {@link StudyError}, saying what to do, unless `root` is a clone with its development packages. */
export function requireBenchmarks(root: URL): void {
  const path = fileURLToPath(root);
  if (!existsSync(new URL('bench/bench.ts', root))) {
    throw new StudyError(`bench: ${path} has no benchmarks; run it in a clone of karelscope's repository`);
  }
  const require = createRequire(new URL('bench/bench.ts', root));
  for (const name of ['benny', 'typescript']) {
    try {
      require.resolve(name);
    } catch {
      throw new StudyError(`bench: the package ${name} is not installed; run \`npm ci\` in ${path}`);
    }
  }
}
