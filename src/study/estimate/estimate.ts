/** @file How long a run will take on this machine, how much memory and how much disk. Chapter 8. */
import type { Engine } from '../../tensor/index.ts';
import { tooLarge, trainingBytes, WASM_LIMIT_BYTES } from '../model-config.ts';
import type { Progress } from '../progress.ts';
import type { RunPlan } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { StageKind } from '../stage.ts';
import { formatBytes } from '../units.ts';
import { measureRates, type Rates } from './measure-rates.ts';
import { type DiskBytes, diskBytes, engineBytes, type MemoryBytes, memoryBytes } from './run-sizes.ts';
import { stageSeconds } from './stage-seconds.ts';
import { type Workload, workloadOf } from './workload.ts';

/** What there is to run on. */
export interface Machine {
  /** All of the machine's memory, or of the container's where that is less. */
  readonly memoryBytes: number;
  /** What is free where the run would be written. */
  readonly diskBytes: number;
  /** Threads that wanted a core in the minute before, the load average: other work makes all times longer. */
  readonly load: number;
  /** Most resident memory of this process so far. */
  readonly processBytes: () => number;
}

/** What `karelscope estimate --json` prints. Seconds are wall-clock seconds, bytes are bytes. */
export interface Estimate extends RunPlan {
  readonly format: 'karelscope-estimate';
  readonly version: 1;
  /** How many runs there are, of `seed` and the next whole numbers; null without `--seeds`. */
  readonly seeds: number | null;
  /** Whether the run can be made here; where not, `obstacles` says why, a sentence each. */
  readonly fits: boolean;
  readonly obstacles: readonly string[];
  /** By stage, and all together: of all runs. */
  readonly seconds: Readonly<Record<StageKind, number>>;
  readonly totalSeconds: number;
  /** Most resident memory of the process, and what it is made of. */
  readonly peakMemoryBytes: number;
  readonly memory: MemoryBytes;
  /** What training alone needs at most of one WebAssembly memory; `reproduce` refuses more than one can hold. */
  readonly trainingBytes: number;
  /** Size of all run directories, and what it is made of. */
  readonly diskTotalBytes: number;
  readonly disk: DiskBytes;
  readonly machine: Pick<Machine, 'memoryBytes' | 'diskBytes' | 'load'>;
  /** How much there is to do in one run. */
  readonly work: Workload;
  /** How fast it is done, as measured. */
  readonly rates: Rates;
}

/** What is to be estimated: one run, or with `seeds` so many of them, and what they show together. */
export interface EstimatePlan extends RunPlan {
  readonly seeds?: number;
}

/** Measures, then computes. Nothing is written. Throws `OutOfMemoryError` when there is no room to measure. */
export async function estimate(
  plan: EstimatePlan,
  engine: Engine,
  machine: Machine,
  progress: Progress,
): Promise<Estimate> {
  return estimateFrom(
    await measureRates(engine, plan.settings, plan.seed, machine.processBytes, progress),
    plan,
    machine,
  );
}

/** What follows from measured rates: arithmetic alone. Runs of several seeds follow each other. */
export function estimateFrom(rates: Rates, { seeds, ...plan }: EstimatePlan, machine: Machine): Estimate {
  const { settings, seed } = plan;
  const work = workloadOf(settings);
  const runs = seeds ?? 1;
  const seconds = times(runs, stageSeconds(rates, work));
  const memory = memoryBytes(settings, work, rates);
  const disk = times(runs, diskBytes(settings, seed, work));
  const totals = { peakMemoryBytes: sum(memory), diskTotalBytes: sum(disk) };
  const obstacles = obstaclesOf(settings, engineBytes(settings, work, rates, 'last'), totals, machine);
  return {
    format: 'karelscope-estimate',
    version: 1,
    ...plan,
    seeds: seeds ?? null,
    fits: obstacles.length === 0,
    obstacles,
    seconds,
    totalSeconds: sum(seconds),
    memory,
    trainingBytes: trainingBytes(settings),
    disk,
    ...totals,
    machine: { memoryBytes: machine.memoryBytes, diskBytes: machine.diskBytes, load: machine.load },
    work,
    rates,
  };
}

function obstaclesOf(
  settings: Settings,
  mostEngineBytes: number,
  totals: Pick<Estimate, 'peakMemoryBytes' | 'diskTotalBytes'>,
  machine: Machine,
): string[] {
  const obstacles: string[] = [];
  const large = tooLarge(settings);
  if (large !== undefined) obstacles.push(large);
  else if (mostEngineBytes > WASM_LIMIT_BYTES) {
    obstacles.push(
      `the inputs of the probes need ${formatBytes(mostEngineBytes)} of one WebAssembly memory, which holds ` +
        `${formatBytes(WASM_LIMIT_BYTES)}: trace fewer programs`,
    );
  }
  const { peakMemoryBytes, diskTotalBytes } = totals;
  if (peakMemoryBytes > machine.memoryBytes) {
    const [needed, has] = [peakMemoryBytes, machine.memoryBytes].map(formatBytes);
    obstacles.push(`the run needs about ${needed} of memory, this machine has ${has}`);
  }
  if (diskTotalBytes > machine.diskBytes) {
    const [needed, free] = [diskTotalBytes, machine.diskBytes].map(formatBytes);
    obstacles.push(`its files take about ${needed}, ${free} are free`);
  }
  return obstacles;
}

function times<Parts extends object>(factor: number, parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, factor * part])) as Parts;
}

function sum(parts: object): number {
  return Object.values(parts).reduce((total: number, part: number) => total + part, 0);
}
