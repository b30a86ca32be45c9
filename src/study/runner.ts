/** @file Walks the list of stages, and does those that are not done. Appendix B. */
import { MANIFEST, verify, within } from '../store/index.ts';
import { ArithmeticError, type Engine } from '../tensor/index.ts';
import { reproduceCommand } from './command.ts';
import { StudyError } from './errors.ts';
import { addToJournal } from './journal.ts';
import { isNoArtefact, SETTINGS_FILE, UNFINISHED_FOLDER } from './names.ts';
import type { Progress } from './progress.ts';
import type { Inputs, Run } from './run.ts';
import type { Settings } from './settings.ts';
import { STAGE_KINDS, type Stage, type StageKind, type Workplace } from './stage.ts';
import { stagesOf } from './stages.ts';

/** What a run is made with; nothing of it decides a bit. */
export interface Context {
  readonly progress: Progress;
  /** An engine of the run's arithmetic. Called once, before the first stage that computes, and before anything is written. */
  readonly openEngine: (arithmetic: Settings['arithmetic']) => Promise<Engine>;
  /** See {@link Workplace.stopping}. */
  readonly stopping?: () => boolean;
  /** Called with the name of each stage that is begun. */
  readonly onStage?: (stage: string) => void;
  /** The built page, to be filled with what a run has found; without it none is written. */
  readonly page?: () => string;
  /** A path as a person can open it. */
  readonly link?: (path: string) => string;
  /** For the journal. */
  readonly machine?: () => { readonly peakMemoryBytes: number; readonly runtime: string };
  /** Training keeps itself after so many seconds. */
  readonly keepSeconds?: number;
}

/** A stage of a run, and whether the manifest has what it makes from what there is now. */
export interface StageState {
  readonly stage: Stage;
  readonly done: boolean;
  /** What it needs, and nothing has made yet. */
  readonly lacks: readonly string[];
}

export function stateOf(run: Run, stage: Stage): StageState {
  const lacks = stage.partial ? [] : stage.needs.filter((name) => !run.has(name));
  const needs = [SETTINGS_FILE, ...stage.needs.filter(run.has)];
  const done =
    lacks.length === 0 &&
    stage.makes.every((name) => {
      const artefact = run.artefact(name);
      if (artefact?.stage !== stage.name || Object.keys(artefact.from).length !== needs.length) return false;
      return needs.every((need) => artefact.from[need] === run.sha256(need));
    });
  return { stage, done, lacks };
}

/** The first stage of a run that is not done; undefined when all are. */
export function firstUndone(run: Run): string | undefined {
  const stages = stagesOf(run.plan, { arithmetic: () => run.arithmetic ?? '' });
  return stages.find((stage) => !stateOf(run, stage).done)?.name;
}

/**
 * Does the stages of these kinds that are not done and have what they need, in their order. The engine is closed afterwards,
 * also when a stage fails. Throws {@link StudyError} when a file is damaged or this machine lacks the run's arithmetic, before
 * anything is computed, and when none of these stages has what it needs.
 */
export async function runStages(run: Run, context: Context, kinds: readonly StageKind[] = STAGE_KINDS): Promise<void> {
  const { progress } = context;
  refuseDamaged(run);
  let engine: Engine | undefined;
  const open = async (): Promise<Engine> => {
    engine ??= await engineFor(run, context);
    run.computesWith(engine.arithmetic);
    return engine;
  };
  const stages = stagesOf(run.plan, {
    arithmetic: () => run.arithmetic ?? '',
    ...(context.keepSeconds !== undefined && { keepSeconds: context.keepSeconds }),
  }).filter(({ kind }) => kinds.includes(kind));
  const waiting: StageState[] = [];
  try {
    if (stages.some((stage) => COMPUTING.includes(stage.kind) && !stateOf(run, stage).done)) await open();
    for (const stage of stages) {
      const state = stateOf(run, stage);
      if (state.lacks.length > 0) waiting.push(state);
      else if (!state.done) await runStage(run, stage, context, open, () => engine);
    }
  } finally {
    progress.stop();
    await engine?.close();
  }
  if (waiting.length > 0) sayWaiting(run, waiting, stages.length, progress);
}

/** Kinds of stages that need an engine. */
export const COMPUTING: readonly StageKind[] = ['train', 'trace', 'probe', 'analysis'];

async function engineFor({ plan, store }: Run, { openEngine }: Context): Promise<Engine> {
  try {
    return await openEngine(plan.settings.arithmetic);
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    throw new StudyError(
      `${store.place}: ${error.message}: begin a run with --arithmetic simd, which every machine can`,
    );
  }
}

async function runStage(
  run: Run,
  stage: Stage,
  { progress, stopping = () => false, onStage, machine }: Context,
  open: () => Promise<Engine>,
  opened: () => Engine | undefined,
): Promise<void> {
  onStage?.(stage.name);
  let started = performance.now();
  const kept = (): void => {
    const now = performance.now();
    const { peakMemoryBytes = 0, runtime = '' } = machine?.() ?? {};
    const seconds = (now - started) / 1000;
    addToJournal(run.store, { stage: stage.name, seconds, threads: opened()?.threads ?? 0, peakMemoryBytes, runtime });
    started = now;
  };
  const needs = stage.needs.filter(run.has);
  const scratch = within(run.store, UNFINISHED_FOLDER);
  const workplace: Workplace = { engine: open, progress, scratch, kept, stopping };
  run.keep(stage.name, needs, await stage.make(inputsOf(run, stage), workplace));
  for (const name of scratch.list()) scratch.remove(name);
  kept();
  progress.stop();
}

/** The run, as far as a stage may see it: an input that it does not declare would make a stale result look done. */
export function inputsOf(run: Run, stage: Pick<Stage, 'name' | 'needs'>): Inputs {
  const allowed = new Set(stage.needs.filter(run.has));
  const declared =
    <T>(get: (name: string) => T) =>
    (name: string): T => {
      if (!allowed.has(name)) throw new Error(`stage ${stage.name} reads ${name}, which it does not declare`);
      return get(name);
    };
  const { plan } = run;
  return {
    plan,
    has: (name) => allowed.has(name),
    read: declared(run.read),
    open: declared(run.open),
    sha256: declared(run.sha256),
  };
}

/** Files that no manifest knows, or no manifest at all, are what a crash has left: they are written anew. */
function refuseDamaged(run: Run): void {
  const { store } = run;
  const [first, ...others] = verify(store, isNoArtefact).filter(
    ({ name, fault }) => fault !== 'foreign' && !(name === MANIFEST && fault === 'missing'),
  );
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new StudyError(
    `${store.place}/${first.name}: ${first.fault}: ${first.reason}${more}; karelscope verify --repair ${store.place} removes what is damaged`,
  );
}

function sayWaiting(run: Run, waiting: readonly StageState[], asked: number, progress: Progress): void {
  const names = waiting.map(({ stage }) => stage.name);
  const why = `${waiting[0]!.lacks[0]} has not been made yet; go on with ${reproduceCommand({ path: run.store.place, plan: run.plan })}`;
  if (waiting.length === asked) throw new StudyError(`${run.store.place}: ${names.join(', ')}: ${why}`);
  progress.line(`left out: ${names.join(', ')}: ${why}`);
}
