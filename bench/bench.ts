/** @file Runs suites and prints what they found: what `karelscope bench` calls. */
import { availableParallelism } from 'node:os';
import type { BenchOptions, SuiteName } from '../src/node/bench-command.ts';
import { corpusSuite } from './corpus.ts';
import { generateSuite } from './generate.ts';
import { kernelsSuite } from './kernels.ts';
import { matmulSuite } from './matmul.ts';
import { peakSuite } from './peak-suite.ts';
import { probeSuite } from './probe.ts';
import type { BenchResults, Machine } from './results.ts';
import { stepSuite } from './step.ts';
import { Bench, type Suite } from './suite.ts';

const SUITES: { readonly [S in SuiteName]: Suite<NonNullable<BenchResults[S]>> } = {
  peak: peakSuite,
  matmul: matmulSuite,
  kernels: kernelsSuite,
  step: stepSuite,
  generate: generateSuite,
  corpus: corpusSuite,
  probe: probeSuite,
};

/** Measures suite after suite; `onDone` is called when one is done, with all that is known by then. */
export async function measureSuites(
  names: readonly SuiteName[],
  bench: Bench,
  onDone: (name: SuiteName, results: BenchResults) => void = () => undefined,
): Promise<BenchResults> {
  const results: BenchResults = { machine: await bench.machine() };
  const measureOne = async <S extends SuiteName>(name: S): Promise<void> => {
    results[name] = await SUITES[name].measure(bench);
    if (bench.hasPeak) results.peak = await bench.peak();
    onDone(name, results);
  };
  for (const name of names) await measureOne(name);
  return results;
}

/** Tables, or with `json` one document, on standard output; what is being measured on standard error. */
export async function runBench(names: readonly SuiteName[], options: BenchOptions): Promise<void> {
  const note = (text: string): void => void process.stderr.write(`measuring: ${text}\n`);
  const bench = new Bench({ threads: options.threads ?? availableParallelism(), only: options.only, note });
  const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
  if (options.json) {
    print([JSON.stringify(await measureSuites(names, bench), null, 2)]);
    return;
  }
  print([describeMachine(await bench.machine())]);
  await measureSuites(names, bench, (name, results) => print(['', ...describe(name, results)]));
}

function describe<S extends SuiteName>(name: S, results: BenchResults): readonly string[] {
  return SUITES[name].describe(results[name]!, results);
}

function describeMachine({ cpu, cores, node, arithmetic }: Machine): string {
  return `${cpu}, ${cores} cores, Node ${node}, ${arithmetic}`;
}
