/** @file Probes and interventions: what a model's hidden states tell about its programs. Chapter 9. */

export { beliefs } from './beliefs.ts';
export { bestRecord } from './best-record.ts';
export * from './causal/index.ts';
export {
  type BySplit,
  bySplit,
  CheckpointExecutions,
  type CheckpointTraces,
  type Labelling,
  labelDistribution,
  probeInputs,
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
export type { DifferingContrastRow, DifferingCount, DifferingRows, DifferingShareRow } from './differing.ts';
export { ProbeError } from './errors.ts';
export { evaluateProbes, type ProbeSettings, recordKindsFor } from './evaluate.ts';
export { Evidence } from './evidence.ts';
export { alignExecutions } from './execution-pairs.ts';
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
export { BASELINE_OFFSETS, checkpointGrid, type ProbeQuestion, probeGrid } from './grid.ts';
export { frequencyBits, frequencyCrossEntropy, majorityAccuracy, usableInformation } from './information.ts';
export { executeUnder, type GeneratedProgram } from './intervention.ts';
export {
  believe,
  inputsOfProbe,
  type KeptProbe,
  type KeptProbes,
  type KeptSource,
  ProbeKeeper,
  readProbes,
} from './kept-probes.ts';
export { minimize } from './lbfgs.ts';
export { fitLinear, PENALTIES } from './linear.ts';
export { LookAhead, type LookAheadRow } from './look-ahead.ts';
export {
  ENOUGH_PROGRAMS,
  type ProbeOutcome,
  type Scored,
  type SkippedProbe,
} from './outcome.ts';
export { PERMUTATIONS } from './permutations.ts';
export { DEPTH_NAMES, HIDDEN_WIDTHS, type HiddenLayers, Probe } from './probe.ts';
export { probeStates, type StateOutcome, type StateSplit, type StateTraces } from './probe-states.ts';
export { encodeRecords, type RecordShape, recordWidth } from './record.ts';
export { type ProbeData, type ProbeScore, testProbe, type ValidatedScore } from './score.ts';
export { rankSemantics, type SemanticsRank, type SemanticsShare } from './semantics-rank.ts';
export {
  type Comparison,
  comparisonOf,
  type ProbedSource,
  RECORD_KINDS,
  type RecordKind,
  SOURCES,
  type Source,
  TOKENS_READ,
  type TokenKind,
} from './sources.ts';
export { type Standardization, standardizationOf, standardize } from './standardize.ts';
export { alignPairs, hiddenRows, type Pairs } from './traces.ts';
export { PAPER_PROBE_TRAINING, type ProbeTraining, trainProbe } from './train.ts';
