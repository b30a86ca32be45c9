/** @file A figure with its title, its unit, how to read it, and where its numbers come from. Chapter 11. */

import { type Html, html, raw } from './html.ts';
import { type Source, sourceLine } from './source.ts';

export interface Figure {
  title: string;
  /** What the vertical axis (or the row) measures. */
  unit: string;
  svg: string;
  /** How to read this. */
  how: string;
  source: Source;
}

export function figure({ title, unit, svg, how, source }: Figure): Html {
  return html`<figure><h3>${title}</h3><p class="unit">${unit}</p>${raw(svg)}<figcaption>${how}${sourceLine(source)}</figcaption></figure>
`;
}

/** Figures side by side where there is room, with one key for all. */
export function figures(items: readonly Figure[], entries: readonly KeyEntry[] = []): Html {
  return html`${entries.length > 0 ? key(entries) : undefined}<div class="figures">${items.map(figure)}</div>`;
}

export interface PanelFigure extends Omit<Figure, 'svg'> {
  key: readonly KeyEntry[];
  panels: readonly { title: string; svg: string }[];
  /** Two panels side by side where there is room, in the place of three. */
  wide?: boolean;
}

/** One figure of several small charts on the same axes, with one key and one sentence on how to read them. */
export function panelFigure({ title, unit, how, key: entries, panels, source, wide }: PanelFigure): Html {
  const panel = (one: { title: string; svg: string }) => html`<div><h4>${one.title}</h4>${raw(one.svg)}</div>`;
  return html`<figure class="panels"><h3>${title}</h3><p class="unit">${unit}</p>${entries.length > 0 ? key(entries) : undefined}
<div class="figures${wide ? '' : ' three'}">${panels.map(panel)}</div><figcaption>${how}${sourceLine(source)}</figcaption></figure>
`;
}

export interface KeyEntry {
  label: string;
  color: string;
  dash?: string;
  /** Drawn on the middle of the line; a shape as SVG path around (17, 7). */
  symbol?:
    | 'circle'
    | 'hollow'
    | 'square'
    | 'diamond'
    | 'triangle'
    | 'cross'
    | 'bar'
    | 'filledBox'
    | 'hollowBox'
    | 'whisker'
    | 'band'
    | 'shade';
}

const SHAPES = {
  circle: '<circle cx="17" cy="7" r="4" fill="currentColor"/>',
  hollow: '<circle cx="17" cy="7" r="3.5" fill="var(--paper)" stroke="currentColor" stroke-width="1.5"/>',
  square: '<rect x="13.5" y="3.5" width="7" height="7" fill="currentColor"/>',
  diamond: '<path d="M17,1.5L21,7L17,12.5L13,7Z" fill="currentColor"/>',
  triangle: '<path d="M17,2.5L21.5,11H12.5Z" fill="currentColor"/>',
  cross: '<path d="M13,3L21,11M21,3L13,11" stroke="currentColor" stroke-width="2"/>',
  filledBox: '<rect x="3" y="3" width="28" height="8" fill="currentColor"/>',
  hollowBox: '<rect x="3" y="3" width="28" height="8" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  whisker: '<path d="M7,7H27M7,3V11M27,3V11" stroke="currentColor" stroke-width="1.5"/>',
  band: '<rect x="1" y="1" width="32" height="12" fill="currentColor" opacity=".3"/>',
  shade: '<rect x="1" y="1" width="32" height="12" fill="currentColor" stroke="var(--muted)" stroke-dasharray="2 3"/>',
  bar: '<path d="M17,1V13" stroke="currentColor" stroke-width="2.5"/>',
} as const;

/** What the lines and symbols of the figures below it stand for. */
export function key(entries: readonly KeyEntry[]): Html {
  return html`<ul class="key">${entries.map(({ label, color, dash, symbol }) => {
    const line =
      dash === undefined
        ? ''
        : `<path d="M1,7H33" stroke="currentColor" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
    const svg = `<svg viewBox="0 0 34 14" aria-hidden="true" style="color:${color}">${line}${symbol ? SHAPES[symbol] : ''}</svg>`;
    return html`<li>${raw(svg)}${label}</li>`;
  })}</ul>`;
}
