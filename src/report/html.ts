/** @file Markup that escapes what it is given: the `html` template. Chapter 11. */

/** Text that is markup already and is not escaped again. Made by `html` and `raw` only. */
export interface Html {
  readonly markup: string;
}

export type HtmlValue = string | number | Html | readonly HtmlValue[] | undefined;

/** `text` with the five characters that mean something in HTML and in attributes replaced. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Declares `markup` to be markup: for what another part of the report has drawn, never for data. */
export function raw(markup: string): Html {
  return { markup };
}

function render(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(render).join('');
}

/** Template tag: strings and numbers are escaped, `Html` is taken as it is, arrays are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let markup = strings[0]!;
  values.forEach((value, index) => {
    markup += render(value) + strings[index + 1]!;
  });
  return { markup };
}
