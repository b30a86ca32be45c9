/** @file Made-up results in which every row has a number of its own, so that a number says which row it was read from. */
import { ACTIONS_LEFT, type ContrastRow, type EvidenceRows, FEATURES } from '../../src/probe/index.ts';
import type { Results } from '../../src/results/results.ts';
import { sampleAnalyses, withDiffering } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const numbers = new Map<string, number>();

/** A number for each key, and the same for the same key: 1 for the first that is asked for, then 2 and so on. */
export function numberOf(...key: readonly (string | number | null)[]): number {
  const text = JSON.stringify(key);
  const number = numbers.get(text) ?? numbers.size + 1;
  numbers.set(text, number);
  return number;
}

const OVERS = [null, 'control', 'record+action', 'record', 'grids', 'input', 'untrained'] as const;

/** What is added to the number of a contrast where labels differ. */
export const WHERE_LABELS_DIFFER = 0.25;

/** The number of the contrast that is about this. */
export function contrastNumber(
  offset: number,
  over: ContrastRow['over'],
  against: string | null,
  feature: ContrastRow['feature'] = 'mean',
  hiddenLayers: 0 | 1 = 1,
  actionsLeft: ContrastRow['actionsLeft'] = 'all',
): number {
  return numberOf(offset, over, against, feature, hiddenLayers, actionsLeft);
}

function contrasts(shift: number): EvidenceRows {
  const rows: ContrastRow[] = [];
  for (const offset of [0, -1])
    for (const over of OVERS)
      for (const against of ['adversarial', 'flip', null])
        for (const feature of [...FEATURES, 'mean'] as const)
          for (const hiddenLayers of [0, 1] as const)
            for (const actionsLeft of [...ACTIONS_LEFT].reverse()) {
              if (over === null && against === null) continue;
              const estimate = contrastNumber(offset, over, against, feature, hiddenLayers, actionsLeft) + shift;
              const difference = { estimate, interval: null, n: 100 };
              const about = { offset, over, against, feature, hiddenLayers, actionsLeft };
              rows.push({ ...about, comparison: 'fair', difference, p: null });
            }
  return { shares: [], contrasts: rows };
}

const analyses = sampleAnalyses();

/** The sample results with such numbers; `shift` is added to those of the contrasts. */
export function keyedResults(shift = 0): Results {
  const base = sampleResults();
  const own = <Row extends { readonly difference: object }>(row: Row, ...key: (string | number)[]): Row => ({
    ...row,
    difference: { ...row.difference, estimate: numberOf(...key) },
  });
  const edits = analyses.causal!.edits!;
  const { matched, flipDiffers } = edits;
  return {
    ...base,
    evidence: withDiffering(
      {
        ...contrasts(shift),
        lookAhead: analyses
          .evidence!.lookAhead.map((row) => own(row, 'ahead', row.source, row.feature, row.hiddenLayers, row.offset))
          .reverse(),
      },
      WHERE_LABELS_DIFFER,
    ),
    permutations: {
      rows: [],
      ranks: analyses
        .permutations!.ranks.map((row) => ({
          ...row,
          rank: numberOf('rank', row.source, row.among, row.feature, row.hiddenLayers),
        }))
        .reverse(),
    },
    causal: {
      ...analyses.causal!,
      edits: {
        ...edits,
        contrasts: edits.contrasts.map((row) => own(row, 'edits', row.against)).reverse(),
        matched: { ...matched, contrasts: matched.contrasts.map((row) => own(row, 'matched', row.against)).reverse() },
        flipDiffers: {
          ...flipDiffers,
          chosen: own(flipDiffers.chosen!, 'differing', 'chosen'),
          matched: own(flipDiffers.matched!, 'differing', 'matched'),
        },
      },
    },
    // On lines through 0 over the generative accuracy, each with a slope of its own; what is too few lies far off.
    probes: base.probes.map((probe) => {
      const { step, feature, hiddenLayers, semantics, offset, tooFew } = probe;
      const { generativeAccuracy } = base.checkpoints.find((checkpoint) => checkpoint.step === step)!;
      const on = (measure: string): number =>
        tooFew ? 1e6 : generativeAccuracy * numberOf('slope', measure, feature, hiddenLayers, semantics, offset);
      const untrainedInformationShare = on('untrained');
      return {
        ...probe,
        accuracy: on('accuracy'),
        informationShare: on('informationShare'),
        untrainedInformationShare,
      };
    }),
  };
}
