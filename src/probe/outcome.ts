/** @file What is found out about a probe's question, in figures and pair by pair. Chapter 9. */
import type { BySplit } from './checkpoint-traces.ts';
import type { FeatureShape } from './features.ts';
import type { ProbeQuestion } from './grid.ts';
import type { RecordShape } from './record.ts';
import type { ValidatedScore } from './score.ts';
import type { ProbedSource, RecordKind } from './sources.ts';
import type { Standardization } from './standardize.ts';
import type { Pairs } from './traces.ts';

/** Accuracies are shares in 0..1, information is in bits. */
export interface ProbeFigures {
  /** Test accuracy: the semantic content. */
  readonly accuracy: number;
  /** Test accuracy of always answering the most frequent class of the training labels. */
  readonly majority: number;
  /** Usable information, and as a share of the cross-entropy of the class frequencies (null where that is 0). */
  readonly information: number;
  readonly informationShare: number | null;
  /** Whether the probe was trained to its end: see `TrainedProbe`. */
  readonly converged: boolean;
  /** Accuracy and information of the same probe on the hidden states of the untrained model, teacher-forced. */
  readonly untrained: number;
  readonly untrainedInformation: number;
  readonly untrainedInformationShare: number | null;
  readonly untrainedConverged: boolean;
}

export interface PairCounts {
  /** Test pairs and the programs that they come from. */
  readonly n: number;
  readonly programs: number;
  readonly trainPairs: number;
  /** True when n is below {@link ENOUGH_PAIRS}. */
  readonly tooFew: boolean;
  /**
   * Of programs with branches and loops: test pairs that there are under the first semantics of the grid, but not under all,
   * so that they were left out.
   */
  readonly lost?: number;
}

/** Of the same probe on records in the place of hidden states. */
export type RecordFigures = Pick<ProbeFigures, 'accuracy' | 'information' | 'informationShare' | 'converged'>;

/** A question with its answer. */
export interface ProbeOutcome extends ProbeQuestion, ProbeFigures, PairCounts {
  /** What the text of the program and the grids tell by themselves; null where that was not asked. */
  readonly records: Readonly<Partial<Record<RecordKind, RecordFigures>>> | null;
  /** `mean` over the embedding and all layers, or the index of one of Hugging Face's hidden_states. */
  readonly layer: 'mean' | number;
}

/** How records became the probes' inputs. */
export interface RecordReading {
  readonly shape: RecordShape;
  /** The numbers of a record of each kind that were read, in order. */
  readonly columns: Readonly<Record<RecordKind, Int32Array>>;
}

/** Everything that was found out about a question, pair by pair. `labels` are the feature's, not the control task's. */
export interface Scored {
  readonly question: ProbeQuestion;
  readonly pairs: BySplit<Pairs>;
  readonly labels: BySplit<Int32Array>;
  readonly shape: FeatureShape;
  /** How the trained model's hidden states became the probes' inputs. */
  readonly standardization: Standardization;
  /** Null where no records were asked. */
  readonly records: RecordReading | null;
  readonly scores: Readonly<Partial<Record<ProbedSource, ValidatedScore>> & Record<'trained', ValidatedScore>>;
  /** What each test pair costs by the class frequencies of train, in bits. [pairs] */
  readonly frequencies: Float64Array;
  /** The same for the labels of the control task; null where it was not asked. */
  readonly controlFrequencies: Float64Array | null;
}

/** A question that no probe could be trained or tested for. */
export interface SkippedProbe extends ProbeQuestion, PairCounts {
  readonly layer: 'mean' | number;
  /** Such as `1 training pair, 2 are needed`. */
  readonly reason: string;
}

/** A figure from fewer test pairs is marked as from too few. */
export const ENOUGH_PAIRS = 500;

/** Resampling fewer programs gives no interval worth having. */
export const ENOUGH_PROGRAMS = 50;
