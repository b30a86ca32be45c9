/** @file Probing the checkpoints of a run. Chapter 8. */
import { setImmediate as otherEvents } from 'node:timers/promises';
import {
  BASELINE_OFFSETS,
  CheckpointExecutions,
  checkpointGrid,
  Evidence,
  evaluateProbes,
  type Labelling,
  LookAhead,
  labelDistribution,
  type ProbeOutcome,
  type ProbeSettings,
  type ProbeTraining,
  probeGrid,
  type Scored,
  type SkippedProbe,
} from '../probe/index.ts';
import { randomStream } from '../random.ts';
import type { EvidenceResults } from '../results/results.ts';
import type { Engine } from '../tensor/index.ts';
import { loadModel } from './checkpoints.ts';
import { StudyError } from './errors.ts';
import { readJson, writeJson } from './files.ts';
import type { Progress } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import { tracedSteps, trainingHasEnded, trainingState } from './run-state.ts';
import type { Settings } from './settings.ts';
import { checkpointTraces } from './stored-traces.ts';

/** `probes/step-N.json`. */
export interface ProbeFile {
  readonly outcomes: ProbeOutcome[];
  readonly skipped: SkippedProbe[];
  readonly labelDistribution: Record<string, Record<string, number[]>>;
  /** At the last checkpoint. */
  readonly evidence?: EvidenceResults;
}

export function readProbes(run: RunDirectory, step: number): ProbeFile | undefined {
  return readJson<ProbeFile>(run.probes(step));
}

/**
 * Trains the probes of every checkpoint that has none yet; `atCheckpoint` is called when one is done. While training has not
 * ended, checkpoints without traces are left out, and the last that is there is probed as those before it: only the last
 * of the plan gets the whole grid, so that a run which then goes on ends as if it had never paused. Throws {@link StudyError}, before
 * anything is computed, when training has ended and traces are missing.
 */
export async function probe(
  run: RunDirectory,
  open: () => Promise<Engine>,
  progress: Progress,
  atCheckpoint: () => void,
): Promise<void> {
  const { settings } = run.plan;
  const steps = stepsToProbe(run, progress);
  const isLast = (step: number): boolean => step === settings.steps;
  const grids = new Map(steps.map((step) => [step, gridOf(settings, isLast(step))]));
  const missing = steps.filter((step) => !readProbes(run, step));
  const total = steps.reduce((sum, step) => sum + grids.get(step)!.length, 0);
  let done = total - missing.reduce((sum, step) => sum + grids.get(step)!.length, 0);
  if (missing.length === 0) return;
  const engine = await open();
  progress.start('probe', total, 'probes', done);
  for (const step of missing) {
    const grid = grids.get(step)!;
    const file = engine.scope(() =>
      probeCheckpoint(run, engine, step, grid, isLast(step), (count) => progress.update(done + count, `step ${step}`)),
    );
    writeJson(run.probes(step), file);
    done += grid.length;
    atCheckpoint();
    await otherEvents();
  }
  progress.stop();
}

/** The checkpoints that have traces: all, once training has ended; before, a line says which are left out. */
function stepsToProbe(run: RunDirectory, progress: Progress): number[] {
  const steps = run.checkpointSteps();
  const traced = tracedSteps(run);
  const others = steps.filter((step) => !traced.includes(step));
  if (!trainingHasEnded(run)) {
    progress.line(`${trainingState(run)}; left out, without traces: step ${others.join(', ')}`);
    return traced;
  }
  const [untraced] = others.filter((step) => !readProbes(run, step));
  if (untraced === undefined) return steps;
  throw new StudyError(`${run.traces(untraced)}: no traces; make them with karelscope trace ${run.path}`);
}

/**
 * The probes of a checkpoint; probe seeds after the first ask at the last one at offsets -1 and 0, with one hidden layer:
 * a linear probe is the same for each seed.
 */
export function gridOf(settings: Settings, last: boolean) {
  const [first = '0', ...others] = Array.from({ length: settings.probeSeeds }, (_, index) => String(index));
  const full = settings.probeGrid === 'full';
  const semantics = settings.semantics.split(' ');
  const grid = checkpointGrid({ last, full }, { seeds: [first], semantics });
  return last && others.length > 0
    ? [...grid, ...probeGrid({ seeds: others, semantics, offsets: BASELINE_OFFSETS, hiddenLayers: [1] })]
    : grid;
}

/** Which states a run with these settings asks for. */
export function labellingOf({ lastState, labelExample }: Settings): Labelling {
  return { lastState, examples: labelExample === -1 ? 'all' : labelExample };
}

/** How a run with these settings trains its probes, but those of two hidden layers. */
export function probeTraining(settings: Settings): ProbeTraining {
  return {
    samples: settings.probeSamples,
    batchSize: settings.probeBatch,
    learningRate: settings.probeLearningRate,
    weightDecay: settings.probeWeightDecay,
    interval: settings.probeInterval,
    decay: settings.probeDecay,
    patience: settings.probePatience,
  };
}

/** What a run with these settings asks of its probes, and how it trains those of each depth. */
export function probeSettings(settings: Settings): ProbeSettings {
  return {
    ...labellingOf(settings),
    training: probeTraining(settings),
    byDepth: { 2: { samples: settings.probeSamplesTwoHidden, learningRate: settings.probeLearningRateTwoHidden } },
  };
}

function probeCheckpoint(
  run: RunDirectory,
  engine: Engine,
  step: number,
  grid: ReturnType<typeof gridOf>,
  last: boolean,
  onDone: (done: number) => void,
): ProbeFile {
  const { settings, seed } = run.plan;
  const traces = checkpointTraces(run, engine, loadModel(run, 0, engine), step);
  const asked = { ...probeSettings(settings), baselines: last };
  const random = (name: string) => randomStream(seed, name);
  const evidence = new Evidence(traces.test.programs);
  const lookAhead = new LookAhead(traces.test.programs);
  const onScored = (scored: Scored): void => {
    evidence.add(scored);
    lookAhead.add(scored);
  };
  const executions = new CheckpointExecutions(traces, asked);
  const { outcomes, skipped } = evaluateProbes(engine, traces, grid, asked, random, { onDone, onScored, executions });
  return {
    outcomes,
    skipped,
    labelDistribution: labelDistribution(traces, settings.semantics.split(' '), asked, executions),
    ...(last && {
      evidence: {
        ...evidence.rows(random),
        lookAhead: lookAhead.rows(random('look-ahead')),
      },
    }),
  };
}
