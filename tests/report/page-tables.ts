/** Tables of a page, as text. */
import { parseHTML } from 'linkedom';

/** Text with ordinary spaces. */
export const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

/** The rows of the table whose caption starts so, cells as text with ordinary spaces. */
export function rowsOf(markup: string, caption: string): string[][] {
  const { document } = parseHTML(`<html><body>${markup}</body></html>`);
  const found = [...document.querySelectorAll('table')].find((one) =>
    one.querySelector('caption')!.textContent!.startsWith(caption),
  )!;
  return [...found.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => plain(cell.textContent!).trim()),
  );
}
