/** @file The shape of `results.json`: everything that the report shows. Chapter 8. */
import type { FeatureName, ProbeOutcome, SkippedProbe } from '../probe/index.ts';

export type { FeatureName };

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
  /** Mean number of actions of the generated programs, and of the reference programs. */
  meanLength: number;
  referenceLength: number;
  /** exp of the mean cross-entropy per token on the test split: reference program tokens (END included), and grid tokens. */
  programPerplexity: number;
  gridPerplexity: number;
  /** Training loss, mean over the steps since the checkpoint before (null at step 0). */
  trainLoss: number | null;
  /** Share of each action among all generated actions. */
  actionShares: Record<string, number>;
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

export interface Results {
  format: 'karelscope-results';
  version: 1;
  preset: string;
  seed: string;
  threads: number;
  /** Wall-clock seconds, in all and by stage (the report's own second or two not counted), summed over interruptions. */
  seconds: number;
  stageSeconds: Record<string, number>;
  /** SHA-256 of the final `model.safetensors`. */
  modelSha256: string;
  /** All settings of the run, as in `settings.json`. */
  settings: Record<string, unknown>;
  parameters: number;
  trainTokensPerSecond: number | null;
  peakMemoryBytes: number;
  /** Which arithmetic made the bits: see `Engine.arithmetic`. */
  arithmetic: string;
  node: string;
  /** How many times the training corpus was gone through. */
  epochs: number;
  checkpoints: CheckpointResult[];
  probes: ProbeResult[];
  /** Probes for which a checkpoint wrote too few actions, with the reason. */
  skippedProbes: SkippedResult[];
}
