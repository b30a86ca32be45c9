/** @file How much there is to do for a map of all layers, counted before the run. Chapter 9. */
import { type BySplit, bySplit, FEATURES } from '../../probe/index.ts';
import { LAYER_PROGRAMS, LAYER_SAMPLES, layersOf } from '../analysis/layers.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../trace-stage.ts';
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
  const samples = Math.min(settings.probeSamples, LAYER_SAMPLES);
  let total: AnalysisWork = NOTHING;
  for (let checkpoint = 0; checkpoint <= settings.checkpoints; checkpoint++) {
    const trained = checkpoint > 0;
    const read = sumOf(programs) * shareFrom(assumedLengths(settings, trained), fewestActions(settings));
    const pairs = pairsOf(settings, programs, { offset: 0, trained });
    const linear = probeWork(FEATURES.length * layers, pairs, samples, settings);
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

/** How many cases there are at most, of specifications whose programs have so many actions or more. */
function casesOf(settings: Settings, split: 'validation' | 'test', fewest: number): number {
  const lengths = assumedLengths(settings, true);
  const { solved, remainder } = ASSUMED;
  const found = traceCounts(settings)[split] * solved * shareFrom(lengths, fewest) * remainder;
  return Math.min(CAUSAL_CASES[split], Math.floor(found));
}

/** A batch of programs goes on until its last one ends; hardly a batch is without one of the greatest length. */
function causalWork(settings: Settings): AnalysisWork {
  const { n_layer, maxProgramLength } = settings;
  const layers = n_layer + 1;
  const cases = { validation: casesOf(settings, 'validation', 2), test: casesOf(settings, 'test', 2) };
  const edits = cases.validation > 0 && cases.test > 0 ? editsWork(settings, layers, cases) : NOTHING;
  const pairs = casesOf(settings, 'test', 1);
  const rows = 2 * pairs; // both specifications of a pair, side by side
  const resampled = BOOTSTRAP_RESAMPLES * pairs * (2 + 2 * layers);
  const searches = pairs / ASSUMED.remainder;
  return {
    ...edits,
    read: edits.read + rows,
    tokens: edits.tokens + rows * (1 + layers) * (maxProgramLength + 1),
    searches: edits.searches + searches,
    resampled: edits.resampled + resampled,
    bytes: edits.bytes + (pairs > 0 ? TEXT.patch * layers : 0),
  };
}

function editsWork(settings: Settings, layers: number, cases: { readonly validation: number; readonly test: number }) {
  const { examples, maxProgramLength, probeSamples } = settings;
  const lengths = assumedLengths(settings, true);
  const stored = traceCounts(settings);
  const programs: BySplit<number> = bySplit(
    (split) => Math.min(stored[split], CAUSAL_PROGRAMS[split]) * shareFrom(lengths, 2),
  );
  const states = meanOver(lengths, (length) => Math.max(0, length - 1)) / shareFrom(lengths, 2);
  const pairs = bySplit((split) => Math.round(programs[split] * states));
  const meanings = 2; // original and flip
  const facing = probeWork(meanings * layers * examples, pairs, probeSamples, settings);
  const longest = lengths.at(-1)!.length;
  const places = layers * EDIT_SIZES.length;
  const passes = 1 + EDIT_KINDS.length * places;
  const all = cases.validation + cases.test;
  const contrasts = 3;
  return {
    ...NOTHING,
    probing: { ...NO_PROBES, 0: facing },
    pairs: meanings * layers * sumOf(pairs),
    executions: meanings * layers * examples * sumOf(programs),
    read: sumOf(programs) + all + cases.test,
    // Programs are read to the longest; cases have an action already; for readings one token is read.
    tokens: sumOf(programs) * longest + all * passes * maxProgramLength + cases.test,
    searches: all / ASSUMED.remainder,
    resampled: BOOTSTRAP_RESAMPLES * cases.test * (3 * passes + 2 * places + 2 * contrasts),
    signs: SIGN_FLIPS * cases.test * contrasts,
    bytes:
      TEXT.facing * facing.probes + (TEXT.edit * EDIT_KINDS.length + TEXT.reading) * places + TEXT.edit * contrasts,
  };
}
