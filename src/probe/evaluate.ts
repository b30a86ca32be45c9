/** @file All probes of one checkpoint, each beside its baselines. Chapter 9. */
import { ACTIONS, PROGRAM_WORDS, SPLITS } from '../karel/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import {
  type BySplit,
  bySplit,
  CheckpointExecutions,
  type CheckpointTraces,
  checkTraces,
  type Labelling,
  type ProgramsBySplit,
  probeInputs,
  type SharedPairs,
  splitPairs,
} from './checkpoint-traces.ts';
import { controlLabels } from './control-task.ts';
import { type FeatureShape, featureLabels, featureShape } from './features.ts';
import { BASELINE_OFFSETS, type ProbeQuestion } from './grid.ts';
import { frequencyBits, frequencyCrossEntropy, majorityAccuracy, usableInformation } from './information.ts';
import {
  ENOUGH_PAIRS,
  type PairCounts,
  type ProbeFigures,
  type ProbeOutcome,
  type RecordFigures,
  type RecordReading,
  type Scored,
  type SkippedProbe,
} from './outcome.ts';
import type { HiddenLayers } from './probe.ts';
import { encodeRecords, recordWidth } from './record.ts';
import { testProbe, type ValidatedScore } from './score.ts';
import { RECORD_KINDS, type RecordKind, TOKENS_READ } from './sources.ts';
import { oneHotInputs, standardizationOf, varyingColumns } from './standardize.ts';
import type { Pairs } from './traces.ts';
import { type ProbeTraining, trainProbe } from './train.ts';

export interface ProbeSettings extends Labelling {
  /**
   * Also train probes of up to one hidden layer at {@link BASELINE_OFFSETS} on records, and at -1 under the original
   * semantics on a control task, unless all examples label the states.
   */
  readonly baselines?: boolean;
  readonly training: ProbeTraining;
  /** What differs from `training` for probes of so many hidden layers. */
  readonly byDepth?: Readonly<Partial<Record<HiddenLayers, Partial<ProbeTraining>>>>;
}

/** At offset -1 the action being written says nothing of the state: records that hold it are asked to show that, once. */
export function recordKindsFor({
  offset,
  semantics,
}: Pick<ProbeQuestion, 'offset' | 'semantics'>): readonly RecordKind[] {
  const all = offset === 0 || semantics === 'original';
  return RECORD_KINDS.filter((kind) => all || !TOKENS_READ[kind].includes('action'));
}

/** A generator of numbers in [0, 1) for each name, the same numbers for the same name. */
export type RandomStreams = (name: string) => () => number;

/**
 * Trains and tests a probe for each question, in the order of the grid; calls `onDone` with how many are done, and
 * `onScored` with each answer in full. Questions with the same offset that follow each other share their inputs.
 *
 * The random stream of a probe is named by its seed, feature, offset and depth, not by its semantics: the original,
 * flip and adversarial probes, on the trained and the untrained model, begin with the same parameters and see the pairs
 * in the same order, so that they differ by what there is to learn alone.
 *
 * Throws `ProbeError` if hidden states do not fit their programs, `SemanticsError` for unknown semantics, and
 * `OutOfMemoryError`. Questions without enough pairs are skipped, which is no error.
 */
