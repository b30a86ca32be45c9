/** @file The shape of what edits and patches showed, as JSON. Chapter 14. */
import type { Measured } from '../statistics/index.ts';

/**
 * Along which directions hidden states are pushed. `probe`: those of linear probes for the robots' facings. `flip`: the same
 * under flip semantics. `random`: one drawn for each specification and layer. All have the same length.
 */
export const EDIT_KINDS = ['probe', 'flip', 'random'] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** Which specifications became cases; each number is a part of the one before, but for the last three, which add up. */
export interface CaseCounts {
  /** Looked at. */
  readonly specifications: number;
  /** That the program which the model wrote solves. */
  readonly solved: number;
  /** With a point at which the robots can be turned: for edits, at least two actions. */
  readonly considered: number;
  /** From the turned robots no program of the allowed length leads to the outputs: not counted. */
  readonly withoutRemainder: number;
  /** The search for one gave up: not counted. */
  readonly unknown: number;
  /** The cases. */
  readonly counted: number;
}

/** A linear probe for the direction in which the robot faces before the action that is generated, on test pairs. */
export interface FacingProbeScore {
  /** `original` or `flip`. */
  readonly semantics: string;
  readonly layer: number;
  /** Of which example's robot, from 0. */
  readonly example: number;
  readonly accuracy: number;
  /** Accuracy of always answering the most frequent class of the training pairs. */
  readonly majority: number;
  /** Usable information in bits, and as a share of the labels' entropy (null where that is 0). */
  readonly information: number;
  readonly informationShare: number | null;
  /** Test pairs. */
  readonly n: number;
}

/** What the model goes on to write under one kind of edit, as shares of the cases; their intervals are over specifications. */
export interface EditOutcome {
  /** The remainder leads from the turned robots to all outputs: it is what the turned robots need. */
  readonly success: Measured;
  /** The remainder is, token for token, the one that the model writes without an edit. */
  readonly unchanged: Measured;
  /** The remainder still solves the specification of the robots that were not turned. */
  readonly solvesUnturned: Measured;
}

/** One kind of edit at one place with one size. */
export interface SweepRow extends EditOutcome {
  readonly kind: EditKind;
  /** The first layer that is edited; all above are too. 0 is the embedding. */
  readonly layer: number;
  /** Length of what is added at each edited layer, in root mean square distances of a hidden state from the mean of that layer. */
  readonly size: number;
  /** Shares of the validation cases: what places are chosen by. */
  readonly validationSuccess: number;
  readonly validationUnchanged: number;
  /**
   * How far the last hidden state of the first edited token ends from where it is without the edit: the root mean square over
   * test cases, in distances of the last layer. The pushes of a place's layer and of all above add up in it.
   */
  readonly moved: number;
}

/** The layer and size that did best on validation specifications, with what they do on test specifications. */
export type ChosenEdit = SweepRow;

/** What one kind of edit does on test cases at the matched place. */
export interface MatchedEdit {
  readonly kind: EditKind;
  readonly success: Measured;
  readonly unchanged: Measured;
  /** Share of successes among the cases whose program the edit changes; null if it changes none. */
  readonly successAmongChanged: Measured | null;
}

/**
 * One layer and size for all kinds, chosen on validation cases by success(probe) - success(random) there (of equals the
 * smaller size, then the lower layer), among the places where random edits leave at least half of the programs unchanged.
 */
export interface MatchedEdits {
  readonly layer: number;
  readonly size: number;
  /** Whether random edits leave so many unchanged there. If not, they do so nowhere, and the choice was among all places. */
  readonly gentle: boolean;
  /** What it was chosen by, on validation cases: the difference, and the share that random edits leave unchanged. */
  readonly validationDifference: number;
  readonly validationUnchanged: number;
  /** One for each kind. */
  readonly edits: readonly MatchedEdit[];
  /** Against `random` and `flip`, in this order. */
  readonly contrasts: readonly EditContrast[];
}

/**
 * Probe against flip on those test cases alone in which the two semantics give some robot different facings at the point. In
 * the others the flip probe is asked for the same classes as the probe, and its direction is no control.
 */
export interface FlipDiffers {
  /** How many such test cases there are. Without any, there are no contrasts. */
  readonly cases: number;
  /** Each kind at its own chosen place, as in `EditResults.contrasts`. */
  readonly chosen: EditContrast | null;
  /** Both at the matched place. */
  readonly matched: EditContrast | null;
}

/**
 * The most that edits could reach. B is a specification with the case's outputs, from whose inputs the same first actions
 * lead to the turned robots, so that after these actions the robots of B do stand turned. Cases for which no such inputs
 * could have been drawn for the corpus are left out.
 */
export interface WholeStates extends Omit<PatchResults, 'test'> {
  /** Test cases that have a B. */
  readonly cases: number;
}

/**
 * What the probes make of their own edit, at its first token and its lowest layer: the share of robots for which they read
 * the facing of the turned robot. Where `after` is high and success low, the edit convinces the probe and not the model.
 */
export interface ReadingRow {
  readonly layer: number;
  readonly size: number;
  readonly before: Measured;
  readonly after: Measured;
}

/** Success of the chosen `probe` edit - that of another, on the same test cases. */
export interface EditContrast {
  readonly kind: 'probe';
  readonly against: 'random' | 'flip' | 'none';
  readonly difference: Measured;
  /** Two-sided, of a sign-flip test over specifications. */
  readonly p: number;
}

export interface EditResults {
  readonly validation: CaseCounts;
  readonly test: CaseCounts;
  /** For each layer, the root mean square distance of a hidden state from its mean: the unit of sizes. [layers + 1] */
  readonly distances: readonly number[];
  readonly probes: readonly FacingProbeScore[];
  /**
   * Without an edit, on test cases. Its success can only be 0: what solves the specification leaves robots that were
   * turned in other directions than the outputs show.
   */
  readonly none: EditOutcome;
  /** On test cases: each kind of {@link EDIT_KINDS}, layer by layer, sizes ascending. */
  readonly sweep: readonly SweepRow[];
  /** Of edits of the kind `probe`, on test cases: layer by layer, sizes ascending. */
  readonly readings: readonly ReadingRow[];
  /** One for each kind. */
  readonly chosen: readonly ChosenEdit[];
  /** Against `random`, `flip` and `none`, in this order. */
  readonly contrasts: readonly EditContrast[];
  readonly matched: MatchedEdits;
  readonly flipDiffers: FlipDiffers;
  /** Null if no test case has a B. */
  readonly wholeStates: WholeStates | null;
}

/** Hidden states of B in the place of those of A, from the last token before the point on. */
export interface PatchRow {
  /** The one hidden state that is replaced. 0 is the embedding, and changes nothing; the last one alone decides what is written. */
  readonly layer: number;
  /** The program solves B. */
  readonly success: Measured;
  /** The program solves A. */
  readonly solvesUnturned: Measured;
}

/** A is a test specification that the model solves, B is A with all input robots turned alike. */
export interface PatchResults {
  readonly test: CaseCounts;
  /** Of the program that the model writes for A, on B: can only be 0. */
  readonly unpatched: Measured;
  /** Of the program that the model writes for B, on B: the most that patches can be expected to reach. */
  readonly ceiling: Measured;
  /** One row for each layer. */
  readonly layers: readonly PatchRow[];
}

/** A part is null where the model solved too few specifications for it; the reason says what was lacking. */
export interface CausalResults {
  /** The checkpoint, by its training steps. */
  readonly step: number;
  readonly edits: EditResults | null;
  readonly editsSkipped: string | null;
  readonly patching: PatchResults | null;
  readonly patchingSkipped: string | null;
}
