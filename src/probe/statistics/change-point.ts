/** @file Where a curve goes from a lower level to a higher one. Chapter 11. */
import { square } from '../../tensor/functions/power.ts';
import { checkSample, mean } from './sample.ts';

export interface ChangePoint {
  /** The first value of the upper level, from 1 up. */
  readonly index: number;
  /** The means of the values before `index`, and of those from there on. */
  readonly before: number;
  readonly after: number;
  /** The share of the variance that the two levels explain, in 0..1. A straight ramp has 3/4 or more: it need not be a jump. */
  readonly explained: number;
}

/** A later split must leave less by this share of all squares: what differs by rounding is a tie. */
const TIE = 1e-12;

/**
 * The split into two levels that leaves the least squares, as the first cut of binary segmentation for a change in mean
 * (Scott & Knott 1974); of equally good ones the earliest. Null for fewer than three values, where none explains
 * anything (equal values), and where the best goes down.
 *
 * Throws `ProbeError` for a value that is not finite.
 */
export function changePoint(values: readonly number[]): ChangePoint | null {
  checkSample('change point', values, 0);
  const n = values.length;
  if (n < 3 || values.every((value) => value === values[0])) return null;
  // #region cut
  const center = mean(values);
  const all = values.reduce((sum, value) => sum + square(value - center), 0);
  let [index, most, excess] = [0, 0, 0];
  for (let k = 1; k < n; k++) {
    excess += values[k - 1]! - center; // of the first k values over the mean of all
    const between = (excess * excess * n) / (k * (n - k)); // all squares - those within the two parts
    if (between > most + TIE * all) [index, most] = [k, between];
  }
  // #endregion
  if (index === 0) return null;
  const [before, after] = [mean(values.slice(0, index)), mean(values.slice(index))];
  return after > before ? { index, before, after, explained: Math.min(1, most / all) } : null; // rounding may exceed 1
}
