/** @file Probing the checkpoints of a run. Appendix B. */
import { SPLITS } from '../../karel/index.ts';
import {
  BASELINE_OFFSETS,
  CheckpointExecutions,
  checkpointGrid,
  Evidence,
  evaluateProbes,
  type Labelling,
  LookAhead,
  labelDistribution,
  ProbeKeeper,
  type ProbeOutcome,
  type ProbeSettings,
  type ProbeTraining,
  probeGrid,
  type Scored,
  type SkippedProbe,
} from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { EvidenceResults } from '../../results/results.ts';
import { encodeText, jsonText } from '../../store/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { loadModel } from '../checkpoints.ts';
import { corpusFile, modelFiles, probesFile, probeWeightsFile } from '../names.ts';
import { checkpointSteps, type Inputs, type RunPlan } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { Stage } from '../stage.ts';
import { checkpointTraces } from '../stored-traces.ts';
import { traceFiles } from './trace.ts';

/** `probes/step-N.json`. */
export interface ProbeFile {
  readonly outcomes: ProbeOutcome[];
  readonly skipped: SkippedProbe[];
  readonly labelDistribution: Record<string, Record<string, number[]>>;
  /** At the last checkpoint. */
  readonly evidence?: EvidenceResults;
}

/** The probes of each checkpoint. Only the last of the plan gets the whole grid, and evidence. */
export function probeStages(plan: RunPlan): Stage[] {
  const { settings } = plan;
  const steps = checkpointSteps(plan);
  const programs = settings.traceTrain + settings.traceValidation + settings.traceTest;
  const grids = steps.map((step) => gridOf(settings, step === settings.steps));
  const total = grids.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  return steps.map((step, at) => {
    const grid = grids[at]!;
    const done = before;
    before += grid.length;
    return {
      name: `probe/${step}`,
      kind: 'probe',
      needs: [...SPLITS.map(corpusFile), ...modelFiles(0), ...traceFiles(settings, step)],
      makes: [probesFile(step), probeWeightsFile(step)],
      work: grid.length * programs,
      make: async (inputs, { engine: open, progress }) => {
        const engine = await open();
        progress.start('probe', total, 'probes', done);
        const onDone = (count: number): void => progress.update(done + count, `step ${step}`);
        const last = step === settings.steps;
        const { file, weights } = engine.scope(() => probeCheckpoint(inputs, engine, step, grid, last, onDone));
        return { [probesFile(step)]: encodeText(jsonText(file)), [probeWeightsFile(step)]: weights };
      },
    };
  });
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
  inputs: Inputs,
  engine: Engine,
  step: number,
  grid: ReturnType<typeof gridOf>,
  last: boolean,
  onDone: (done: number) => void,
): { file: ProbeFile; weights: Uint8Array } {
  const { settings, seed } = inputs.plan;
  const traces = checkpointTraces(inputs, engine, loadModel(inputs, 0, engine), step);
  const asked = { ...probeSettings(settings), baselines: last };
  const random = (name: string) => randomStream(seed, name);
  const evidence = new Evidence(traces.test.programs);
  const lookAhead = new LookAhead(traces.test.programs);
  const keeper = new ProbeKeeper(traces.world);
  const onScored = (scored: Scored): void => {
    keeper.add(scored);
    evidence.add(scored);
    lookAhead.add(scored);
  };
  const executions = new CheckpointExecutions(traces, asked);
  const { outcomes, skipped } = evaluateProbes(engine, traces, grid, asked, random, { onDone, onScored, executions });
  const file = {
    outcomes,
    skipped,
    labelDistribution: labelDistribution(traces, settings.semantics.split(' '), asked, executions),
    ...(last && {
      evidence: {
        ...evidence.rows(random),
        lookAhead: lookAhead.rows(random('look-ahead')),
        differing: evidence.differing(random),
      },
    }),
  };
  return { file, weights: keeper.encode() };
}
