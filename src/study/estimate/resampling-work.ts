/** @file How often programs are drawn again for the intervals and tests of the evidence, counted before the run. Chapter 8. */
import { ACTIONS_LEFT, ENOUGH_PROGRAMS, EVIDENCE_DRAWS, FEATURES, RECORD_KINDS } from '../../probe/index.ts';
import type { Settings } from '../settings.ts';
import { assumedLengths, fewestActions, meanOver, shareFrom } from './assumed.ts';

export interface ResamplingWork {
  /** Numbers added up for bootstrap intervals: resamples x programs x columns. */
  readonly resampled: number;
  /** Signs drawn for sign-flip tests: resamples x programs x tests. */
  readonly signs: number;
}

export interface EvidenceWork extends ResamplingWork {
  /** Of its rows as JSON, about. */
  readonly bytes: number;
}

const DEPTHS = 2;
/** Bytes of one row as JSON. */
const ROW_TEXT = 350;

/** What is made of the test answers of the last checkpoint; see `summarize`. */
export function evidenceWork(settings: Settings): EvidenceWork {
  const lengths = assumedLengths(settings, true);
  const fewest = fewestActions(settings);
  // A program counts among all, and in each part to which one of its states belongs; the last state is not asked for if dropped.
  const parts = (length: number): number =>
    length < fewest ? 0 : 1 + Math.min(length + 1 - fewest, ACTIONS_LEFT.length - fewest);
  const recorded = settings.labelExample !== -1;
  const programs = settings.traceTest * shareFrom(lengths, fewest);
  const now = rowsWork(settings, {
    sources: 2 + (recorded ? RECORD_KINDS.length + 2 : 0), // the models, each record, and the better ones
    control: 0,
    programs,
    counted: programs,
    parts: 1,
  });
  const before = rowsWork(settings, {
    sources: 2 + (recorded ? 3 : 0), // the two records without the action, and the better one
    control: recorded ? 4 : 0, // under the original semantics alone: the control task, the records with the action
    programs: settings.traceTest * shareFrom(lengths, 2), // with a state before the last action
    counted: settings.traceTest * meanOver(lengths, parts),
    parts: parts(lengths.at(-1)!.length),
  });
  return {
    resampled: now.resampled + before.resampled,
    signs: now.signs + before.signs,
    bytes: now.bytes + before.bytes,
  };
}

interface RowsAsked {
  /** What shares are of under all semantics, and under the original alone. */
  readonly sources: number;
  readonly control: number;
  /** Programs with pairs, in all, and each as often as there are parts to which it belongs. */
  readonly programs: number;
  readonly counted: number;
  /** Parts by actions left that have rows, all of the pairs being one. */
  readonly parts: number;
}

/** Of the rows of one offset. */
function rowsWork(settings: Settings, { sources, control, programs, counted, parts }: RowsAsked): EvidenceWork {
  if (programs < ENOUGH_PROGRAMS) return { resampled: 0, signs: 0, bytes: 0 };
  const semantics = settings.semantics.split(' ');
  const frequencies = semantics.length + (control > 0 ? 1 : 0); // the control task has its own
  const columns = FEATURES.length * (semantics.length * sources + control + frequencies);
  const others = semantics.length - 1; // beside the original
  const about = FEATURES.length + 1; // and their mean
  const contrasts = about * (sources - 1 + control + others * sources);
  const shares = about * (semantics.length * sources + control);
  return {
    resampled: DEPTHS * EVIDENCE_DRAWS.resamples * counted * columns,
    signs: DEPTHS * EVIDENCE_DRAWS.signs * programs * contrasts,
    bytes: ROW_TEXT * DEPTHS * parts * (shares + contrasts),
  };
}
