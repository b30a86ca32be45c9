/** @file The shape of `study.json`: what several seeds of a preset show together. Chapter 13. */
import type { ContrastRow, DifferingContrastRow, ShareRow } from '../probe/index.ts';
import type { Interval } from '../probe/statistics/index.ts';
import type { ContentMeasure } from './regressions.ts';

/** A number of every seed, in the order of `seeds`, null where a seed has none; their mean with Student's interval over seeds. */
export interface OverSeeds {
  values: (number | null)[];
  mean: number | null;
  /** 95 %. Null for fewer than two values, or equal ones. */
  interval: Interval | null;
}

/** `undecided` is everything that is not decided by a corrected p below 0.05, all with fewer than three seeds, and all that lack a seed's number. */
export type Verdict = 'supported' | 'refuted' | 'undecided';

/** `sign` where the values tie by their nature, and where they are all equal; `rank sum` for ranks. */
export type ClaimTest = 'Student' | 'sign' | 'rank sum';

export interface ClaimResult extends OverSeeds {
  id: string;
  /** What is claimed, in a sentence. */
  claim: string;
  /** Whether the paper says it; other claims are asked by its readers. */
  paper: boolean;
  /** What a seed's number is. */
  number: string;
  /** Seeds that have no number. */
  seedsWithout: string[];
  test: ClaimTest;
  /** Two-sided; null where a seed has no number. */
  p: number | null;
  /** After Holm's correction over all claims of its table, those without a p counted as 1; null where `p` is. */
  correctedP: number | null;
  /** With fewer seeds the claim could not be supported by itself, whatever they show. */
  fewestSeeds: number;
  verdict: Verdict;
}

/** Rows of `evidence` in `results.json`, over seeds. */
export type SharesOverSeeds = Omit<ShareRow, 'share' | 'converged'> & OverSeeds;
export type ContrastsOverSeeds = Omit<ContrastRow, 'difference' | 'p'> & OverSeeds;

/** A figure of the checkpoints, over seeds. */
export interface CheckpointOverSeeds {
  step: number;
  generativeAccuracy: OverSeeds;
  unseenAccuracy: OverSeeds;
  distinctPrograms: OverSeeds;
  meanLength: OverSeeds;
  programPerplexity: OverSeeds;
  /** Of linear probes and those with one hidden layer, mean over the features: original semantics, offset -1. */
  information: { hiddenLayers: 0 | 1; share: OverSeeds; gain: OverSeeds }[];
}

/** The line of semantic content on generative accuracy, over the checkpoints of each seed. */
export interface RegressionOverSeeds {
  measure: ContentMeasure;
  feature: string;
  hiddenLayers: 0 | 1;
  rSquared: OverSeeds;
  slope: OverSeeds;
}

export interface StudyResults {
  format: 'karelscope-study';
  version: 1;
  preset: string;
  seeds: string[];
  /** Of every run, but for its seed. */
  settings: Record<string, unknown>;
  modelSha256: string[];
  /** Whether a plan names these seeds. */
  plan: string;
  /** The claims of the analysis plan, and the secondary ones, each table with a correction of its own. */
  claims: ClaimResult[];
  secondary: ClaimResult[];
  /** Claims that no plan names, with a correction of their own; not there where no seed was asked. */
  exploratory?: ClaimResult[];
  checkpoints: CheckpointOverSeeds[];
  shares: SharesOverSeeds[];
  contrasts: ContrastsOverSeeds[];
  /** Contrasts of the pairs at which labels differ; not there where no seed was asked. */
  differing?: (ContrastsOverSeeds & Pick<DifferingContrastRow, 'differsFrom'>)[];
  regressions: RegressionOverSeeds[];
}