export function evaluateProbes(
  engine: Engine,
  traces: CheckpointTraces,
  grid: readonly ProbeQuestion[],
  settings: ProbeSettings,
  random: RandomStreams,
  {
    onDone,
    onScored,
    executions = new CheckpointExecutions(traces, settings),
  }: {
    onDone?: (done: number) => void;
    onScored?: (scored: Scored) => void;
    /** Of these traces with this labelling, where they are needed elsewhere too. */
    executions?: CheckpointExecutions;
  } = {},
): { outcomes: ProbeOutcome[]; skipped: SkippedProbe[] } {
  checkTraces(traces);
  const semantics = [...new Set(grid.map((question) => question.semantics))];
  const outcomes: ProbeOutcome[] = [];
  const skipped: SkippedProbe[] = [];
  for (const group of runsOfSameOffset(grid)) {
    const pairs = splitPairs(traces, group[0]!.offset, settings, semantics, executions);
    const about = { layer: traces.layer, ...countsOf(traces, pairs) };
    const reason = reasonToSkip(pairs);
    if (reason !== null) {
      for (const question of group) skipped.push({ ...question, ...about, reason });
      onDone?.(outcomes.length + skipped.length);
      continue;
    }
    engine.scope(() => {
      const byOf = (hidden: FloatArray) => standardizationOf(hidden, pairs.train.hidden, traces.width);
      const standardization = byOf(traces.train.trained);
      const trained = probeInputs(engine, (split) => traces[split].trained, pairs, standardization);
      const untrained = probeInputs(engine, (split) => traces[split].untrained, pairs, byOf(traces.train.untrained));
      const { offset } = group[0]!;
      const baselines = settings.baselines && settings.examples !== 'all' && BASELINE_OFFSETS.includes(offset);
      const records = baselines ? recordsOf(engine, traces, pairs, settings) : undefined;
      for (const question of group) {
        const { feature } = question;
        const table = executions.under(question.semantics);
        const labels = bySplit((s) =>
          featureLabels(feature, table[s], pairs[s].stateUnder.get(question.semantics)!, traces.world),
        );
        const shape = featureShape(feature, traces.world);
        const scoreOn = (inputs: BySplit<Tensor>, asked = labels): ValidatedScore =>
          scoreProbe(engine, question, inputs, asked, shape, settings, random);
        const shallow = question.hiddenLayers < 2;
        const told =
          records && shallow ? ofKinds(recordKindsFor(question), (kind) => scoreOn(records.inputs[kind])) : null;
        const control =
          baselines && shallow && offset < 0 && question.semantics === 'original'
            ? controlLabels(traces, pairs, labels.train, settings.examples as number, random(`control/${feature}`))
            : null;
        const scores = {
          trained: scoreOn(trained),
          untrained: scoreOn(untrained),
          ...told,
          ...(control && { control: scoreOn(trained, control) }),
        };
        const frequencies = frequencyCrossEntropy(labels.train, labels.test, shape);
        const figures = figuresOf(scores.trained, scores.untrained, labels, shape, frequencies);
        const figuresOfRecords =
          told && ofKinds(recordKindsFor(question), (kind) => recordFigures(told[kind]!, frequencies));
        outcomes.push({ ...question, ...about, ...figures, records: figuresOfRecords });
        onScored?.({
          question,
          pairs,
          labels,
          shape,
          scores,
          standardization,
          records: records ?? null,
          frequencies: frequencyBits(labels.train, labels.test, shape),
          controlFrequencies: control && frequencyBits(control.train, control.test, shape),
        });
        onDone?.(outcomes.length + skipped.length);
      }
    });
  }
  return { outcomes, skipped };
}

export function countsOf(traces: ProgramsBySplit, { train, test }: BySplit<SharedPairs>): PairCounts {
  const n = test.state.length;
  const counts = { n, programs: test.programs, trainPairs: train.state.length, tooFew: n < ENOUGH_PAIRS };
  return traces.test.programs.some(({ words }) => words) ? { ...counts, lost: test.lost } : counts;
}

/** Cuts the grid where the offset changes. */
function runsOfSameOffset(grid: readonly ProbeQuestion[]): ProbeQuestion[][] {
  const runs: ProbeQuestion[][] = [];
  for (const question of grid) {
    const run = runs.at(-1);
    if (run?.[0]?.offset === question.offset) run.push(question);
    else runs.push([question]);
  }
  return runs;
}

