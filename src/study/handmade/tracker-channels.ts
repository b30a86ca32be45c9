/** @file Where the tracker's residual stream holds what: one channel for each value of each variable. Appendix J. */
import type { SampleShape } from '../../karel/index.ts';
import type { PlaceChannels, TokenChannels } from './place.ts';
import type { Channels } from './weights.ts';

/** Of one example; one-hot unless it says otherwise. */
export interface RobotChannels {
  /** The state after the actions read so far: what the model is made to carry. Columns from the left, rows from the top. */
  readonly facing: readonly number[];
  readonly column: readonly number[];
  readonly row: readonly number[];
  /** Two numbers: columns to the right and rows down from the start. */
  readonly moved: readonly number[];
  /** How the robot stands and faces in the output grid. */
  readonly goalFacing: readonly number[];
  readonly goalColumn: readonly number[];
  readonly goalRow: readonly number[];
  /** At each cell with a wall 1 / walls. */
  readonly walls: readonly number[];
  /** `moved` again, in the same block for every token. */
  readonly displacement: readonly number[];
  /** From the robot to its goal: from the most to the left, or up, to the most to the right, or down. */
  readonly goalX: readonly number[];
  readonly goalY: readonly number[];
  /** 1 where no obstacle is ahead. */
  readonly clear: number;
  /** 1 where a move, if nothing is in its way, is on a shortest way; -1 where it leads back. */
  readonly gain: number;
}

export interface TrackerChannels {
  readonly tokens: TokenChannels;
  readonly places: PlaceChannels;
  /** [examples] */
  readonly robots: readonly RobotChannels[];
  /** Actions more than on a shortest way, less one, summed over the examples; of `end` all that are left. */
  readonly costs: {
    readonly move: number;
    readonly turnLeft: number;
    readonly turnRight: number;
    readonly end: number;
  };
}

export function takeRobots(channels: Channels, { width, height, examples }: SampleShape): RobotChannels[] {
  return Array.from({ length: examples }, () => ({
    facing: channels.take(4),
    column: channels.take(width),
    row: channels.take(height),
    moved: channels.take(2),
    goalFacing: channels.take(4),
    goalColumn: channels.take(width),
    goalRow: channels.take(height),
    walls: channels.take(width * height),
    displacement: channels.take(2),
    goalX: channels.take(2 * width - 1),
    goalY: channels.take(2 * height - 1),
    clear: channels.take(1)[0]!,
    gain: channels.take(1)[0]!,
  }));
}

export function takeCosts(channels: Channels): TrackerChannels['costs'] {
  const [move, turnLeft, turnRight, end] = channels.take(4) as [number, number, number, number];
  return { move, turnLeft, turnRight, end };
}
