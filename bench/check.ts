/**
 * @file `npm run bench:check`: measures, and fails when a ratio fell by over 20 % from bench/baseline.json. With
 * `-- --update` what is measured becomes the baseline.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { SuiteName } from '../src/node/bench-command.ts';
import { measureSuites } from './bench.ts';
import { median } from './measure.ts';
import { better, fallen, type Ratios, ratiosOf, rounded } from './ratios.ts';
import { Bench } from './suite.ts';

const BASELINE = new URL('baseline.json', import.meta.url);

/** The suites with ratios, and which of their cases. Two threads at most, so that machines with more compare. */
const THREADS = Math.min(2, availableParallelism());
const SUITES: readonly { readonly name: SuiteName; readonly threads: number; readonly only?: string }[] = [
  { name: 'matmul', threads: THREADS, only: '512: A B' },
  { name: 'step', threads: THREADS },
  { name: 'kernels', threads: 1 },
  { name: 'generate', threads: THREADS },
];

/** A ratio counts as fallen only if so many measurements, the first included, agree; its baseline is their median. */
const MEASUREMENTS = 3;

async function measureRatios(suites: readonly SuiteName[]): Promise<Ratios> {
  const note = (text: string): void => void process.stderr.write(`measuring: ${text}\n`);
  const all: Record<string, number> = {};
  for (const { name, threads, only } of SUITES.filter((suite) => suites.includes(suite.name))) {
    const bench = new Bench({ threads, only, note });
    Object.assign(all, ratiosOf(await measureSuites([name], bench)));
  }
  return all;
}

async function update(): Promise<void> {
  const rounds: Ratios[] = [];
  for (let round = 0; round < MEASUREMENTS; round++) rounds.push(await measureRatios(SUITES.map(({ name }) => name)));
  const ratios = Object.fromEntries(
    Object.keys(rounds[0]!).map((name) => [name, rounded(median(rounds.map((ratios) => ratios[name]!)))]),
  );
  writeFileSync(BASELINE, `${JSON.stringify(ratios, null, 2)}\n`);
  console.log(`wrote ${Object.keys(ratios).length} ratios`);
}

async function check(): Promise<void> {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Ratios;
  const comparable = Object.fromEntries(
    Object.entries(baseline).filter(([name]) => THREADS > 1 || !name.includes('2 threads')),
  );
  let suites = SUITES.map(({ name }) => name);
  let measured: Ratios = {};
  for (let measurement = 0; measurement < MEASUREMENTS && suites.length > 0; measurement++) {
    measured = better(measured, await measureRatios(suites));
    const names = fallen(comparable, measured).map(({ name }) => name);
    suites = suites.filter((suite) => names.some((name) => name.startsWith(`${suite}: `)));
  }
  for (const name of Object.keys(measured)) {
    if (!(name in baseline)) console.log(`${name}: ${rounded(measured[name]!)}, not in the baseline`);
  }
  const lines = fallen(comparable, measured).map(({ line }) => line);
  for (const line of lines) console.log(line);
  if (lines.length > 0) process.exitCode = 1;
  else console.log(`${Object.keys(comparable).length} ratios, none below the baseline by over 20 %`);
}

try {
  await (process.argv.includes('--update') ? update() : check());
} catch (error) {
  console.error(`bench:check: ${(error as Error).message}`);
  process.exitCode = 1;
}
