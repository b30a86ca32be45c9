/** @file From what each case did to shares, the places that did best, and differences. Chapter 14. */
import { type Measured, signFlipTest, withIntervals } from '../statistics/index.ts';
import type { EditPlace, EditScore, EditScores } from './edits.ts';
import type { PatchScores } from './patching.ts';
import type { Reading } from './readings.ts';
import {
  type ChosenEdit,
  EDIT_KINDS,
  type EditContrast,
  type EditOutcome,
  type EditResults,
  type PatchResults,
  type ReadingRow,
} from './results.ts';

/** The mean of each column, cases being resampled; all columns are from the same resamples. [columns] */
export function measureColumns(columns: readonly (readonly number[])[], random: () => number): Measured[] {
  const clusters = columns[0]!.map((_, item) => ({
    n: 1,
    ...Object.fromEntries(columns.map((column, at) => [at, column[item]!])),
  })) as (Record<string, number> & { n: number })[];
  const statistics = Object.fromEntries(
    columns.map((_, at) => [at, (totals: Record<string, number>) => totals[at]! / totals.n!]),
  );
  const found = withIntervals(clusters, statistics, random);
  return columns.map((_, at) => found[at]!);
}

const OUTCOMES = ['success', 'unchanged', 'solvesUnturned'] as const;

/** Rows of scores, [rows][cases], as outcomes. */
function outcomesOf(rows: readonly (readonly EditScore[])[], random: () => number): EditOutcome[] {
  const columns = rows.flatMap((scores) => OUTCOMES.map((name) => scores.map((score) => score[name])));
  const measures = measureColumns(columns, random);
  return rows.map((_, row) => {
    const [success, unchanged, solvesUnturned] = measures.slice(row * OUTCOMES.length);
    return { success: success!, unchanged: unchanged!, solvesUnturned: solvesUnturned! };
  });
}

/** Share of the cases. */
export const shareOf = (name: keyof EditScore, scores: readonly EditScore[]): number =>
  scores.reduce((sum, score) => sum + score[name], 0) / scores.length;

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** Which place has the most successes; of equals the smaller size, then the lower layer. */
export function bestPlace(places: readonly EditPlace[], scores: readonly (readonly EditScore[])[]): number {
  return mostAt(
    places,
    scores.map((one) => shareOf('success', one)),
  );
}

/** Where the value is greatest; of equals the smaller size, then the lower layer. */
export function mostAt(places: readonly EditPlace[], values: readonly number[]): number {
  let best = 0;
  places.forEach(({ layer, size }, at) => {
    const other = places[best]!;
    const smaller = size < other.size || (size === other.size && layer < other.layer);
    if (values[at]! > values[best]! || (values[at] === values[best] && smaller)) best = at;
  });
  return best;
}

/**
 * What edits did: places are chosen by the validation cases, all else is of the test cases. There must be a case of each.
 * `random` gives numbers in [0, 1), for intervals and tests.
 */
export function summarizeEdits(
  places: readonly EditPlace[],
  validation: EditScores,
  test: EditScores,
  random: () => number,
): Pick<EditResults, 'none' | 'sweep' | 'chosen' | 'contrasts'> {
  const [none, ...edited] = outcomesOf([test.none, ...EDIT_KINDS.flatMap((kind) => test.edited[kind])], random);
  const sweep = EDIT_KINDS.flatMap((kind, block) =>
    places.map(({ layer, size }, at) => ({
      kind,
      layer,
      size,
      ...edited[block * places.length + at]!,
      validationSuccess: shareOf('success', validation.edited[kind][at]!),
      validationUnchanged: shareOf('unchanged', validation.edited[kind][at]!),
      moved: rootMeanSquare(test.moved[kind][at]!),
    })),
  );
  const best = EDIT_KINDS.map((kind) => bestPlace(places, validation.edited[kind]));
  const chosen = best.map((at, block): ChosenEdit => sweep[block * places.length + at]!);
  const [probe, flip, drawn] = EDIT_KINDS.map((kind, block) => test.edited[kind][best[block]!]!);
  const contrasts = [
    contrast('random', probe!, drawn!, random),
    contrast('flip', probe!, flip!, random),
    contrast('none', probe!, test.none, random),
  ];
  return { none: none!, sweep, chosen, contrasts };
}

/** Success of one edit less that of another, on the same cases. */
export function contrast(
  against: EditContrast['against'],
  probe: readonly EditScore[],
  other: readonly EditScore[],
  random: () => number,
): EditContrast {
  const clusters = probe.map(({ success }, item) => ({ n: 1, probe: success, other: other[item]!.success }));
  const { difference } = withIntervals(
    clusters,
    { difference: (totals) => totals.probe / totals.n - totals.other / totals.n },
    random,
  );
  const { p } = signFlipTest(
    clusters.map((cluster) => cluster.probe - cluster.other),
    { random },
  );
  return { kind: 'probe', against, difference, p };
}

/** Readings as shares, [places][cases], of at least one case. */
export function summarizeReadings(
  places: readonly EditPlace[],
  readings: readonly (readonly Reading[])[],
  random: () => number,
): ReadingRow[] {
  const columns = readings.flatMap((row) => [row.map(({ before }) => before), row.map(({ after }) => after)]);
  const measures = measureColumns(columns, random);
  return places.map(({ layer, size }, at) => {
    return { layer, size, before: measures[2 * at]!, after: measures[2 * at + 1]! };
  });
}

/** What patches did, of at least one pair. */
export function summarizePatches(
  { unpatched, own, patched }: PatchScores,
  random: () => number,
): Omit<PatchResults, 'test'> {
  const success = [unpatched, own, ...patched].map((scores) => scores.map((score) => score.success));
  const unturned = patched.map((scores) => scores.map(({ solvesUnturned }) => solvesUnturned));
  const [without, ceiling, ...rest] = measureColumns([...success, ...unturned], random);
  return {
    unpatched: without!,
    ceiling: ceiling!,
    layers: patched.map((_, layer) => ({
      layer,
      success: rest[layer]!,
      solvesUnturned: rest[patched.length + layer]!,
    })),
  };
}
