/** @file Probing the checkpoints of a run. Chapter 8. */
import { setImmediate as otherEvents } from 'node:timers/promises';
import { promptLength, type Split, tokenOfAction } from '../karel/index.ts';
import {
  bySplit,
  type CheckpointTraces,
  checkpointGrid,
  Evidence,
  evaluateProbes,
  type GeneratedProgram,
  type Labelling,
  LookAhead,
  labelDistribution,
  type ProbeOutcome,
  type ProbeTraining,
  probeGrid,
  type Scored,
  type SkippedProbe,
  type TraceSplit,
} from '../probe/index.ts';
import { randomStream } from '../random.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, hiddenStates } from '../transformer/index.ts';
import { loadModel } from './checkpoints.ts';
import { CorpusReader } from './corpus-files.ts';
import { readJson, writeJson } from './files.ts';
import type { Progress } from './progress.ts';
import type { EvidenceResults } from './results.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Settings } from './settings.ts';
import { concatenate, readTraces, type StoredTraces } from './trace-stage.ts';

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

/** Trains the probes of every checkpoint that has none yet; `atCheckpoint` is called when one is done. */
export async function probe(
  run: RunDirectory,
  open: () => Promise<Engine>,
  progress: Progress,
  atCheckpoint: () => void,
): Promise<void> {
  const { settings } = run.plan;
  const steps = run.checkpointSteps();
  const grids = new Map(steps.map((step) => [step, gridOf(settings, step === steps.at(-1))]));
  const missing = steps.filter((step) => !readProbes(run, step));
  const total = steps.reduce((sum, step) => sum + grids.get(step)!.length, 0);
  let done = total - missing.reduce((sum, step) => sum + grids.get(step)!.length, 0);
  if (missing.length === 0) return;
  const engine = await open();
  progress.start('probe', total, 'probes', done);
  for (const step of missing) {
    const grid = grids.get(step)!;
    const file = engine.scope(() =>
      probeCheckpoint(run, engine, step, grid, step === steps.at(-1), (count) =>
        progress.update(done + count, `step ${step}`),
      ),
    );
    writeJson(run.probes(step), file);
    done += grid.length;
    atCheckpoint();
    await otherEvents();
  }
  progress.stop();
}

/** The probes of a checkpoint; probe seeds after the first ask at the last one for the present, and up to one hidden layer. */
export function gridOf(settings: Settings, last: boolean) {
  const [first = '0', ...others] = Array.from({ length: settings.probeSeeds }, (_, index) => String(index));
  const full = settings.probeGrid === 'full';
  const semantics = settings.semantics.split(' ');
  const grid = checkpointGrid({ last, full }, { seeds: [first], semantics });
  return last && others.length > 0 ? [...grid, ...probeGrid({ seeds: others, semantics })] : grid;
}

/** Which states a run with these settings asks for. */
export function labellingOf({ lastState, labelExample }: Settings): Labelling {
  return { lastState, examples: labelExample === -1 ? 'all' : labelExample };
}

/** How a run with these settings trains its probes, but those of two hidden layers. */
export function probeTraining(settings: Settings): ProbeTraining {
  return {
    samples: settings.probeSamples,
    maxPasses: settings.probePasses,
    batchSize: settings.probeBatch,
    learningRate: settings.probeLearningRate,
    weightDecay: settings.probeWeightDecay,
    decay: settings.probeDecay,
    intervals: settings.probeIntervals,
    validations: settings.probeIntervals,
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
  const untrained = loadModel(run, 0, engine);
  const traces = checkpointTraces(run, engine, untrained, readTraces(run, step));
  const labelling = labellingOf(settings);
  const random = (name: string) => randomStream(seed, name);
  const evidence = new Evidence(traces.test.programs);
  const lookAhead = new LookAhead(traces.test.programs);
  const onScored = (scored: Scored): void => {
    evidence.add(scored);
    lookAhead.add(scored);
  };
  const { outcomes, skipped } = evaluateProbes(
    engine,
    traces,
    grid,
    {
      ...labelling,
      baselines: last,
      training: probeTraining(settings),
      byDepth: { 2: { samples: settings.probeSamplesTwoHidden, learningRate: settings.probeLearningRateTwoHidden } },
    },
    random,
    { onDone, onScored },
  );
  return {
    outcomes,
    skipped,
    labelDistribution: labelDistribution(traces, settings.semantics.split(' '), labelling),
    ...(last && {
      evidence: {
        ...evidence.rows(random('evidence')),
        lookAhead: lookAhead.rows(random('look-ahead')),
      },
    }),
  };
}

/** The stored traces with the worlds that they ran in, and the untrained model's hidden states for the same programs. */
function checkpointTraces(
  run: RunDirectory,
  engine: Engine,
  untrained: CodeGen,
  stored: StoredTraces,
): CheckpointTraces {
  const { settings } = run.plan;
  const layer = settings.layer === -1 ? 'mean' : settings.layer;
  // With the last state dropped, a program of one action has no pair at any offset: the models need not read it.
  const fewest = settings.lastState === 'dropped' ? 2 : 1;
  const splitOf = (split: Split): TraceSplit => {
    const reader = new CorpusReader(run.corpus(split));
    const prompt = promptLength(reader.header.settings);
    const programs: GeneratedProgram[] = [];
    const trained: Float32Array[] = [];
    const sequences: number[][] = [];
    const positions: number[][] = [];
    let row = 0;
    for (const [index, actions] of stored.programs[split].entries()) {
      const rows = stored.hiddenStates[split].subarray(row * settings.n_embd, (row + actions.length) * settings.n_embd);
      row += actions.length;
      if (actions.length < fewest) continue;
      const { inputs, outputs } = reader.record(index);
      programs.push({ inputs, outputs, actions });
      trained.push(rows);
      // The state from which action i was generated is that of the token before it.
      const tokens = reader.tokens(index).subarray(0, prompt);
      sequences.push([...tokens, ...actions.slice(0, -1).map(tokenOfAction)]);
      positions.push(actions.map((_, action) => prompt - 1 + action));
    }
    reader.close();
    return {
      programs,
      trained: concatenate(trained),
      untrained: hiddenStates(engine, untrained, sequences, positions, { layer }),
    };
  };
  return {
    ...bySplit(splitOf),
    width: settings.n_embd,
    world: { width: settings.gridWidth, height: settings.gridHeight },
    layer,
  };
}
