/** @file Shares and differences of information as figures take them: of one run, or of several seeds. Chapter 11. */

import type { Results } from '../study/results.ts';
import type { ContrastsOverSeeds, SharesOverSeeds, StudyResults } from '../study/study-results.ts';
import type { IntervalRow } from './interval-chart.ts';

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

export function evidenceOf({ evidence }: Results): EvidenceNumbers | undefined {
  if (!evidence || evidence.shares.length === 0) return undefined;
  return {
    share: (key) => {
      const found = evidence.shares.find(matches(key))?.share;
      return found && { value: found.estimate, interval: found.interval };
    },
    contrast: (key) => {
      const found = evidence.contrasts.find(matches(key))?.difference;
      return found && { value: found.estimate, interval: found.interval };
    },
    intervals: 'The line through a symbol is its 95 % interval, from resampled test programs.',
  };
}

/** Means over seeds, with the seeds. */
export function evidenceOverSeeds(study: StudyResults): EvidenceNumbers | undefined {
  if (study.shares.length === 0) return undefined;
  const drawn = (found: SharesOverSeeds | ContrastsOverSeeds | undefined): Drawn | undefined =>
    found && { value: found.mean, interval: found.interval, seeds: found.values };
  return {
    share: (key) => drawn(study.shares.find(matches<ShareKey>(key))),
    contrast: (key) => drawn(study.contrasts.find(matches<ContrastKey>(key))),
    intervals:
      'A filled symbol is the mean over seeds, small circles are the seeds, the line is the 95 % interval of the mean over seeds; an arrow says that it goes on outside the frame.',
  };
}
