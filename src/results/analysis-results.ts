/** @file What the analyses of a trained model give, as `results.json` has it. Chapter 13. */
import type { CausalResults, SemanticsRank, StateOutcome } from '../probe/index.ts';
import type { HiddenStateLayer } from '../transformer/index.ts';

export type { CausalResults };

/** By the keys that they have in `results.json`, in the order in which they are done. */
export const ANALYSES = ['permutations', 'layers', 'causal'] as const;
export type AnalysisName = (typeof ANALYSES)[number];

export interface LayerResult
  extends Pick<StateOutcome, 'feature' | 'accuracy' | 'majority' | 'informationShare' | 'n' | 'tooFew'> {
  /** The checkpoint whose programs are read. */
  readonly step: number;
  /** Who reads them: the checkpoint itself, or, at the last one, the initial weights too. */
  readonly source: 'trained' | 'untrained';
  /** An index of Hugging Face's hidden_states (0 is the embedding), or their mean. */
  readonly layer: HiddenStateLayer;
}

export interface PermutationRow
  extends Pick<
    StateOutcome,
    'semantics' | 'feature' | 'hiddenLayers' | 'accuracy' | 'majority' | 'information' | 'informationShare'
  > {
  readonly source: 'trained' | 'untrained';
  readonly isPermutation: boolean;
}

export interface PermutationRank extends SemanticsRank {
  /** By the information share of the trained model, of the untrained, or by the first minus the second. */
  readonly source: 'trained' | 'untrained' | 'gained';
  /** All 60, or the 6 that permute `move` and the turns alone, see `keepsMarkers`. */
  readonly among: 'all' | 'markersKept';
}

export interface PermutationResults {
  /**
   * At offset -1, model after model: linear probes under all of `PERMUTATIONS`, adversarial last, then probes with one hidden
   * layer under the six that keep the markers. Empty where there are too few pairs.
   */
  readonly rows: readonly PermutationRow[];
  /**
   * Of the original among the permutations, by information share. Where a semantics leaves nothing to know, so that it
   * has no share, that counts as 1: nothing is easier, and no permutation is left out in favour of the original.
   */
  readonly ranks: readonly PermutationRank[];
  /** Why the question was not asked, where it was not. */
  readonly skipped?: string;
}
