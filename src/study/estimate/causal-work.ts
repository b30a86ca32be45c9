/** @file How much there is to do for edits and patches, counted before the run. Chapter 8. */
import { bySplit, EDIT_KINDS } from '../../probe/index.ts';
import { BOOTSTRAP_RESAMPLES, SIGN_FLIPS } from '../../probe/statistics/index.ts';
import { CAUSAL_PROGRAMS, EDIT_SIZES } from '../analysis/causal-edits.ts';
import { CAUSAL_CASES } from '../analysis/causal-material.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../stages/trace.ts';
import { type AnalysisWork, NOTHING } from './analysis-work.ts';
import { ASSUMED, assumedLengths, meanOver, shareFrom, sumOf } from './assumed.ts';
import { NO_PROBES, probeWork } from './probe-work.ts';

/** Bytes of JSON about one probe, one place with one kind of edit, one reading, one layer of patches, one contrast. */
const TEXT = { probe: 242, edit: 672, reading: 382, patch: 450, contrast: 280 } as const;

/** How many cases there are at most, of specifications whose programs have so many actions or more. */
function casesOf(settings: Settings, split: 'validation' | 'test', fewest: number): number {
  const lengths = assumedLengths(settings, true);
  const { solved, remainder } = ASSUMED;
  const found = traceCounts(settings)[split] * solved * shareFrom(lengths, fewest) * remainder;
  return Math.min(CAUSAL_CASES[split], Math.floor(found));
}

/**
 * A batch of programs goes on until its last one ends; hardly a batch is without one of the greatest length. Nothing where
 * programs branch and loop: no cases are drawn there.
 */
export function causalWork(settings: Settings): AnalysisWork {
  if (settings.programs === 'control') return NOTHING;
  const { n_layer, maxProgramLength } = settings;
  const layers = n_layer + 1;
  const cases = { validation: casesOf(settings, 'validation', 2), test: casesOf(settings, 'test', 2) };
  const edits = cases.validation > 0 && cases.test > 0 ? editsWork(settings, layers, cases) : NOTHING;
  const pairs = casesOf(settings, 'test', 1);
  const rows = 2 * pairs; // both specifications of a pair, side by side
  const resampled = BOOTSTRAP_RESAMPLES * pairs * patchColumns(layers);
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

const patchColumns = (layers: number): number => 2 + 2 * layers;

function editsWork(
  settings: Settings,
  layers: number,
  cases: { readonly validation: number; readonly test: number },
): AnalysisWork {
  const { examples, maxProgramLength } = settings;
  const lengths = assumedLengths(settings, true);
  const stored = traceCounts(settings);
  const programs = bySplit((split) => Math.min(stored[split], CAUSAL_PROGRAMS[split]) * shareFrom(lengths, 2));
  const states = meanOver(lengths, (length) => Math.max(0, length - 1)) / shareFrom(lengths, 2);
  const pairs = bySplit((split) => Math.round(programs[split] * states));
  const meanings = 2; // original and flip
  const facing = probeWork(meanings * layers * examples, pairs, 0, settings);
  if (facing.probes === 0) return NOTHING; // without probes there are no edits
  const longest = lengths.at(-1)!.length;
  const places = layers * EDIT_SIZES.length;
  const passes = 1 + EDIT_KINDS.length * places;
  const all = cases.validation + cases.test;
  const contrasts = 3 + 2 + 2; // at the chosen places, at the matched one, where flip differs
  const matched = 3 * EDIT_KINDS.length;
  // Whole states: as if all robots could have come to stand turned. Both specifications of a pair, side by side.
  const rows = 2 * cases.test;
  return {
    ...NOTHING,
    probing: { ...NO_PROBES, 0: facing },
    pairs: meanings * layers * sumOf(pairs),
    executions: meanings * layers * examples * sumOf(programs),
    read: sumOf(programs) + all + cases.test + rows,
    // Programs are read to the longest; cases have an action already; for readings one token is read.
    tokens:
      sumOf(programs) * longest + all * passes * maxProgramLength + cases.test + rows * (1 + layers) * maxProgramLength,
    searches: all / ASSUMED.remainder,
    resampled:
      BOOTSTRAP_RESAMPLES * cases.test * (3 * passes + 2 * places + matched + 2 * contrasts + patchColumns(layers)),
    signs: SIGN_FLIPS * cases.test * contrasts,
    bytes:
      TEXT.probe * facing.probes +
      (TEXT.edit * EDIT_KINDS.length + TEXT.reading) * places +
      TEXT.patch * (layers + EDIT_KINDS.length) +
      TEXT.contrast * contrasts,
  };
}
