/** @file How long a run will take on this machine, how much memory and how much disk: rehearsed in small, and lengthened. Appendix B. */
import { corpusFileLength, encodeHeader } from '../karel/index.ts';
import type { Engine } from '../tensor/index.ts';
import { parameterCount, stepFlops } from '../transformer/index.ts';
import { lastingBytes, modelConfig, tooLarge, trainingBytes, WASM_LIMIT_BYTES, weightBytes } from './model-config.ts';
import type { Progress } from './progress.ts';
import { placeOf, type Rehearsal, rehearse, sum, type Timed } from './rehearsal.ts';
import type { RunPlan } from './run.ts';
import { COMPUTING } from './runner.ts';
import type { Settings } from './settings.ts';
import { STAGE_KINDS, type StageKind } from './stage.ts';
import { corpusHeaders } from './stages/corpus.ts';
import { stagesOf } from './stages.ts';
import { formatBytes } from './units.ts';

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

/** What is to be estimated: one run, or with `seeds` so many of them, one after the other. */
export interface EstimatePlan extends RunPlan {
  readonly seeds?: number;
}

/** What `karelscope estimate --json` prints. Seconds are wall-clock seconds, bytes are bytes. */
export interface Estimate extends Omit<EstimatePlan, 'seeds'> {
  readonly format: 'karelscope-estimate';
  readonly version: 2;
  /** How many runs there are, of `seed` and the next whole numbers; null without `--seeds`. */
  readonly seeds: number | null;
  /** Whether the run can be made here; where not, `obstacles` says why, a sentence each. */
  readonly fits: boolean;
  readonly obstacles: readonly string[];
  /** By kind of stage, and all together: of all runs. */
  readonly seconds: Readonly<Record<StageKind, number>>;
  readonly totalSeconds: number;
  /** Most resident memory of the process, and what it is made of. */
  readonly peakMemoryBytes: number;
  readonly memory: { readonly engine: number; readonly hiddenStates: number; readonly process: number };
  /** What training alone needs at most of one WebAssembly memory; `reproduce` refuses more than one can hold. */
  readonly trainingBytes: number;
  /** Size of all run directories, by kind of the stage that makes the files. */
  readonly diskTotalBytes: number;
  readonly disk: Readonly<Record<StageKind, number>>;
  /** What a job that does all stages of one kind, of one run, should ask for. */
  readonly resources: Readonly<Record<StageKind, Resources>>;
  readonly machine: Omit<Machine, 'processBytes'>;
  readonly threads: number;
  readonly arithmetic: string;
  /** What was timed: programs of a checkpoint, and a model that may be smaller than the run's, where that does not fit. */
  readonly rehearsed: { readonly programs: number; readonly parameters: number };
}

/** Of one run, whatever `seeds` says; whole numbers, rounded up, without a margin for slower machines or other work. */
export interface Resources {
  /** Threads that it computes with; 1 where it computes nothing. */
  readonly cores: number;
  /** Most resident memory, in MB of 1,000,000 bytes. */
  readonly memoryMB: number;
  /** Wall-clock minutes with so many cores of this machine. */
  readonly minutes: number;
  /** Size of the files that it makes, in MB of 1,000,000 bytes. */
  readonly diskMB: number;
}

/** Hidden states of a checkpoint that are in memory at once: five copies for its probes, and those of the one before. */
const COPIES = 2 * 5;
/** By how much Node's heap grows over a whole run beyond a short one: seen in runs of `tiny` and `small`. */
const HEAP_GROWTH = 60e6;

/** Rehearses for half a minute at most, as a rule, in memory, and lengthens. Throws `OutOfMemoryError` when there is no room for that. */
export async function estimate(
  plan: EstimatePlan,
  engine: Engine,
  machine: Machine,
  progress: Progress,
): Promise<Estimate> {
  return lengthen(plan, await rehearse(plan, engine, progress), engine, machine);
}

/** By how much each kind of stage takes longer, more bytes and more memory, than in a rehearsal with a smaller model. */
type Growth = Readonly<Record<'seconds' | 'bytes' | 'engineBytes', Readonly<Partial<Record<StageKind, number>>>>>;

/** So many samples or steps, and nothing besides. */
const STEADY: readonly StageKind[] = ['corpus', 'train'];
/** A batch after the other: more work takes no more memory. */
const BATCHED: readonly StageKind[] = ['corpus', 'train', 'trace'];

/** They have hidden states in memory. */
const READING: readonly StageKind[] = ['trace', 'probe', 'analysis'];

