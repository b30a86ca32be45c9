/** @file What the page is filled with: a run, or several seeds of a study. Appendix C. */
import { testClaims } from './claim-tests.ts';
import { PRIMARY_CLAIMS, SECONDARY_CLAIMS } from './claims.ts';
import { testExploratory } from './exploratory.ts';
import { ABOUT_COLUMNS, COLUMNS, type Column, type Measurement } from './measurement.ts';
import { findPhases, type Phase } from './phases.ts';
import { ASKED_LATER, planRemark } from './plan.ts';
import { describeReached, progressOf } from './reached.ts';
import type { Results, SkippedResult } from './results.ts';
import { measurementsOf } from './rows.ts';
import type { RunFacts } from './run-facts.ts';
import type { ClaimResult } from './study-results.ts';

export interface PageRun {
  readonly seed: string;
  readonly modelSha256: string;
  readonly arithmetic: string;
  readonly parameters: number;
  readonly epochs: number;
  readonly phases: readonly Phase[];
  readonly skipped: readonly SkippedResult[];
  /** Why an analysis was not made, where it was not. */
  readonly reasons: readonly string[];
  /** How far training had come, where it has not ended. */
  readonly unfinished: string | null;
  /** Of its machine; null where they are not known. */
  readonly facts: RunFacts | null;
}

/** A checkpoint whose weights lie beside the page as `checkpoints/<name>.js`. */
export interface PageCheckpoint {
  readonly name: string;
  readonly seed: string;
  readonly step: number;
}

export interface PageMaking {
  /** Samples of the test split of the first checkpoint's seed, a character a token: its number after `0`. */
  readonly samples: readonly string[];
  readonly checkpoints: readonly PageCheckpoint[];
  /** What makes all of it anew, where it is known. */
  readonly command: string | null;
  /** By seed. */
  readonly facts: Readonly<Record<string, RunFacts>>;
}

export interface PageData extends Omit<PageMaking, 'facts'> {
  readonly format: 'karelscope-page';
  readonly version: 1;
  readonly preset: string;
  /** Of every run, but for its seed. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly runs: readonly PageRun[];
  readonly plan: string;
  readonly claims: readonly ClaimResult[];
  readonly secondary: readonly ClaimResult[];
  /** Claims that no plan names, and what is said of them; not there where no run was asked. */
  readonly exploratory?: readonly ClaimResult[];
  readonly askedLater?: string;
  readonly rows: EncodedRows;
}

/**
 * Rows, column by column. `runs` are pairs: how far a row's value lies after that of the row before in `values`, around its end,
 * and for how many rows that is so; columns of numbers are text instead, joined by commas, nothing for null.
 */
export interface EncodedRows {
  readonly count: number;
  readonly columns: Readonly<Record<Column, EncodedColumn>>;
}

type Cell = string | number | null;
type EncodedColumn = { readonly values: readonly Cell[]; readonly runs: readonly number[] } | { readonly text: string };

/** Tokens as a page has them, and back. */
export const textOfTokens = (tokens: Uint8Array): string =>
  Array.from(tokens, (token) => String.fromCharCode(48 + token)).join('');
export const tokensOfText = (text: string): Uint8Array => Uint8Array.from(text, (glyph) => glyph.charCodeAt(0) - 48);

/** The settings of all runs must be the same. */
export function pageData(
  runs: readonly Results[],
  { samples = [], checkpoints = [], command = null, facts = {} }: Partial<PageMaking> = {},
): PageData {
  const { preset, settings } = runs[0]!;
  const seeds = runs.map(({ seed }) => seed);
  const exploratory = testExploratory(runs);
  return {
    format: 'karelscope-page',
    version: 1,
    preset,
    settings,
    runs: runs.map((results) => ({
      seed: results.seed,
      modelSha256: results.modelSha256,
      arithmetic: results.arithmetic,
      parameters: results.parameters,
      epochs: results.epochs,
      phases: findPhases(results),
      skipped: results.skippedProbes,
      reasons: [results.permutations?.skipped, results.causal?.editsSkipped, results.causal?.patchingSkipped].filter(
        (reason) => typeof reason === 'string',
      ),
      unfinished: describeReached(progressOf(results)) ?? null,
      facts: facts[results.seed] ?? null,
    })),
    plan: planRemark(preset, seeds),
    claims: testClaims(PRIMARY_CLAIMS, runs),
    secondary: testClaims(SECONDARY_CLAIMS, runs),
    ...(exploratory.length > 0 && { exploratory, askedLater: ASKED_LATER }),
    samples,
    checkpoints,
    command,
    rows: encodeRows(interleaved(runs.map(measurementsOf))),
  };
}

/** What all seeds have of the same, side by side, so that equal values of a column follow each other. */
function interleaved(bySeed: readonly (readonly Measurement[])[]): Measurement[] {
  const groups = new Map<string, Measurement[]>();
  for (const row of bySeed.flat()) {
    const key = ABOUT_COLUMNS.map((column) => (column === 'seed' ? '' : row[column])).join('|');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flat();
}

/** Columns whose values seldom repeat, and their significant digits; `results.json` has them all. */
const DIGITS: Partial<Record<Column, number>> = { value: 5, low: 4, high: 4 };

export function encodeRows(rows: readonly Measurement[]): EncodedRows {
  const columns = COLUMNS.map(
    (column) =>
      [
        column,
        encodeColumn(
          column,
          rows.map((row) => row[column]),
        ),
      ] as const,
  );
  return { count: rows.length, columns: Object.fromEntries(columns) as EncodedRows['columns'] };
}

function encodeColumn(column: Column, cells: readonly Cell[]): EncodedColumn {
  const digits = DIGITS[column];
  if (digits !== undefined) {
    const short = (cell: Cell): Cell =>
      typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(digits)) : cell;
    const text = cells.map((cell) => String(short(cell) ?? '').replace(/^(-?)0\./, '$1.')); // 0.34 is .34
    return { text: text.join(',') };
  }
  const values = [...new Set(cells)];
  const indices = new Map(values.map((value, index) => [value, index]));
  const runs: number[] = [];
  let before = 0;
  for (const cell of cells) {
    const index = indices.get(cell)!;
    const ahead = (index - before + values.length) % values.length;
    if (runs.at(-2) === ahead) runs[runs.length - 1]!++;
    else runs.push(ahead, 1);
    before = index;
  }
  return { values, runs };
}

function decodeColumn(column: EncodedColumn, count: number): Cell[] {
  if ('text' in column) {
    return count === 0 ? [] : column.text.split(',').map((cell) => (cell === '' ? null : Number(cell)));
  }
  const { values, runs } = column;
  const cells: Cell[] = [];
  let index = 0;
  for (let pair = 0; pair < runs.length; pair += 2) {
    for (let left = runs[pair + 1]!; left > 0; left--) {
      index = (index + runs[pair]!) % values.length;
      cells.push(values[index]!);
    }
  }
  return cells;
}

export function decodeRows({ count, columns }: EncodedRows): Measurement[] {
  const rows = Array.from({ length: count }, () => ({}) as Record<Column, Cell>);
  for (const column of COLUMNS) {
    decodeColumn(columns[column], count).forEach((cell, at) => {
      rows[at]![column] = cell;
    });
  }
  return rows as unknown as Measurement[];
}
