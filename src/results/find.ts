/** @file One row of many, by what it is about. Chapter 13. */
import type { ContrastRow, EditContrast, HiddenLayers, LookAheadRow } from '../probe/index.ts';
import type { FeatureName, Results } from './results.ts';

/** The difference of usable information over all pairs; null where there is no such row. */
export function contrastOf(
  rows: readonly ContrastRow[] | undefined,
  about: Pick<ContrastRow, 'offset' | 'over' | 'against' | 'hiddenLayers' | 'feature'>,
): number | null {
  const found = rows?.find(
    (row) =>
      row.offset === about.offset &&
      row.over === about.over &&
      row.against === about.against &&
      row.hiddenLayers === about.hiddenLayers &&
      row.feature === about.feature &&
      row.actionsLeft === 'all',
  );
  return found?.difference.estimate ?? null;
}

/** What probes of `source` tell of `feature` of the state `offset` actions later; undefined where there is no such row. */
export function lookAheadOf(
  { evidence }: Pick<Results, 'evidence'>,
  feature: FeatureName,
  hiddenLayers: HiddenLayers,
  offset: number,
  source: LookAheadRow['source'] = 'trained',
): LookAheadRow | undefined {
  return evidence?.lookAhead.find(
    (row) =>
      row.source === source && row.feature === feature && row.hiddenLayers === hiddenLayers && row.offset === offset,
  );
}

/** Success of edits along the probe's direction - that of others; undefined where there is no such row. */
export function editContrastOf(
  rows: readonly EditContrast[] | undefined,
  against: EditContrast['against'],
): number | undefined {
  return rows?.find((row) => row.against === against)?.difference.estimate;
}
