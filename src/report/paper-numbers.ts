/** @file What the paper reports, and the task that it set. Chapter 11. */

/** What Jin & Rinard report (arXiv 2305.11169; `v1` is its first version). Shares in 0..1. */
export const PAPER = {
  parameters: 350_000_000,
  trainingPrograms: 500_000,
  testSpecifications: 10_000,
  /** Cells inside the border. */
  world: { width: 6, height: 6 },
  examples: 5,
  /** Actions of a reference program. */
  programs: { shortest: 6, longest: 10 },
  /** Pairs that one probe sees in training, all passes together. */
  probeSamples: 10_000_000,
  solved: 0.924,
  /** Table 1: semantic content of the current state at the end of training, by hidden layers of the probe. */
  semanticContent: { 0: 0.632, 1: 0.791, 2: 0.823 },
  /** R squared of semantic content against generative accuracy over training. */
  rSquared: 0.878,
  phases: 'babbling 0 to 50 %; syntax 50 to 75 %; meaning 75 to 100 %',
  firstVersion: {
    rSquaredDirection: 0.968,
    writtenLength: 1.6,
    referenceLength: 2.5,
    ahead: [0.684, 0.61],
    aheadBest: [0.622, 0.407],
  },
} as const;
