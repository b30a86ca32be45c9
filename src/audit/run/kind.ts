/** @file A kind of thing that a run holds, and how one of it is made again. Appendix E. */

/** Where what is recorded is not what comes out of what it was made from. */
export interface Difference {
  readonly address: string;
  readonly recorded: string;
  readonly computed: string;
}

/** `exact`: number by number, the bits of the fast kernels from readable code. `again`: as it was made, by the fast kernels. */
export type Path = 'exact' | 'again';

export interface Kind {
  /** In the plural: `training steps`. */
  readonly name: string;
  readonly path: Path;
  /** How many there are. */
  readonly count: number;
  readonly address: (item: number) => string;
  /** About what checking one takes; only the proportions have to be right. */
  readonly seconds: (item: number) => number;
  /** Computes one anew; gives the first differences, if there are any. */
  readonly check: (item: number) => readonly Difference[] | Promise<readonly Difference[]>;
}

/** What came of a kind. */
export interface Checked {
  readonly kind: Kind;
  /** Items that were compared. */
  readonly checked: number;
  /** Items that were left out since one of them would have taken more than the time that was left, and that no little. */
  readonly tooDear: number;
  readonly differences: readonly Difference[];
  readonly seconds: number;
  /** About what one item takes. */
  readonly mean: number;
}

/** No more differences than this are told of one item: what is wrong at one place is often wrong at thousands. */
export const MOST_DIFFERENCES = 3;
