/** @file From rows to what a chart draws: selected, and several seeds put together. Appendix C. */
import { meanInterval } from '../../src/probe/statistics/index.ts';
import type { Row } from '../row.ts';
import type { Chart, Dimension, Where } from './figures.ts';

export function selected(rows: readonly Row[], where: Where, lastStep: number): Row[] {
  const asked = (Object.entries(where) as [Dimension, unknown][]).map(
    ([column, choice]) => [column, new Set(Array.isArray(choice) ? choice : [choice])] as const,
  );
  return rows.filter((row) =>
    asked.every(
      ([column, choices]) =>
        choices.has(row[column]) || (column === 'step' && choices.has('last') && row.step === lastStep),
    ),
  );
}

/** A thing to draw: of one seed with its interval over programs, or the mean of several with Student's over seeds. */
export interface Point {
  readonly run: string;
  readonly x: string | number;
  readonly y: string | number;
  readonly colour: string;
  readonly panel: string;
  readonly measure: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
  readonly seeds: readonly { readonly seed: string; readonly value: number }[];
}

const text = (value: string | number | null): string => (value === null ? '' : String(value));
const panelOf = (row: Row, panel: Chart['panel']): string =>
  [panel ?? []]
    .flat()
    .map((column) => text(row[column]))
    .filter((one) => one !== '')
    .join(', ');

/** Rows that differ in nothing that the chart shows are put together. */
export function pointsOf(rows: readonly Row[], { x, y, colour, panel }: Chart): Point[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = [row.run, row[x], y && row[y], colour && row[colour], panelOf(row, panel), row.measure].join('|');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group): Point => {
    const [first] = group as [Row];
    const seeds = group.map(({ seed, value }) => ({ seed, value }));
    const known = group.length === 1 ? null : meanInterval(group.map(({ value }) => value));
    return {
      run: first.run,
      x: first[x] ?? '',
      y: (y && first[y]) ?? '',
      colour: colour ? text(first[colour]) : '',
      panel: panelOf(first, panel),
      measure: first.measure,
      value: known ? known.mean : first.value,
      low: known ? (known.interval?.low ?? null) : first.low,
      high: known ? (known.interval?.high ?? null) : first.high,
      n: group.length === 1 ? first.n : group.length,
      seeds: group.length === 1 ? [] : seeds,
    };
  });
}
