/** @file Tables of text that fit a terminal. */

/** Columns as wide as their longest cell, two spaces apart; the first is set to the left, all others to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** Three significant digits, thousands separated: `41,200`, `7.31`, `0.0123`. */
export function number(value: number): string {
  const rounded = value.toPrecision(3);
  return Math.abs(value) < 999.5 ? String(rounded) : Number(rounded).toLocaleString('en-US');
}

/** `45.2 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
