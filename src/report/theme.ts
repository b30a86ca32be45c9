/** @file The colours of the figures: the page's follow the reader's light or dark setting, a picture's are fixed. Chapter 11. */

import type { PhaseName } from '../results/phases.ts';

/** Colours as CSS values. No figure relies on them alone: lines also differ in dashes, symbols and labels. */
export interface Theme {
  ink: string;
  muted: string;
  grid: string;
  paper: string;
  blue: string;
  orange: string;
  teal: string;
  purple: string;
  phases: Record<PhaseName, string>;
}

/** For figures inside the page: `style.ts` gives the values. */
export const PAGE_THEME: Theme = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  paper: 'var(--paper)',
  blue: 'var(--blue)',
  orange: 'var(--orange)',
  teal: 'var(--teal)',
  purple: 'var(--purple)',
  phases: { babbling: 'var(--phase-1)', syntax: 'var(--phase-2)', meaning: 'var(--phase-3)' },
};

/** Light, on its own background: for pictures that are shown elsewhere. */
export const LIGHT_THEME: Theme = {
  ink: '#1d2126',
  muted: '#5b636d',
  grid: '#d9dbd6',
  paper: '#fcfcfa',
  blue: '#1b5fb4',
  orange: '#b3500b',
  teal: '#0a766a',
  purple: '#7a3fa0',
  phases: { babbling: '#f0f0ec', syntax: '#f9efd9', meaning: '#e0f0e6' },
};

/** Dark counterpart of `LIGHT_THEME`. */
export const DARK_THEME: Theme = {
  ink: '#e6e7e3',
  muted: '#a2a9b0',
  grid: '#3a4047',
  paper: '#15181c',
  blue: '#79b1f2',
  orange: '#f0a05c',
  teal: '#57c7b5',
  purple: '#c99bea',
  phases: { babbling: '#1e2227', syntax: '#2e2819', meaning: '#182c24' },
};
