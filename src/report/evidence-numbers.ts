/** @file Shares and differences of information as figures take them: of one run, or of several seeds. Chapter 11. */

import type { EvidenceResults, Results } from '../results/results.ts';
import type { ContrastsOverSeeds, OverSeeds, SharesOverSeeds, StudyResults } from '../results/study-results.ts';
import type { IntervalRow } from './interval-chart.ts';

type ShareRow = EvidenceResults['shares'][number];
type ContrastRow = EvidenceResults['contrasts'][number];
export type Drawn = Pick<IntervalRow, 'value' | 'interval' | 'seeds'>;
export type ShareKey = Pick<SharesOverSeeds, 'feature' | 'hiddenLayers' | 'actionsLeft' | 'semantics' | 'source'>;
export type ContrastKey = Pick<ContrastsOverSeeds, 'feature' | 'hiddenLayers' | 'actionsLeft' | 'over' | 'against'>;

/** Undefined where there is no such number. */
export interface EvidenceNumbers {
  readonly share: (key: ShareKey) => Drawn | undefined;
  readonly contrast: (key: ContrastKey) => Drawn | undefined;
  /** How the interval came about, for a caption. */
  readonly intervals: string;
}

const matches =
  <Key extends object>(key: Key) =>
  (row: Key): boolean =>
    (Object.keys(key) as (keyof Key)[]).every((name) => row[name] === key[name]);

/** Numbers of rows that are about several things, each found by its key. */
function numbersOf<Share extends ShareKey, Contrast extends ContrastKey>(
  rows: { readonly shares: readonly Share[]; readonly contrasts: readonly Contrast[] },
  drawnOf: { readonly share: (row: Share) => Drawn; readonly contrast: (row: Contrast) => Drawn },
  intervals: string,
): EvidenceNumbers | undefined {
  if (rows.shares.length === 0) return undefined;
  const drawn = <Row>(row: Row | undefined, of: (row: Row) => Drawn): Drawn | undefined => row && of(row);
  return {
    share: (key) => drawn(rows.shares.find(matches<ShareKey>(key)), drawnOf.share),
    contrast: (key) => drawn(rows.contrasts.find(matches<ContrastKey>(key)), drawnOf.contrast),
    intervals,
  };
}

const OF_A_RUN = {
  share: ({ share }: ShareRow): Drawn => ({ value: share.estimate, interval: share.interval }),
  contrast: ({ difference }: ContrastRow): Drawn => ({ value: difference.estimate, interval: difference.interval }),
};
const RESAMPLED = 'The line through a symbol is its 95 % interval, from resampled test programs.';

export function evidenceOf({ evidence }: Results): EvidenceNumbers | undefined {
  return numbersOf(evidence ?? { shares: [], contrasts: [] }, OF_A_RUN, RESAMPLED);
}

/** Of the state one action earlier. */
export function evidenceBeforeOf({ evidence }: Results): EvidenceNumbers | undefined {
  return numbersOf(evidence?.before ?? { shares: [], contrasts: [] }, OF_A_RUN, RESAMPLED);
}

const meanOverSeeds = ({ mean, interval, values }: OverSeeds): Drawn => ({ value: mean, interval, seeds: values });
const OF_SEEDS = { share: meanOverSeeds, contrast: meanOverSeeds };
const BY_SEEDS =
  'A filled symbol is the mean over seeds, small circles are the seeds, the line is the 95 % interval of the mean over seeds; an arrow says that it goes on outside the frame.';

/** Means over seeds, with the seeds. */
export function evidenceOverSeeds(study: StudyResults): EvidenceNumbers | undefined {
  return numbersOf<SharesOverSeeds, ContrastsOverSeeds>(study, OF_SEEDS, BY_SEEDS);
}

export function evidenceBeforeOverSeeds({ before }: StudyResults): EvidenceNumbers | undefined {
  return numbersOf<SharesOverSeeds, ContrastsOverSeeds>(before, OF_SEEDS, BY_SEEDS);
}
