/** @file How much there is to do for a map of all layers, counted before the run. Chapter 8. */
import { type BySplit, bySplit, FEATURES } from '../../probe/index.ts';
import { LAYER_PROGRAMS, layersOf } from '../analysis/layers.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../stages/trace.ts';
import { type AnalysisWork, NOTHING } from './analysis-work.ts';
import { assumedLengths, fewestActions, pairsOf, shareFrom, sumOf } from './assumed.ts';
import { addProbes, NO_PROBES, probeWork } from './probe-work.ts';

/** Bytes of JSON about one probe. */
const ROW_TEXT = 220;

/** Of how many specifications, by split, hidden states of all layers are read. */
export function programsRead(settings: Settings): BySplit<number> {
  const stored = traceCounts(settings);
  return bySplit((split) => Math.min(stored[split], LAYER_PROGRAMS[split]));
}

export function layersWork(settings: Settings): AnalysisWork {
  const programs = programsRead(settings);
  const layers = layersOf(settings).length;
  let total: AnalysisWork = NOTHING;
  // Each checkpoint, and the programs of the last one once more, read by the untrained model.
  for (let reading = 0; reading <= settings.checkpoints + 1; reading++) {
    const trained = reading > 0;
    const read = sumOf(programs) * shareFrom(assumedLengths(settings, trained), fewestActions(settings));
    const pairs = pairsOf(settings, programs, { offset: -1, trained });
    const linear = probeWork(FEATURES.length * layers, pairs, 0, settings);
    const probed = linear.probes > 0 ? layers : 0;
    total = {
      ...total,
      probing: { ...NO_PROBES, 0: addProbes(total.probing[0], linear) },
      pairs: total.pairs + probed * sumOf(pairs),
      executions: total.executions + probed * read,
      read: total.read + read,
      bytes: total.bytes + ROW_TEXT * linear.probes,
    };
  }
  return total;
}
