/** @file How long a run will take on this machine, how much memory and how much disk: rehearsed in small, and lengthened. Appendix B. */
import { corpusFileLength, encodeHeader } from '../karel/index.ts';
import { MemoryStore } from '../store/index.ts';
import type { Engine } from '../tensor/index.ts';
import { parameterCount, stepFlops } from '../transformer/index.ts';
import { lastingBytes, modelConfig, tooLarge, trainingBytes, WASM_LIMIT_BYTES, weightBytes } from './model-config.ts';
import type { Progress } from './progress.ts';
import { silent } from './progress.ts';
import { checkpointSteps, Run, type RunPlan } from './run.ts';
import { COMPUTING, inputsOf } from './runner.ts';
import { checkSettings, type Settings } from './settings.ts';
import { STAGE_KINDS, type Stage, type StageKind } from './stage.ts';
import { corpusHeaders } from './stages/corpus.ts';
import { traceCounts } from './stages/trace.ts';
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
/** Programs of a checkpoint that are enough to time anything. */
const FEWEST_PROGRAMS = 200;
/** Trained models write shorter programs than they might, and pairs for probes are as many as actions: seen in runs of `tiny`. */
const SHORTER = 0.6;
/** The part of its samples that a probe is shown: it may stop early. Chosen so that the estimate of `tiny` is right. */
const SHOWN = 0.4;
/** Seconds that the larger rehearsal should take without its training. */
const REHEARSAL_SECONDS = 6;

/** Rehearses for half a minute at most, as a rule, in memory. Throws `OutOfMemoryError` when there is no room for that. */
export async function estimate(
  plan: EstimatePlan,
  engine: Engine,
  machine: Machine,
  progress: Progress,
  rehearsalSeconds = REHEARSAL_SECONDS,
): Promise<Estimate> {
  const { seeds, ...own } = plan;
  const fitting = tooLarge(own.settings) === undefined ? own.settings : smallerModel(own.settings);
  const programs = totalPrograms(own.settings);
  const share = Math.min(1, FEWEST_PROGRAMS / programs);
  progress.start('rehearse', 3, 'runs');
  const short = (part: number, steps: number) => rehearse(engine, { ...own, settings: inSmall(fitting, part, steps) });
  const cold = await short(share, 2); // finds nothing warm, and does not count where another costs little
  progress.update(1);
  const first = spentOn(cold) < rehearsalSeconds ? await short(share, 4) : cold;
  progress.update(2);
  const larger = Math.min(1, share * Math.min(12, Math.max(1.5, rehearsalSeconds / spentOn(first))));
  const step = first.get('train/last')!;
  const steps = Math.max(3, Math.min(200, Math.round(((rehearsalSeconds / 6) * step.work) / step.seconds)));
  const second = await short(larger, steps);
  progress.stop();
  const rehearsed = { programs: Math.round(larger * programs), parameters: parameterCount(modelConfig(fitting)) };
  return lengthen(plan, [first, second], { engine, machine, rehearsed, growth: growthOf(own.settings, fitting) });
}

/** What a stage took; `work` as it declares it. */
interface Timed {
  readonly kind: StageKind;
  readonly work: number;
  readonly seconds: number;
  readonly bytes: number;
  /** The most WebAssembly memory that it was seen to take. */
  readonly engineBytes: number;
}

/** Without training. */
const spentOn = (rehearsal: Rehearsal): number =>
  [...rehearsal.values()].reduce((sum, { kind, seconds }) => sum + (kind === 'train' ? 0 : seconds), 0);

/** By {@link placeOf}. */
type Rehearsal = ReadonlyMap<string, Timed>;

/** All stages of a run, in memory. */
async function rehearse(engine: Engine, plan: RunPlan): Promise<Rehearsal> {
  const run = Run.create(new MemoryStore(), plan);
  const timed = new Map<string, Timed>();
  for (const stage of stagesOf(plan, { arithmetic: () => engine.arithmetic })) {
    const before = engine.memory().usedBytes;
    let most = before;
    const look = (): void => void (most = Math.max(most, engine.memory().usedBytes));
    const workplace = {
      engine: async () => engine,
      progress: { ...silent, update: look },
      scratch: new MemoryStore(),
      kept: () => {},
      stopping: () => false,
    };
    const started = performance.now();
    run.keep(stage.name, stage.needs.filter(run.has), await stage.make(inputsOf(run, stage), workplace));
    const seconds = (performance.now() - started) / 1000;
    if (stage.kind === 'train') most = engine.memory().peakBytes; // what a step takes is gone when it is over
    const bytes = stage.makes.reduce((sum, name) => sum + run.artefact(name)!.bytes, 0);
    timed.set(placeOf(plan, stage), { kind: stage.kind, work: stage.work, seconds, bytes, engineBytes: most - before });
  }
  return timed;
}

