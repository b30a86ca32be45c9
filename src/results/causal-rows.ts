/** @file What edits and patches showed, as tidy rows. Appendix C. */
import type { CausalResults } from '../probe/index.ts';
import { analysisFile } from './artefact-names.ts';
import type { Rows } from './measurement.ts';

const ARTEFACT = analysisFile('causal');

/** Along which directions; `flip` alone would be the semantics. */
const SOURCES = { probe: 'probe', flip: 'flip probe', random: 'random', none: 'none' } as const;

type Edits = NonNullable<CausalResults['edits']>;
type Counts = Edits['test'];

export function causalRows(rows: Rows, { step, edits, patching }: CausalResults): void {
  if (edits) editRows(rows, step, edits);
  if (!patching) return;
  const { test, unpatched, ceiling, layers } = patching;
  countRows(rows, step, 'patching, test', test);
  rows.add(ARTEFACT, { step, source: 'unpatched' }, { patchSuccess: unpatched });
  rows.add(ARTEFACT, { step, source: 'ceiling' }, { patchSuccess: ceiling });
  for (const { layer, success, solvesUnturned } of layers)
    rows.add(
      ARTEFACT,
      { step, source: 'patched', layer },
      { patchSuccess: success, patchSolvesUnturned: solvesUnturned },
    );
}

function countRows(rows: Rows, step: number, part: string, counts: Counts): void {
  for (const [kind, cases] of Object.entries(counts)) rows.add(ARTEFACT, { step, part: `${part}: ${kind}` }, { cases });
}

function editRows(rows: Rows, step: number, edits: Edits): void {
  countRows(rows, step, 'edits, validation', edits.validation);
  countRows(rows, step, 'edits, test', edits.test);
  edits.distances.forEach((distance, layer) => {
    rows.add(ARTEFACT, { step, layer }, { stateDistance: distance });
  });
  for (const { semantics, layer, example, accuracy, majority, informationShare, n } of edits.probes) {
    const about = {
      step,
      semantics,
      layer,
      feature: 'direction',
      depth: 0,
      offset: -1,
      part: `example ${example + 1}`,
    };
    rows.add(
      ARTEFACT,
      { ...about, source: 'trained' },
      { editProbeAccuracy: accuracy, editProbeInformation: informationShare },
      n,
    );
    rows.add(ARTEFACT, { ...about, source: 'majority' }, { editProbeAccuracy: majority }, n);
  }
  const { success, unchanged, solvesUnturned } = edits.none;
  rows.add(ARTEFACT, { step, source: 'none' }, outcome(success, unchanged, solvesUnturned));
  for (const row of edits.sweep) {
    const about = { step, source: SOURCES[row.kind], layer: row.layer, size: row.size };
    rows.add(ARTEFACT, about, { ...outcome(row.success, row.unchanged, row.solvesUnturned), editMoved: row.moved });
    const validation = { editSuccess: row.validationSuccess, editUnchanged: row.validationUnchanged };
    rows.add(ARTEFACT, { ...about, part: 'validation' }, validation);
  }
  for (const row of edits.chosen) {
    const about = { step, source: SOURCES[row.kind], layer: row.layer, size: row.size, part: 'each at its best place' };
    rows.add(ARTEFACT, about, outcome(row.success, row.unchanged, row.solvesUnturned));
  }
  const contrast = (
    part: string,
    against: keyof typeof SOURCES,
    { difference, p }: Edits['contrasts'][number],
    place: object = {},
  ) =>
    rows.add(
      ARTEFACT,
      { step, source: 'probe', against: SOURCES[against], part, ...place },
      { editSuccess: difference, signFlipP: p },
    );
  for (const row of edits.contrasts) contrast('each at its best place', row.against, row);
  const { layer, size, edits: matched, contrasts } = edits.matched;
  for (const { kind, successAmongChanged, ...row } of matched) {
    const about = { step, source: SOURCES[kind], layer, size, part: 'at the matched place' };
    rows.add(ARTEFACT, about, {
      editSuccess: row.success,
      editUnchanged: row.unchanged,
      editSuccessAmongChanged: successAmongChanged,
    });
  }
  for (const row of contrasts) contrast('at the matched place', row.against, row, { layer, size });
  const { chosen, matched: differing } = edits.flipDiffers;
  if (chosen) contrast('where flip differs, each at its best place', 'flip', chosen);
  if (differing) contrast('where flip differs, at the matched place', 'flip', differing, { layer, size });
  for (const { before, after, ...place } of edits.readings) {
    rows.add(ARTEFACT, { step, ...place, part: 'before the edit' }, { editReading: before });
    rows.add(ARTEFACT, { step, ...place, part: 'after the edit' }, { editReading: after });
  }
  const whole = edits.wholeStates;
  if (!whole) return;
  rows.add(ARTEFACT, { step, source: 'unpatched' }, { wholeStateSuccess: whole.unpatched });
  rows.add(ARTEFACT, { step, source: 'ceiling' }, { wholeStateSuccess: whole.ceiling });
  for (const row of whole.layers)
    rows.add(ARTEFACT, { step, source: 'patched', layer: row.layer }, { wholeStateSuccess: row.success });
}

function outcome(success: Edits['none']['success'], unchanged: typeof success, solvesUnturned: typeof success) {
  return { editSuccess: success, editUnchanged: unchanged, editSolvesUnturned: solvesUnturned };
}