/** Two runs of different length give a straight line in the work of each stage, and the planned one lies on it. */
export function lengthen(
  { seeds, ...plan }: EstimatePlan,
  { shorter, longer, ...rehearsed }: Rehearsal,
  engine: Engine,
  machine: Machine,
): Estimate {
  const { settings } = plan;
  const growth = growthOf(settings, rehearsed.settings);
  const seconds = byKind();
  const disk = byKind();
  const engineOf = byKind();
  let hiddenStates = 0;
  for (const stage of stagesOf(plan, { arithmetic: () => engine.arithmetic })) {
    const place = placeOf(plan, stage);
    const [a, b] = [shorter, longer].map((timed) => timed.get(place) ?? timed.get(place.replace('middle', 'last'))!);
    const line = (value: (timed: Timed) => number): number => {
      const slope = b!.work === a!.work ? 0 : Math.max(0, (value(b!) - value(a!)) / (b!.work - a!.work));
      return Math.max(0, value(b!) + slope * (stage.work - b!.work));
    };
    const taken = STEADY.includes(stage.kind) ? (b!.seconds / b!.work) * stage.work : line((t) => t.seconds);
    const bytes = line((timed) => timed.bytes) * (growth.bytes[stage.kind] ?? 1);
    seconds[stage.kind] += taken * (growth.seconds[stage.kind] ?? 1);
    disk[stage.kind] += bytes;
    const most = BATCHED.includes(stage.kind) ? b!.engineBytes : line((t) => t.engineBytes);
    engineOf[stage.kind] = Math.max(engineOf[stage.kind], most);
    if (stage.kind === 'trace') hiddenStates = Math.max(hiddenStates, COPIES * bytes);
  }
  disk.corpus = corpusHeaders(plan).reduce((sum, h) => sum + corpusFileLength(h, encodeHeader(h).length), 0);
  const trained = trainingBytes(settings);
  const engineWith = (kind: StageKind): number => {
    const bytes = engineOf[kind] * (growth.engineBytes[kind] ?? 1);
    if (tooLarge(settings) === undefined) return lastingBytes(settings) + bytes;
    return kind === 'train' ? Math.max(trained, bytes) : weightBytes(settings) + bytes; // imported, it is not trained here
  };
  const memory = {
    engine: Math.max(...COMPUTING.map(engineWith)),
    hiddenStates,
    process: Math.max(0, machine.processBytes() - engine.memory().peakBytes) + HEAP_GROWTH,
  };
  const resources = Object.fromEntries(
    STAGE_KINDS.map((kind) => {
      const computes = COMPUTING.includes(kind);
      const held = READING.includes(kind) ? memory.hiddenStates : 0;
      const bytes = memory.process + held + (computes ? engineWith(kind) : 0);
      const cores = computes ? engine.threads : 1;
      const [memoryMB, diskMB] = [Math.ceil(bytes / 1e6), Math.ceil(disk[kind] / 1e6)];
      return [kind, { cores, memoryMB, minutes: Math.max(1, Math.ceil(seconds[kind] / 60)), diskMB }];
    }),
  ) as Record<StageKind, Resources>;
  const runs = seeds ?? 1;
  for (const kind of STAGE_KINDS) {
    seconds[kind] *= runs;
    disk[kind] *= runs;
  }
  const totals = { peakMemoryBytes: sum(memory), diskTotalBytes: sum(disk) };
  const besidesTraining = Math.max(...COMPUTING.filter((kind) => kind !== 'train').map(engineWith));
  const obstacles = obstaclesOf(settings, besidesTraining, totals, machine);
  return {
    format: 'karelscope-estimate',
    version: 2,
    ...plan,
    seeds: seeds ?? null,
    fits: obstacles.length === 0,
    obstacles,
    seconds,
    totalSeconds: sum(seconds),
    memory,
    trainingBytes: trained,
    disk,
    ...totals,
    resources,
    machine: { memoryBytes: machine.memoryBytes, diskBytes: machine.diskBytes, load: machine.load },
    threads: engine.threads,
    arithmetic: engine.arithmetic,
    rehearsed: { programs: rehearsed.programs, parameters: rehearsed.parameters },
  };
}

const byKind = (): Record<StageKind, number> =>
  Object.fromEntries(STAGE_KINDS.map((kind) => [kind, 0])) as Record<StageKind, number>;

/** By floating-point operations and parameters; probes grow with the width of their inputs alone. */
function growthOf(settings: Settings, timed: Settings): Growth {
  const [config, small] = [modelConfig(settings), modelConfig(timed)];
  const tokens = [config.n_positions - 1];
  const flops = stepFlops(config, tokens) / stepFlops(small, tokens);
  const width = config.n_embd / small.n_embd;
  return {
    seconds: { train: (flops * settings.batchSize) / timed.batchSize, trace: flops, analysis: flops, probe: width },
    bytes: { train: parameterCount(config) / parameterCount(small), trace: width },
    engineBytes: { trace: width, probe: width, analysis: width },
  };
}

function obstaclesOf(
  settings: Settings,
  besidesTraining: number,
  { peakMemoryBytes, diskTotalBytes }: Pick<Estimate, 'peakMemoryBytes' | 'diskTotalBytes'>,
  machine: Machine,
): string[] {
  const obstacles: string[] = [];
  const large = tooLarge(settings);
  if (large !== undefined) obstacles.push(large);
  if (besidesTraining > WASM_LIMIT_BYTES) {
    const [needs, holds] = [besidesTraining, WASM_LIMIT_BYTES].map(formatBytes);
    obstacles.push(
      `the inputs of the probes need ${needs} of one WebAssembly memory, which holds ${holds}: trace fewer programs`,
    );
  }
  const compare = (what: string, needed: number, there: number, has: string): void => {
    if (needed > there) obstacles.push(`${what} about ${formatBytes(needed)}, ${has.replace('%', formatBytes(there))}`);
  };
  compare('the run needs', peakMemoryBytes, machine.memoryBytes, 'this machine has %');
  compare('its files take', diskTotalBytes, machine.diskBytes, '% are free');
  return obstacles;
}
