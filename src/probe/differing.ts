/** @file What is read where two semantics give different labels, and nowhere else. Chapter 10. */
import { type ContrastRow, ORIGINAL, type ShareRow, summarize } from './contrasts.ts';
import { FEATURES, type FeatureName } from './features.ts';
import type { GatheredBits } from './gathered-bits.ts';
import { ENOUGH_PROGRAMS } from './outcome.ts';

/** The pairs are those whose label under the original semantics differs from that under this one, feature by feature. */
interface Differing {
  readonly differsFrom: string;
}

/** How many pairs there are to tell two semantics apart by. */
export interface DifferingCount extends Differing {
  readonly offset: number;
  readonly feature: FeatureName;
  /** Test pairs whose labels differ, of all test pairs, and the programs that the former come from. */
  readonly pairs: number;
  readonly of: number;
  readonly programs: number;
}

export type DifferingShareRow = ShareRow & Differing;
export type DifferingContrastRow = ContrastRow & Differing;

export interface DifferingRows {
  readonly counts: readonly DifferingCount[];
  readonly shares: readonly DifferingShareRow[];
  readonly contrasts: readonly DifferingContrastRow[];
}

const COMPARED = ['frequencies', 'trained', 'untrained', 'record', 'record+action'] as const;

/**
 * Shares and contrasts of the test pairs at which a feature's label under the original semantics and that under another one
 * differ: at all other pairs one answer is right under both, and nothing tells the two apart. Position is one label, of two
 * heads. The mean over the features has the pairs of each; a feature with fewer than {@link ENOUGH_PROGRAMS} programs has no
 * rows, and neither has the mean then.
 *
 * Probes are those of *all* training pairs, and so are the frequencies that say what there is to know: nobody has told
 * either which pairs will be asked. Who knows nothing has a share of 0 under both semantics, and who knows both labels 1. Who knows
 * the original label alone has 1 under the original. The other label costs it -log2 P(other label | original label) bits, by
 * the frequencies of all training pairs: where labels seldom differ that is more than the class frequencies ask for, and its share
 * is below 0. So a share is no amount of information here. It says which label a probe follows: a contrast is above 0 where
 * that is the original, and who knows the other label alone has one below 0.
 *
 * Probes that are trained on such pairs alone, with their own frequencies, cannot ask this. There the labels of a feature with two
 * classes are opposites, and under flip those of the direction too: after k turns to the left in all, and after -k, robots face
 * different ways if k is odd, and then opposite ones. Who can read the one label reads the other, so that the contrast is 0
 * whatever is known.
 *
 * `random` gives numbers in [0, 1), for resamples and signs. Throws as `summarize`.
 */
export function differingRows(gathered: GatheredBits, offset: number, random: () => number): DifferingRows {
  const counts: DifferingCount[] = [];
  const found = gathered.semantics.flatMap((differsFrom) => {
    if (differsFrom === ORIGINAL) return [];
    const parts = new Map<FeatureName, Uint8Array>();
    for (const feature of FEATURES) {
      const part = gathered.differing(feature, ORIGINAL, differsFrom);
      if (!part) continue;
      const byProgram = gathered.countByProgram(part);
      const pairs = byProgram.reduce((sum, one) => sum + one, 0);
      counts.push({ differsFrom, offset, feature, pairs, of: part.length, programs: byProgram.length });
      if (byProgram.length >= ENOUGH_PROGRAMS) parts.set(feature, part);
    }
    const asked = { semantics: [ORIGINAL, differsFrom], converged: gathered.converged };
    return ([0, 1] as const).map((hiddenLayers) => {
      const programs = gathered.sumsWhere(hiddenLayers, parts, COMPARED);
      const rows = summarize(programs, asked, { offset, hiddenLayers, actionsLeft: 'all' }, random);
      return {
        shares: rows.shares.map((row) => ({ differsFrom, ...row })),
        contrasts: rows.contrasts.map((row) => ({ differsFrom, ...row })),
      };
    });
  });
  return {
    counts,
    shares: found.flatMap(({ shares }) => shares),
    contrasts: found.flatMap(({ contrasts }) => contrasts),
  };
}
