/** @file What a run tells of the state one action earlier: from its evidence, or from its single probes. Chapter 10. */
import { type ContrastRow, ENOUGH_PROGRAMS, type EvidenceRows, FEATURES, type ShareRow } from '../probe/index.ts';
import type { Results } from './results.ts';

type Feature = ContrastRow['feature'];

/**
 * `evidence.before` of a run. A run that was made before there was one has probes of offset -1 all the same, with the
 * untrained model's: then the same shares and contrasts come from them, without intervals and tests.
 */
export function evidenceBefore(results: Results): EvidenceRows {
  return results.evidence?.before ?? fromProbes(results);
}

/** Of the last checkpoint. */
function fromProbes({ probes, checkpoints }: Results): EvidenceRows {
  const last = checkpoints.at(-1)?.step;
  const asked = probes.filter((one) => one.step === last && one.offset === -1 && one.programs >= ENOUGH_PROGRAMS);
  const semantics = [...new Set(asked.map((one) => one.semantics))];
  const shares: ShareRow[] = [];
  const contrasts: ContrastRow[] = [];
  for (const hiddenLayers of [0, 1] as const) {
    const found = asked.filter((one) => one.hiddenLayers === hiddenLayers);
    const n = Math.min(...found.map(({ programs }) => programs));
    const alone = (estimate: number) => ({ estimate, interval: null, n });
    /** Null where a probe is missing, or where there is nothing to know. */
    const share = (feature: Feature, meaning: string, source: 'trained' | 'untrained'): number | null => {
      const values = (feature === 'mean' ? FEATURES : [feature]).map((name) => {
        const probe = found.find((one) => one.feature === name && one.semantics === meaning);
        return (source === 'trained' ? probe?.informationShare : probe?.untrainedInformationShare) ?? null;
      });
      return mean(values);
    };
    for (const feature of [...FEATURES, 'mean'] as const) {
      const about = { feature, hiddenLayers, actionsLeft: 'all' } as const;
      for (const meaning of semantics) {
        for (const source of ['trained', 'untrained'] as const) {
          const value = share(feature, meaning, source);
          if (value !== null) shares.push({ ...about, semantics: meaning, source, share: alone(value) });
        }
      }
      for (const against of [null, ...semantics.filter((one) => one !== 'original')]) {
        for (const over of [null, 'untrained'] as const) {
          if (over === null && against === null) continue;
          const gain = (meaning: string): number | null =>
            difference(share(feature, meaning, 'trained'), over ? share(feature, meaning, over) : 0);
          const value = difference(gain('original'), against === null ? 0 : gain(against));
          if (value !== null) contrasts.push({ ...about, over, against, difference: alone(value), p: null });
        }
      }
    }
  }
  return { shares, contrasts };
}

function mean(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value / values.length), 0);
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
