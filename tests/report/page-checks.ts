/** @file What a page must not have: requests, drawings that say nothing to those who do not see them, numbers from nowhere. */

import { parseHTML } from 'linkedom';

/** Everything in `markup` that would make a browser load or run something. */
export function externalLoads(markup: string): string[] {
  const { document } = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
  const elements = [
    ...document.querySelectorAll('script,link,img,iframe,object,embed,video,audio,source,image,use,[src]'),
  ];
  const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
    [...element.attributes].filter(
      ({ name, value }) => name.startsWith('on') || (name !== 'aria-label' && /url\(/.test(value)),
    ),
  );
  const styles = [...document.querySelectorAll('style')].map((style) => style.textContent ?? '');
  return [
    ...elements.map((element) => element.outerHTML),
    ...attributes.map(({ name, value }) => `${name}=${value}`),
    ...styles.flatMap((style) => style.match(/@import|url\(/g) ?? []),
  ];
}

/** Figures without caption, and drawings that are neither labelled nor hidden. */
export function unlabelledFigures(markup: string): string[] {
  const { document } = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
  const uncaptioned = [...document.querySelectorAll('figure')].filter(
    (figure) => !(figure.querySelector('figcaption')?.textContent ?? '').includes('How to read this'),
  );
  const silent = [...document.querySelectorAll('svg')].filter((svg) => {
    if (svg.getAttribute('aria-hidden') === 'true') return false;
    return svg.getAttribute('role') !== 'img' || (svg.getAttribute('aria-label') ?? '').length < 20;
  });
  return [...uncaptioned, ...silent].map((element) => element.outerHTML.slice(0, 120));
}

/** The kind of every figure and table that is not followed by its data and its command. */
export function unsourced(markup: string): string[] {
  const { document } = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
  return [...document.querySelectorAll('figure, .scroll')].flatMap((element) => {
    const line = element.matches('figure') ? element.querySelector('figcaption .source') : element.nextElementSibling;
    const link = line?.querySelector('a')?.getAttribute('href');
    const told =
      line?.matches('.source') &&
      ['../results.json', '../journal.jsonl'].includes(link ?? '') &&
      /recompute: karelscope/.test(line.textContent!);
    return told ? [] : [element.matches('figure') ? 'figure' : 'table'];
  });
}
