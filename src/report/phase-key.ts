/** @file The shaded phases in a figure's key, in words and numbers: shades alone say little. Chapter 11. */
import { findPhases } from '../results/phases.ts';
import type { Results } from '../results/results.ts';
import type { KeyEntry } from './figure.ts';
import { decimal } from './format.ts';
import { PAGE_THEME } from './theme.ts';

/** One entry a phase: its name and its steps. */
export function phaseKey(results: Results): KeyEntry[] {
  return findPhases(results).map(({ name, from, to }) => ({
    label: `${name}, steps ${decimal(from)} to ${decimal(to)}`,
    color: PAGE_THEME.phases[name],
    symbol: 'shade',
  }));
}
