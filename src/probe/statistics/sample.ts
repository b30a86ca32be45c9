/** @file What every statistic asks of its sample, and the mean. Chapter 13. */
import { ProbeError } from '../errors.ts';

/** Throws `ProbeError` unless there are at least so many values and all are finite; names the first that is not. */
export function checkSample(name: string, values: readonly number[], atLeast = 1): void {
  if (values.length < atLeast) throw new ProbeError(`${name}: ${values.length} values, at least ${atLeast} needed`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new ProbeError(`${name}: value ${bad} is ${values[bad]}`);
}

/** Throws `ProbeError` unless both have the same number of values. */
export function checkPaired(name: string, first: readonly number[], second: readonly number[]): void {
  if (first.length !== second.length) throw new ProbeError(`${name}: ${first.length} values beside ${second.length}`);
}

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