/** Stages at the first and the last checkpoint have more to do than the others, which are all alike. */
function placeOf(plan: RunPlan, { name, kind }: Pick<Stage, 'name' | 'kind'>): string {
  const about = name.slice(kind.length + 1);
  const at = checkpointSteps(plan).indexOf(Number(about));
  if (about === '' || at === -1) return name;
  return `${kind}/${at === 0 ? 'first' : at === plan.settings.checkpoints ? 'last' : 'middle'}`;
}

interface Measured {
  readonly engine: Engine;
  readonly machine: Machine;
  readonly rehearsed: Estimate['rehearsed'];
  /** By how much each kind of stage takes longer, and more bytes, than in a rehearsal with a smaller model. */
  readonly growth: Growth;
}
type Growth = Readonly<Record<'seconds' | 'bytes' | 'engineBytes', Readonly<Partial<Record<StageKind, number>>>>>;

/** So many samples or steps, and nothing besides. */
const STEADY: readonly StageKind[] = ['corpus', 'train'];
/** A batch after the other: more work takes no more memory. */
const BATCHED: readonly StageKind[] = ['corpus', 'train', 'trace'];

/** They have hidden states in memory. */
const READING: readonly StageKind[] = ['trace', 'probe', 'analysis'];

/** Two rehearsals give a straight line in the work of each stage, and the run lies on it. */
function lengthen(
  { seeds, ...plan }: EstimatePlan,
  [first, second]: readonly [Rehearsal, Rehearsal],
  { engine, machine, rehearsed, growth }: Measured,
): Estimate {
  const { settings } = plan;
  const seconds = byKind();
  const disk = byKind();
  const engineOf = byKind();
  let hiddenStates = 0;
  for (const stage of stagesOf(plan, { arithmetic: () => engine.arithmetic })) {
    const place = placeOf(plan, stage);
    const [a, b] = [first, second].map((timed) => timed.get(place) ?? timed.get(place.replace('middle', 'last'))!);
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
    rehearsed,
  };
}

const byKind = (): Record<StageKind, number> =>
  Object.fromEntries(STAGE_KINDS.map((kind) => [kind, 0])) as Record<StageKind, number>;
const sum = (parts: object): number => Object.values(parts).reduce((total: number, part: number) => total + part, 0);
const totalPrograms = (settings: Settings): number => sum(traceCounts(settings));

/** The same batches, worlds and shape; `part` of the programs that a checkpoint writes and of what probes are shown, twice `steps` of training. */
function inSmall(settings: Settings, part: number, steps: number): Settings {
  const of = (count: number, fewest: number): number =>
    Math.min(Math.round(count), Math.max(fewest, Math.round(part * count)));
  const [traceTrain, traceValidation] = [of(settings.traceTrain, 60), of(settings.traceValidation, 20)];
  const [traceTest, perplexitySamples] = [of(settings.traceTest, 30), of(settings.perplexitySamples, 10)];
  return checkSettings({
    ...settings,
    ...{ traceTrain, traceValidation, traceTest, perplexitySamples },
    ...{ steps: 2 * steps, checkpoints: 2, warmupSteps: 0 },
    ...{ learningRate: 0, initializer_range: 0.9 }, // so that what is written depends on what is read, and is not all alike
    maxProgramLength: Math.max(2, Math.round(SHORTER * settings.maxProgramLength)),
    trainSamples: Math.min(settings.trainSamples, Math.max(1000, traceTrain)),
    validationSamples: Math.min(settings.validationSamples, Math.max(100, traceValidation)),
    testSamples: Math.min(settings.testSamples, Math.max(200, traceTest, perplexitySamples)),
    probeSamples: of(SHOWN * settings.probeSamples, settings.probeBatch),
    probeSamplesTwoHidden: of(SHOWN * settings.probeSamplesTwoHidden, settings.probeBatch),
    probePatience: 1_000_000,
    probeInterval: of(settings.probeInterval, settings.probeBatch),
  });
}

/** A model of the same worlds and programs that can be timed in seconds. */
function smallerModel(settings: Settings): Settings {
  const model = { n_embd: 128, n_layer: Math.min(2, settings.n_layer), n_head: 4, rotary_dim: 16 };
  let smaller = { ...settings, ...model, layer: -1, batchSize: Math.min(4, settings.batchSize) };
  while (smaller.batchSize > 1 && tooLarge(smaller) !== undefined)
    smaller = { ...smaller, batchSize: smaller.batchSize >> 1 };
  return smaller;
}

/** By floating-point operations and parameters; probes grow with the width of their inputs alone. */
function growthOf(settings: Settings, timed: Settings): Growth {
  if (settings === timed) return { seconds: {}, bytes: {}, engineBytes: {} };
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
