/** @file The state that a tracker's hidden state holds, read out by known weights: a probe that nobody had to train. Appendix J. */
import type { AbstractState, Facing } from '../../karel/index.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Tracker } from './tracker.ts';

/** The state of one example's robot, and how far it has come from its start, in columns to the right and rows down. */
export interface ReadState extends AbstractState {
  readonly dx: number;
  readonly dy: number;
}

/**
 * What a last hidden state [width] of a token of the program says of this example's robot, after the actions up to that token: for
 * each variable the value of the largest channel, or the nearest whole number.
 */
export function readState({ channels }: Tracker, example: number, hidden: FloatArray): ReadState {
  const { facing, column, row, displacement, clear } = channels.robots[example]!;
  const largest = (values: readonly number[]): number =>
    values.reduce((best, channel, at) => (hidden[channel]! > hidden[values[best]!]! ? at : best), 0);
  const [dx, dy] = displacement.map((channel) => Math.round(hidden[channel]!) + 0) as [number, number]; // never -0
  return {
    x: largest(column),
    y: largest(row),
    facing: largest(facing) as Facing,
    frontIsWall: hidden[clear]! < 0.5,
    dx,
    dy,
  };
}