export function reasonToSkip({ train, validation, test }: BySplit<Pairs>): string | null {
  const trainPairs = train.state.length;
  if (trainPairs < 2) return `${trainPairs} training pair${trainPairs === 1 ? '' : 's'}, 2 are needed`;
  if (validation.state.length === 0) return 'no validation pairs';
  if (test.state.length === 0) return 'no test pairs';
  return null;
}

interface RecordInputs extends RecordReading {
  readonly inputs: Readonly<Record<RecordKind, BySplit<Tensor>>>;
}

/** Each split's records, one-hot, without the columns that are the same in all training pairs. */
function recordsOf(
  engine: Engine,
  traces: CheckpointTraces,
  pairs: BySplit<Pairs>,
  { examples }: Labelling,
): RecordInputs {
  const programs = SPLITS.flatMap((split) => traces[split].programs);
  const longest = programs.reduce((most, { actions, words = actions }) => Math.max(most, words.length), 0);
  const vocabulary = programs.some(({ words }) => words) ? PROGRAM_WORDS : ACTIONS;
  const cells = traces.world.width * traces.world.height;
  const shape = { example: examples as number, longest, cells, vocabulary };
  const columnsOf: Partial<Record<RecordKind, Int32Array>> = {};
  const inputs = ofKinds(RECORD_KINDS, (kind) => {
    const width = recordWidth(kind, shape);
    const all = bySplit((split) => encodeRecords(traces[split].programs, kind, shape));
    const columns = varyingColumns(all.train, pairs.train.hidden, width);
    columnsOf[kind] = columns;
    return bySplit((split) => oneHotInputs(engine, all[split], pairs[split].hidden, columns, width));
  });
  return {
    inputs: inputs as Record<RecordKind, BySplit<Tensor>>,
    shape,
    columns: columnsOf as Record<RecordKind, Int32Array>,
  };
}

function recordFigures({ accuracy, crossEntropy, converged }: ValidatedScore, frequencies: number): RecordFigures {
  const { bits, share } = usableInformation(frequencies, crossEntropy);
  return { accuracy, information: bits, informationShare: share, converged };
}

function ofKinds<T>(kinds: readonly RecordKind[], make: (kind: RecordKind) => T): Partial<Record<RecordKind, T>> {
  return Object.fromEntries(kinds.map((kind) => [kind, make(kind)]));
}

export function scoreProbe(
  engine: Engine,
  { seed, feature, offset, hiddenLayers }: ProbeQuestion,
  inputs: BySplit<Tensor>,
  labels: BySplit<Int32Array>,
  shape: FeatureShape,
  settings: ProbeSettings,
  random: RandomStreams,
): ValidatedScore {
  const data = bySplit((split) => ({ x: inputs[split], labels: labels[split] }));
  const training = { ...settings.training, ...settings.byDepth?.[hiddenLayers] };
  const stream = random(`probe/${seed}/${feature}/${offset}/${hiddenLayers}`);
  return engine.scope(() => {
    const { probe, validation, best, converged } = trainProbe(engine, data, hiddenLayers, shape, training, stream);
    const linear = hiddenLayers === 0 ? { weight: probe.weight.slice(), bias: probe.bias.slice() } : null;
    return { ...testProbe(engine, probe, data.test), validationCrossEntropy: validation[best]!, converged, linear };
  });
}

function figuresOf(
  trained: ValidatedScore,
  untrained: ValidatedScore,
  labels: BySplit<Int32Array>,
  shape: FeatureShape,
  frequencies: number,
): ProbeFigures {
  const information = usableInformation(frequencies, trained.crossEntropy);
  const untrainedInformation = usableInformation(frequencies, untrained.crossEntropy);
  return {
    accuracy: trained.accuracy,
    majority: majorityAccuracy(labels.train, labels.test, shape),
    information: information.bits,
    informationShare: information.share,
    converged: trained.converged,
    untrained: untrained.accuracy,
    untrainedInformation: untrainedInformation.bits,
    untrainedInformationShare: untrainedInformation.share,
    untrainedConverged: untrained.converged,
  };
}
