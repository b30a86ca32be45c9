/** @file Records of texts and grids, which some probes of the last checkpoint read: how wide they are. Chapter 8. */
import { ACTIONS, PROGRAM_WORDS } from '../../karel/index.ts';
import { RECORD_KINDS, type RecordKind, recordWidth } from '../../probe/index.ts';
import type { Settings } from '../settings.ts';
import { assumedLengths } from './assumed.ts';
import type { ProbeWork } from './probe-work.ts';

/** Numbers in a record of each kind, when the longest program that the trained model writes is as long as assumed. */
export function recordWidths(settings: Settings): Record<RecordKind, number> {
  const shape = {
    example: 0, // of all examples the grids are of one size
    longest: assumedLengths(settings, true).at(-1)!.length,
    cells: settings.gridWidth * settings.gridHeight,
    vocabulary: settings.programs === 'control' ? PROGRAM_WORDS : ACTIONS,
  };
  const widths = RECORD_KINDS.map((kind) => [kind, recordWidth(kind, shape)]);
  return Object.fromEntries(widths) as Record<RecordKind, number>;
}

/** Columns that are the same in all training pairs are left out: about half, since most cells show few kinds of things. */
export const VARYING = 0.5;

/**
 * A probe of each of these kinds of records, as probes of hidden states that are shown more pairs: as many more as a record is
 * wider. That is somewhat too much, since not all that a probe does with a pair grows with its width.
 */
export function onRecords(work: ProbeWork, kinds: readonly RecordKind[], settings: Settings): ProbeWork {
  const widths = recordWidths(settings);
  return kinds.reduce(
    (sum, kind) => {
      const wider = (VARYING * widths[kind]) / settings.n_embd;
      return {
        probes: sum.probes + work.probes,
        trained: sum.trained + wider * work.trained,
        tested: sum.tested + wider * work.tested,
      };
    },
    { probes: 0, trained: 0, tested: 0 },
  );
}
