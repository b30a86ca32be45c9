/** @file Rows as files. Appendix C. */
import { ROW_COLUMNS, type Row } from '../row.ts';

/** RFC 4180: quotes around what has a comma, a quote or a line end. */
export function csvOf(rows: readonly Row[]): string {
  const cell = (value: string | number | null): string => {
    const text = value === null ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[ROW_COLUMNS, ...rows.map((row) => ROW_COLUMNS.map((column) => row[column]))].map((line) => line.map(cell).join(',')).join('\n')}\n`;
}

export const jsonOf = (rows: readonly Row[]): string => `${JSON.stringify(rows, null, 1)}\n`;

export function download(name: string, content: string | Uint8Array): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content as BlobPart]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
