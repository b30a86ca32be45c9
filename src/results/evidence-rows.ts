/** @file What probes of the last checkpoint show beside their baselines, as tidy rows. Appendix C. */
import type { ContrastRow, DifferingRows, ShareRow } from '../probe/index.ts';
import { probesFile } from './artefact-names.ts';
import type { Rows } from './measurement.ts';
import type { EvidenceResults } from './results.ts';

export function evidenceRows(rows: Rows, evidence: EvidenceResults, step: number): void {
  const { shares, contrasts, lookAhead, differing } = evidence;
  const artefact = probesFile(step);
  for (const row of shares) shareRow(rows, step, row);
  for (const row of contrasts) contrastRow(rows, step, row);
  for (const { source, feature, hiddenLayers, offset, accuracy, best, difference } of lookAhead) {
    const about = { step, feature, semantics: 'original', offset, depth: hiddenLayers };
    rows.add(artefact, { ...about, source }, { aheadAccuracy: accuracy });
    rows.add(artefact, { ...about, source, against: 'best guess' }, { aheadAccuracy: difference });
    rows.add(artefact, { ...about, source: 'best guess', part: `where ${source} is right` }, { aheadAccuracy: best });
  }
  if (differing) differingRows(rows, differing, step);
}

/** The part of the pairs at which the original and another semantics differ. */
const unlike = (differsFrom: string): string => `labels differ from ${differsFrom}`;

function differingRows(rows: Rows, { counts, shares, contrasts }: DifferingRows, step: number): void {
  for (const { differsFrom, offset, feature, pairs, of, programs } of counts) {
    const about = { step, feature, offset, semantics: 'original', part: unlike(differsFrom) };
    rows.add(probesFile(step), about, { pairs, pairShare: pairs / of }, programs);
  }
  for (const row of shares) shareRow(rows, step, row, unlike(row.differsFrom));
  for (const row of contrasts) contrastRow(rows, step, row, unlike(row.differsFrom));
}

function shareRow(rows: Rows, step: number, row: ShareRow, where: string | null = partOf(row)): void {
  const { share, feature, semantics, source, offset, hiddenLayers } = row;
  rows.add(probesFile(step), { step, feature, semantics, source, offset, depth: hiddenLayers, part: where }, { share });
}

function contrastRow(rows: Rows, step: number, row: ContrastRow, where: string | null = partOf(row)): void {
  const { difference, p, feature, over, against, offset, hiddenLayers, comparison } = row;
  const semantics = against === null ? 'original' : `original - ${against}`;
  const part = [where, comparison === 'fair' ? null : comparison].filter(Boolean).join(', ') || null;
  const about = { step, feature, semantics, source: 'trained', against: over, offset, depth: hiddenLayers, part };
  rows.add(probesFile(step), about, { shareDifference: difference, signFlipP: p });
}

const partOf = ({ actionsLeft }: Pick<ShareRow, 'actionsLeft'>): string | null =>
  actionsLeft === 'all' ? null : `${actionsLeft} actions left`;
