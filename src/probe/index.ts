/** @file Probes and interventions: what a model's hidden states tell about its programs. Chapter 7. */

export { bestRecord } from './best-record.ts';
export * from './causal/index.ts';
export {
  type BySplit,
  bySplit,
  CheckpointExecutions,
  type CheckpointTraces,
  checkTraces,
  type Labelling,
  labelDistribution,
  type ProgramsBySplit,
  type SharedPairs,
  splitPairs,
  type TraceSplit,
} from './checkpoint-traces.ts';
export {
  ACTIONS_LEFT,
  type ActionsLeft,
  type ContrastRow,
  EVIDENCE_DRAWS,
  type EvidenceRows,
  type ShareRow,
} from './contrasts.ts';
export { controlLabels } from './control-task.ts';
export { ProbeError } from './errors.ts';
export { evaluateProbes, type ProbeSettings, type RandomStreams } from './evaluate.ts';
export { Evidence, type EvidenceAt } from './evidence.ts';
export { alignExecutions, type ExecutionPairs } from './execution-pairs.ts';
export type { ExecutionTable, StateTable } from './execution-table.ts';
export {
  FEATURES,
  type FeatureName,
  type FeatureShape,
  featureLabels,
  featureShape,
  jointClasses,
  labelCounts,
  type WorldSize,
} from './features.ts';
export { checkpointGrid, type GridAxes, type ProbeQuestion, probeGrid } from './grid.ts';
export {
  frequencyBits,
  frequencyCrossEntropy,
  majorityAccuracy,
  type UsableInformation,
  usableInformation,
} from './information.ts';
export {
  type Examples,
  type Execution,
  exampleCount,
  executeUnder,
  type GeneratedProgram,
} from './intervention.ts';
export { LookAhead, type LookAheadRow } from './look-ahead.ts';
export {
  ENOUGH_PAIRS,
  ENOUGH_PROGRAMS,
  type PairCounts,
  PROBED_SOURCES,
  type ProbedSource,
  type ProbeFigures,
  type ProbeOutcome,
  type RecordFigures,
  type Scored,
  type SkippedProbe,
  SOURCES,
  type Source,
} from './outcome.ts';
export { PERMUTATIONS } from './permutations.ts';
export { DEPTH_NAMES, HIDDEN_WIDTHS, type HiddenLayers, Probe, SHORT_DEPTH_NAMES } from './probe.ts';
export { probeStates, type StateOutcome, type StateSplit, type StateTraces } from './probe-states.ts';
export { encodeRecords, RECORD_KINDS, type RecordKind, type RecordShape, recordWidth } from './record.ts';
export { type ProbeData, type ProbeScore, testProbe, type ValidatedScore } from './score.ts';
export { rankSemantics, type SemanticsRank, type SemanticsShare } from './semantics-rank.ts';
export { type Standardization, standardizationOf, standardize } from './standardize.ts';
export { type Alignment, alignPairs, hiddenRows, type LastState, type Pairs } from './traces.ts';
export {
  PAPER_PROBE_TRAINING,
  type ProbeTraining,
  type TrainedProbe,
  trainProbe,
} from './train.ts';
