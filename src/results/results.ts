/** @file The shape of `results.json`: everything that the report shows. Appendix B. */
import type {
  DifferingRows,
  EvidenceRows,
  FeatureName,
  LookAheadRow,
  ProbeOutcome,
  SkippedProbe,
} from '../probe/index.ts';
import type { Measured } from '../probe/statistics/index.ts';
import type { CausalResults, LayerResult, PermutationResults } from './analysis-results.ts';

export type {
  CausalResults,
  LayerResult,
  PermutationRank,
  PermutationResults,
  PermutationRow,
} from './analysis-results.ts';
export type { FeatureName, Measured };

/** What a set of programs is like on the inputs of their specifications, right or wrong. */
export interface ProgramMeasures {
  /** Mean number of words; those of a straight line are its actions. */
  length: Measured;
  /** Mean number of no-ops: actions that change nothing in any input when their turn comes. This and the two below are null in a corpus of control programs. */
  noOps: Measured | null;
  /** Share of programs with a no-op. */
  withNoOp: Measured | null;
  /** Share of programs that are not removal-minimal: some action could be taken out, were it the only one, and every final world would look the same. */
  notMinimal: Measured | null;
  /** Share of programs with a branch or a loop; only in a corpus of control programs. */
  withControl?: Measured;
  /** Share of each action among all actions. */
  actionShares: Record<string, Measured>;
}

export interface ProgramStatistics extends ProgramMeasures {
  /** How many programs, how many different ones, and how many of those differ in effect on some world of a battery. */
  programs: number;
  distinct: number;
  effectClasses: number;
  /** Programs by their number of words: `lengths[0]` have none. */
  lengths: number[];
}

/** Programs beside the shortest ones that meet their specifications, of which each has at least one action. */
export interface ShortestMeasures {
  /** Mean number of actions, and of actions of the shortest program. */
  length: Measured;
  shortestLength: Measured;
  /** Share of programs that are as short as the shortest. */
  asShort: Measured;
  /** Likewise, or no longer than the setting `minLength`: the corpus has no shorter programs to learn from. */
  asShortInCorpus: Measured;
}

export interface ShortestComparison {
  /** All test specifications, but those whose shortest program is `unknown`: the search gave up. */
  all: { unknown: number; reference: ShortestMeasures | null };
  /** Likewise those that the generated program solves; `difference` is generated - reference. Null where none is left. */
  solved: {
    unknown: number;
    reference: ShortestMeasures | null;
    generated: ShortestMeasures | null;
    difference: Omit<ShortestMeasures, 'shortestLength'> | null;
  };
}

/** Programs that a checkpoint wrote for the test specifications, and the reference programs, side by side. */
export interface ProgramComparison {
  /** `generativeAccuracy` and `unseenAccuracy` of the checkpoint. */
  generativeAccuracy: Measured;
  unseenAccuracy: Measured;
  /** Generative accuracy where the reference program is also that of a training sample, and where not; null for no such specification. */
  inTraining: Measured | null;
  notInTraining: Measured | null;
  /** Of all test specifications. */
  reference: ProgramStatistics;
  /** Of those for which a program was written; null where each text was none. */
  generated: ProgramStatistics | null;
  /** generated - reference, on the specifications for which a program was written. */
  difference: ProgramMeasures | null;
  /** Null in a corpus of control programs: the search knows straight lines only. */
  shortest: ShortestComparison | null;
}

/** One trained language model at one step. */
export interface CheckpointResult {
  /** Training steps done. */
  step: number;
  /** Training tokens seen so far. */
  tokens: number;
  /** Share of test specifications for which the generated program maps every given input to its output. */
  generativeAccuracy: number;
  /** The same, the program also right on the five unseen inputs. */
  unseenAccuracy: number;
  /** Number of test specifications behind the accuracies. */
  specifications: number;
  /** Different programs among those generated for the test specifications. */
  distinctPrograms: number;
  /** Mean number of words of the generated programs (0 where none is one), and of the reference programs. */
  meanLength: number;
  referenceLength: number;
  /** exp of the mean cross-entropy per token on the test split: reference program tokens (END included), and grid tokens. */
  programPerplexity: number;
  gridPerplexity: number;
  /** The same of the programs that the model wrote itself, END included. */
  ownProgramPerplexity: number;
  /** Training loss, mean over the steps since the checkpoint before (null at step 0). */
  trainLoss: number | null;
  /** Share of each action among all generated actions. */
  actionShares: Record<string, number>;
  /** How these programs differ from the reference programs, with intervals. */
  programs: ProgramComparison;
  /** Label counts on the test traces: `labelDistribution[semantics][feature]`, at offset 0. */
  labelDistribution: Record<string, Record<string, number[]>>;
  /** An example: a specification's first pair, what the model wrote, and whether it is right. */
  example: { input: string; output: string; reference: string; generated: string; correct: boolean };
}

/** One probe on one checkpoint; see `ProbeOutcome` for the keys. */
export interface ProbeResult extends ProbeOutcome {
  readonly step: number;
}

/** A probe that could not be trained or tested at a checkpoint. */
export interface SkippedResult extends SkippedProbe {
  step: number;
}

/** What the probes of the last checkpoint show beside their baselines. */
export interface EvidenceResults extends EvidenceRows {
  readonly lookAhead: readonly LookAheadRow[];
  /** Where labels differ; not there in results of before this was asked. */
  readonly differing?: DifferingRows;
}

export interface Results {
  format: 'karelscope-results';
  version: 2;
  preset: string;
  seed: string;
  /** SHA-256 of the `model.safetensors` of the last of `checkpoints`. */
  modelSha256: string;
  /** All settings of the run, as in `settings.json`. */
  settings: Record<string, unknown>;
  parameters: number;
  /** Which arithmetic made the bits: see `Engine.arithmetic`. */
  arithmetic: string;
  /** How many times the training corpus was gone through up to the last of `checkpoints`. */
  epochs: number;
  checkpoints: CheckpointResult[];
  probes: ProbeResult[];
  /** Probes for which a checkpoint wrote too few actions, with the reason. */
  skippedProbes: SkippedResult[];
  /** Of the last checkpoint; null before it has been probed. */
  evidence: EvidenceResults | null;
  /** Each null before it has been done. */
  permutations: PermutationResults | null;
  layers: readonly LayerResult[] | null;
  causal: CausalResults | null;
}
