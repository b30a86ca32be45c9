/** @file Columns of text. Appendix E. */

/** Rows in columns as wide as their longest cell; those of these numbers end flush. */
export function tableOf(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const columns = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const pad = (cell: string, at: number): string =>
    right.includes(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
