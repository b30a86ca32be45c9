/** @file A run in small, timed: what an estimate is lengthened from. Appendix B. */
import { MemoryStore } from '../store/index.ts';
import type { Engine } from '../tensor/index.ts';
import { parameterCount } from '../transformer/index.ts';
import { modelConfig, tooLarge } from './model-config.ts';
import { type Progress, silent } from './progress.ts';
import { checkpointSteps, Run, type RunPlan } from './run.ts';
import { inputsOf } from './runner.ts';
import { checkSettings, type Settings } from './settings.ts';
import type { Stage, StageKind } from './stage.ts';
import { traceCounts } from './stages/trace.ts';
import { stagesOf } from './stages.ts';

/** Programs of a checkpoint that are enough to time anything. */
const FEWEST_PROGRAMS = 200;
/** Trained models write shorter programs than they might, and pairs for probes are as many as actions: seen in runs of `tiny`. */
const SHORTER = 0.6;
/** The part of its samples that a probe is shown: it may stop early. Chosen so that the estimate of `tiny` is right. */
const SHOWN = 0.4;
/** Seconds that the larger rehearsal should take without its training. */
const REHEARSAL_SECONDS = 6;

/** Two runs of different length, in memory. */
export interface Rehearsal {
  readonly shorter: Timings;
  readonly longer: Timings;
  /** Those of the run, or where its model does not fit into memory those of a smaller one. */
  readonly settings: Settings;
  /** Programs of a checkpoint in the longer one. */
  readonly programs: number;
  readonly parameters: number;
}

/** For half a minute at most, as a rule. Throws `OutOfMemoryError` when there is no room for that. */
export async function rehearse(
  plan: RunPlan,
  engine: Engine,
  progress: Progress,
  seconds = REHEARSAL_SECONDS,
): Promise<Rehearsal> {
  const settings = tooLarge(plan.settings) === undefined ? plan.settings : smallerModel(plan.settings);
  const programs = sum(traceCounts(settings));
  const share = Math.min(1, FEWEST_PROGRAMS / programs);
  progress.start('rehearse', 3, 'runs');
  const short = (part: number, steps: number) => timed(engine, { ...plan, settings: inSmall(settings, part, steps) });
  const cold = await short(share, 2); // finds nothing warm, and does not count where another costs little
  progress.update(1);
  const shorter = spentOn(cold) < seconds ? await short(share, 4) : cold;
  progress.update(2);
  const larger = Math.min(1, share * Math.min(12, Math.max(1.5, seconds / spentOn(shorter))));
  const step = shorter.get('train/last')!;
  const steps = Math.max(3, Math.min(200, Math.round(((seconds / 6) * step.work) / step.seconds)));
  const longer = await short(larger, steps);
  progress.stop();
  const parameters = parameterCount(modelConfig(settings));
  return { shorter, longer, settings, programs: Math.round(larger * programs), parameters };
}

/** What a stage took; `work` as it declares it. */
export interface Timed {
  readonly kind: StageKind;
  readonly work: number;
  readonly seconds: number;
  readonly bytes: number;
  /** The most WebAssembly memory that it was seen to take. */
  readonly engineBytes: number;
}

/** Without training. */
const spentOn = (timings: Timings): number =>
  sum([...timings.values()].map(({ kind, seconds }) => (kind === 'train' ? 0 : seconds)));
export const sum = (parts: object): number =>
  Object.values(parts).reduce((total: number, part: number) => total + part, 0);

/** By {@link placeOf}. */
export type Timings = ReadonlyMap<string, Timed>;

/** All stages of a run, in memory. */
async function timed(engine: Engine, plan: RunPlan): Promise<Timings> {
  const run = Run.create(new MemoryStore(), plan);
  const timings = new Map<string, Timed>();
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
    timings.set(placeOf(plan, stage), {
      kind: stage.kind,
      work: stage.work,
      seconds,
      bytes,
      engineBytes: most - before,
    });
  }
  return timings;
}

/** Stages at the first and the last checkpoint have more to do than the others, which are all alike. */
export function placeOf(plan: RunPlan, { name, kind }: Pick<Stage, 'name' | 'kind'>): string {
  const about = name.slice(kind.length + 1);
  const at = checkpointSteps(plan).indexOf(Number(about));
  if (about === '' || at === -1) return name;
  return `${kind}/${at === 0 ? 'first' : at === plan.settings.checkpoints ? 'last' : 'middle'}`;
}

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
  const model = { n_embd: 64, n_layer: Math.min(2, settings.n_layer), n_head: 4, rotary_dim: 16 };
  let smaller = { ...settings, ...model, layer: -1, batchSize: Math.min(4, settings.batchSize) };
  while (smaller.batchSize > 1 && tooLarge(smaller) !== undefined)
    smaller = { ...smaller, batchSize: smaller.batchSize >> 1 };
  return smaller;
}
