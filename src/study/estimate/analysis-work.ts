/** @file What an analysis of a trained model has to do, in counts. Chapter 8. */
import { NO_PROBES, type ProbesByDepth } from './probe-work.ts';
import type { ResamplingWork } from './resampling-work.ts';

/** Counts; 0 of what it does not do. */
export interface AnalysisWork extends ResamplingWork {
  readonly probing: ProbesByDepth;
  /** Hidden states that are standardised. */
  readonly pairs: number;
  /** Programs that are executed, once for each semantics. */
  readonly executions: number;
  /** Programs or prompts that the model reads in one pass. */
  readonly read: number;
  /** Tokens that it reads one by one after that, with a cache, its hidden states being kept or changed. */
  readonly tokens: number;
  /** Searches for the shortest program that still leads to the outputs. */
  readonly searches: number;
  /** Of its file, about. */
  readonly bytes: number;
}

export const NOTHING: AnalysisWork = {
  probing: NO_PROBES,
  pairs: 0,
  executions: 0,
  read: 0,
  tokens: 0,
  searches: 0,
  resampled: 0,
  signs: 0,
  bytes: 0,
};
