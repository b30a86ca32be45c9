/** @file One figure to SVG text: Observable Plot on a DOM that is not a browser's. Chapter 11. */

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Sizes are in the SVG's own units; text is this high. A figure 460 wide is legible on a screen of 400 px. */
export const FONT_SIZE = 13;
/** Width of one character of a label, about. */
export const CHARACTER_WIDTH = 6.7;

/**
 * The SVG element that `Plot.plot(options)` makes, as text: with `alt` as its text alternative, without Plot's own style
 * element (the page has one for all figures) and without a fixed size, so that it fills the width it is given.
 */
export function draw(options: Plot.PlotOptions, alt: string): string {
  const svg = Plot.plot({ ...options, document, className: 'plot' });
  svg.querySelector('style')?.remove();
  for (const name of ['width', 'height', 'style']) svg.removeAttribute(name);
  svg.setAttribute('font-size', String(FONT_SIZE));
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', alt);
  return svg.outerHTML;
}
